/** Value bytes from texts, UIDs and numbers, padded to an even length (PS3.5 6.2). */
import { type CharacterSet, characterSetOf } from './character-set/character-set.ts';
import { paddingByte, type VR, wordSize } from './vr.ts';

/** The value bytes of a text, padded; throws when the character set (default: ASCII) cannot represent it. */
export function encodeText(
  text: string,
  vr: VR,
  characterSet: CharacterSet = characterSetOf([]),
): Uint8Array {
  const bytes = characterSet.encode(text, vr);
  if (bytes === undefined) throw new Error(`a ${vr} text has characters that its character set has not`);
  return padded(bytes, vr);
}

/** The value bytes of a UID, padded with NUL. */
export function encodeUid(uid: string): Uint8Array {
  return encodeText(uid, 'UI');
}

/** The value bytes of numbers, little endian; DS and IS as text; AT as tags. */
export function encodeNumbers(numbers: readonly number[], vr: VR): Uint8Array {
  if (vr === 'DS' || vr === 'IS') return encodeText(numbers.join('\\'), vr);
  const put = PUT[vr];
  if (put === undefined) throw new Error(`${vr} has no numbers`);
  const size = vr === 'AT' ? 4 : wordSize(vr);
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, number] of numbers.entries()) put(view, index * size, number);
  return padded(bytes, vr);
}

function padded(bytes: Uint8Array, vr: VR): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = paddingByte(vr);
  return even;
}

type Put = (view: DataView, at: number, number: number) => void;

const putUint8: Put = (view, at, number) => view.setUint8(at, number);
const putUint16: Put = (view, at, number) => view.setUint16(at, number, true);
const putUint32: Put = (view, at, number) => view.setUint32(at, number, true);
const putFloat32: Put = (view, at, number) => view.setFloat32(at, number, true);
const putFloat64: Put = (view, at, number) => view.setFloat64(at, number, true);
const putUint64: Put = (view, at, number) => view.setBigUint64(at, BigInt(number), true);

const PUT: Partial<Record<VR, Put>> = {
  OB: putUint8,
  UN: putUint8,
  US: putUint16,
  OW: putUint16,
  SS: (view, at, number) => view.setInt16(at, number, true),
  UL: putUint32,
  OL: putUint32,
  SL: (view, at, number) => view.setInt32(at, number, true),
  FL: putFloat32,
  OF: putFloat32,
  FD: putFloat64,
  OD: putFloat64,
  SV: (view, at, number) => view.setBigInt64(at, BigInt(number), true),
  UV: putUint64,
  OV: putUint64,
  AT: (view, at, number) => {
    view.setUint16(at, number >>> 16, true);
    view.setUint16(at + 2, number & 0xffff, true);
  },
};
