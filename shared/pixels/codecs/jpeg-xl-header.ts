/**
 * The header of a JPEG XL codestream (ISO/IEC 18181-1 D), read before a decoder allocates for it: bare, or within the boxes of
 * its file format (18181-2). It refuses what DICOM has no place for: samples in floating point, extra channels.
 */
import { UndisplayableError } from '../undisplayable.ts';

export interface JpegXlHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** Whether colours are stored as XYB, which only lossy frames are. */
  readonly xyb: boolean;
}

export function readJpegXlHeader(bytes: Uint8Array): JpegXlHeader {
  const bits = new BitReader(codestream(bytes));
  if (bits.take(16) !== 0x0aff) throw new UndisplayableError('undecodable', 'no JPEG XL signature');
  const size = readSize(bits);
  // All default: 8 bits, XYB.
  if (bits.take(1) === 1) return { ...size, bits: 8, xyb: true };
  if (bits.take(1) === 1) skipExtraFields(bits);
  if (bits.take(1) === 1)
    throw new UndisplayableError('unsupported-pixel-format', 'JPEG XL in floating point');
  const depth = bits.choose([8, 10, 12], { bits: 6, plus: 1 });
  bits.take(1);
  if (bits.take(2) !== 0)
    throw new UndisplayableError('unsupported-pixel-format', 'JPEG XL with extra channels');
  return { ...size, bits: depth, xyb: bits.take(1) === 1 };
}

/** Width as a ratio of the height, by its number (D.2.1). */
const RATIOS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
];

function readSize(bits: BitReader): { width: number; height: number } {
  const inEights = bits.take(1) === 1;
  const length = () =>
    inEights ? (bits.take(5) + 1) * 8 : 1 + bits.take([9, 13, 18, 30][bits.take(2)] as number);
  const height = length();
  const ratio = RATIOS[bits.take(3) - 1];
  return { height, width: ratio === undefined ? length() : Math.floor((height * ratio[0]) / ratio[1]) };
}

/** Orientation is of a file's picture, not of DICOM's: other than as stored it is refused, as are previews and animations. */
function skipExtraFields(bits: BitReader): void {
  if (bits.take(3) !== 0) throw new UndisplayableError('unsupported-pixel-format', 'JPEG XL that is turned');
  if (bits.take(1) === 1) readSize(bits);
  if (bits.take(2) !== 0)
    throw new UndisplayableError('unsupported-pixel-format', 'JPEG XL with a preview or an animation');
}

/** The beginning of the codestream: the first box that holds some of it, if there are boxes. */
function codestream(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || view.getUint32(4) !== box('JXL ')) return bytes;
  let at = 0;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (type === box('jxlc')) return bytes.subarray(at + 8);
    if (type === box('jxlp')) return bytes.subarray(at + 12);
    if (length < 8) break;
    at += length;
  }
  throw new UndisplayableError('undecodable', 'no JPEG XL codestream in its boxes');
}

const box = (name: string): number => Buffer.from(name, 'latin1').readUInt32BE();

/** Bits from the least significant of each byte on (18181-1 B.2). */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new UndisplayableError('undecodable', 'a JPEG XL header that is cut off');
      value += ((byte >> (this.#at & 7)) & 1) * 2 ** index;
    }
    return value;
  }

  /** One of three constants, or a number in so many bits. */
  choose(constants: readonly [number, number, number], other: { bits: number; plus: number }): number {
    return constants[this.take(2)] ?? other.plus + this.take(other.bits);
  }
}
