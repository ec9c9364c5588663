/**
 * Native pixel data (PS3.5 8): samples of 1 to 16 bits, 32 bits, float and double, in either byte order, interleaved or by
 * plane. The bytes were measured before they came here, so nothing here can run past them.
 */
import { endianness } from 'node:os';
import { type ImagePixel, isSubsampled } from '../image-pixel.ts';
import type { CellSamples, Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { type FrameDecoder, storedColour } from './frame-decoder.ts';

/** A native frame in a fragment of its own (PS3.5 A.4.11), whose bytes nobody has measured yet. */
export const decodeEncapsulatedNative: FrameDecoder = (frame, context) => {
  expectNativeBytes(frame.bytes, context.image);
  return decodeNative(frame, context);
};

/** Refuses fewer bytes than the frame takes. */
export function expectNativeBytes({ length }: Uint8Array, image: ImagePixel): void {
  const needed = nativeFrameBytes(image);
  if (length >= needed) return;
  throw new UndisplayableError('pixel-data-mismatch', `a frame of ${length} bytes, expected ${needed}`);
}

/** Bytes of a native frame by itself; of 4:2:2 two samples a pixel (PS3.3 C.7.6.3.1.2). */
export function nativeFrameBytes(image: ImagePixel): number {
  const samples = isSubsampled(image) ? 2 : image.samplesPerPixel;
  return Math.ceil((image.rows * image.columns * samples * image.bitsAllocated) / 8);
}

export const decodeNative: FrameDecoder = ({ bytes, bitOffset }, { image, encoding, vr }) => {
  const { rows, columns, samplesPerPixel, bitsAllocated } = image;
  const ordered = inHostOrder(
    bytes,
    encoding.bigEndian,
    vr === 'OW' && bitsAllocated < 16 ? 16 : bitsAllocated,
  );
  const colour = storedColour(image.photometric);
  const shape = {
    width: columns,
    height: rows,
    channels: samplesPerPixel,
    colour,
    bitsStored: image.bitsStored,
  };
  const count = rows * columns * samplesPerPixel;
  if (bitsAllocated > 16) {
    const data = numbers(ordered, count, image.number, image.signed);
    return { kind: 'numbers', ...shape, data: image.planar ? interleave(data) : data } as Samples;
  }
  const sample = { shift: image.highBit + 1 - image.bitsStored, signed: image.signed };
  if (samplesPerPixel === 3 && bitsAllocated === 8 && bytes.length < count) {
    return { kind: 'cells', ...shape, ...sample, data: expandSubsampled(ordered, rows * columns) };
  }
  const data = cells(ordered, bitOffset, count, bitsAllocated);
  return { kind: 'cells', ...shape, ...sample, data: image.planar ? interleave(data) : data } as CellSamples;
};

/** The bytes of decoded samples in little endian, by plane where Planar Configuration says so; not packed, not subsampled. */
export function encodeNative(samples: Samples, image: ImagePixel): Uint8Array {
  const { bitsAllocated, planar } = image;
  if (![1, 8, 16, 32, 64].includes(bitsAllocated) || isSubsampled(image))
    throw new UndisplayableError('unsupported-pixel-format', `${image.photometric} of ${bitsAllocated} bits`);
  const { data } = samples;
  if (bitsAllocated === 1) return packBits(data);
  const ordered = planar && samples.channels === 3 ? byPlane(data) : data;
  const bytes = new Uint8Array(ordered.buffer, ordered.byteOffset, ordered.byteLength);
  return inHostOrder(bytes, false, bitsAllocated);
}

function packBits(cells: ArrayLike<number>): Uint8Array {
  const packed = new Uint8Array(Math.ceil(cells.length / 8));
  for (let at = 0; at < cells.length; at++)
    if (cells[at] !== 0) packed[at >> 3] = (packed[at >> 3] as number) | (1 << (at & 7));
  return packed;
}

/** The bytes with each unit of 16, 32 or 64 bits in the order of this machine. */
function inHostOrder(bytes: Uint8Array, bigEndian: boolean, unitBits: number): Uint8Array {
  const unit = unitBits / 8;
  if (unit < 2 || !Number.isInteger(unit) || bigEndian === (endianness() === 'BE')) return bytes;
  const copy = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % unit)));
  if (unit === 2) return copy.swap16();
  return unit === 4 ? copy.swap32() : copy.swap64();
}

function cells(
  bytes: Uint8Array,
  bitOffset: number,
  count: number,
  bitsAllocated: number,
): Uint8Array | Uint16Array {
  if (bitsAllocated === 8) return bytes.subarray(bitOffset / 8, bitOffset / 8 + count);
  if (bitsAllocated === 16) {
    const { buffer, byteOffset } = aligned(bytes, 2);
    return new Uint16Array(buffer, byteOffset, count);
  }
  return unpack(bytes, bitOffset, count, bitsAllocated);
}

function numbers(bytes: Uint8Array, count: number, number: string, signed: boolean) {
  const { buffer, byteOffset } = aligned(bytes, number === 'double' ? 8 : 4);
  if (number === 'double') return new Float64Array(buffer, byteOffset, count);
  if (number === 'float') return new Float32Array(buffer, byteOffset, count);
  return signed ? new Int32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count);
}

/** The same bytes where a typed array can view them. */
function aligned(bytes: Uint8Array, unit: number): Uint8Array {
  return bytes.byteOffset % unit === 0 ? bytes : new Uint8Array(bytes);
}

/** Samples packed without gaps, the least significant bit first (PS3.5 8.1.1, annex D.1). */
function unpack(bytes: Uint8Array, bitOffset: number, count: number, bits: number): Uint8Array | Uint16Array {
  const out = bits <= 8 ? new Uint8Array(count) : new Uint16Array(count);
  if (bits === 1) {
    for (let index = 0, bit = bitOffset; index < count; index++, bit++) {
      out[index] = ((bytes[bit >> 3] as number) >> (bit & 7)) & 1;
    }
    return out;
  }
  const mask = 2 ** bits - 1;
  for (let index = 0, bit = bitOffset; index < count; index++, bit += bits) {
    const at = Math.floor(bit / 8);
    const window = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    out[index] = (window >> (bit % 8)) & mask;
  }
  return out;
}

/** Y1 Y2 Cb Cr for each pair of pixels, to Y Cb Cr for each pixel (PS3.3 C.7.6.3.1.2, YBR_FULL_422). */
function expandSubsampled(bytes: Uint8Array, pixels: number): Uint8Array {
  if (pixels % 2 !== 0)
    throw new UndisplayableError('unsupported-pixel-format', `4:2:2 with ${pixels} pixels`);
  const out = new Uint8Array(pixels * 3);
  for (let from = 0, to = 0; to < out.length; from += 4, to += 6) {
    out[to] = bytes[from] as number;
    out[to + 3] = bytes[from + 1] as number;
    out[to + 1] = out[to + 4] = bytes[from + 2] as number;
    out[to + 2] = out[to + 5] = bytes[from + 3] as number;
  }
  return out;
}

type Samplable = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Three planes to triplets (Planar Configuration 1, PS3.3 C.7.6.3.1.3). */
export function interleave<Data extends Samplable>(planes: Data): Data {
  const size = planes.length / 3;
  const out = emptyLike(planes);
  for (let index = 0, to = 0; index < size; index++, to += 3) {
    out[to] = planes[index] as number;
    out[to + 1] = planes[index + size] as number;
    out[to + 2] = planes[index + 2 * size] as number;
  }
  return out;
}

/** Triplets to three planes. */
function byPlane<Data extends Samplable>(triplets: Data): Data {
  const size = triplets.length / 3;
  const out = emptyLike(triplets);
  for (let index = 0, from = 0; index < size; index++, from += 3) {
    out[index] = triplets[from] as number;
    out[index + size] = triplets[from + 1] as number;
    out[index + 2 * size] = triplets[from + 2] as number;
  }
  return out;
}

/** As long and of the same type. A Buffer is a Uint8Array too, but neither its constructor nor its slice does what theirs do. */
function emptyLike<Data extends Samplable>(data: Data): Data {
  const Type = (data instanceof Uint8Array ? Uint8Array : data.constructor) as new (length: number) => Data;
  return new Type(data.length);
}
