/** Values of elements, decoded when asked for: text by character set, numbers by VR and byte order (PS3.5 6.2). */
import type { CharacterSet } from './character-set/character-set.ts';
import type { DataElement } from './data-set.ts';
import { isMultiValued, isText, wordSize } from './vr.ts';

/** The value as text without trailing padding, not split; empty where the element is a sequence. */
export function elementText(element: DataElement, characterSet: CharacterSet): string {
  if (element.items !== undefined) return '';
  return trimEnd(characterSet.decode(valueBytes(element), element.vr));
}

/** The values as text: split on the backslash where the VR allows several, trimmed; none for an empty value. */
export function elementStrings(element: DataElement, characterSet: CharacterSet): string[] {
  const text = elementText(element, characterSet);
  if (text === '') return [];
  if (isText(element.vr) && !isMultiValued(element.vr)) return [text];
  return text.split('\\').map((value) => trimEnd(value).trimStart());
}

/** The values as numbers: DS and IS by their text, binary VRs by byte order, AT as tags; none if any is unreadable. */
export function elementNumbers(element: DataElement): number[] {
  if (element.items !== undefined || element.valueEnd === element.valueStart) return [];
  if (element.vr === 'DS' || element.vr === 'IS') return decimals(valueBytes(element));
  const size = element.vr === 'AT' ? 4 : wordSize(element.vr);
  if (size === 1) return element.vr === 'OB' ? Array.from(valueBytes(element)) : [];
  const value = valueBytes(element);
  if (value.length % size !== 0) return [];
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  // What is carried as UN is little endian in every transfer syntax (PS3.5 6.2.2).
  const littleEndian = !element.encoding.bigEndian || element.headerVr === 'UN';
  const numbers: number[] = [];
  for (let at = 0; at < value.length; at += size)
    numbers.push(readNumber(view, at, element.vr, littleEndian));
  return numbers;
}

/** The raw bytes of the value; of Pixel Data that was jumped, those that were read. */
export function valueBytes(element: DataElement): Uint8Array {
  return element.bytes.subarray(element.valueStart, element.valueEnd);
}

function readNumber(view: DataView, at: number, vr: DataElement['vr'], littleEndian: boolean): number {
  switch (vr) {
    case 'US':
    case 'OW':
      return view.getUint16(at, littleEndian);
    case 'SS':
      return view.getInt16(at, littleEndian);
    case 'UL':
    case 'OL':
      return view.getUint32(at, littleEndian);
    case 'SL':
      return view.getInt32(at, littleEndian);
    case 'FL':
    case 'OF':
      return view.getFloat32(at, littleEndian);
    case 'FD':
    case 'OD':
      return view.getFloat64(at, littleEndian);
    case 'SV':
      return Number(view.getBigInt64(at, littleEndian));
    case 'UV':
    case 'OV':
      return Number(view.getBigUint64(at, littleEndian));
    default:
      return view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
  }
}

function decimals(value: Uint8Array): number[] {
  const numbers: number[] = [];
  const text = trimEnd(Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1'));
  if (text === '') return [];
  for (const part of text.split('\\')) {
    const number = part.trim() === '' ? Number.NaN : Number(part);
    if (!Number.isFinite(number)) return [];
    numbers.push(number);
  }
  return numbers;
}

/** Without trailing spaces and NULs; a loop, for a regular expression would take the square of a long run's time. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return end === text.length ? text : text.slice(0, end);
}
