/** RLE Lossless (PS3.5 annex G), written: a segment for each byte plane, each row coded by itself. */
import { UndisplayableError } from '../undisplayable.ts';
import type { FrameEncoder } from './frame-encoder.ts';
import { encodeNative } from './native.ts';

const HEADER_BYTES = 64;
const MAXIMUM_SEGMENTS = 15;
const LONGEST_RUN = 128;

export const encodeRle: FrameEncoder = (samples, { image }) => {
  const bytes = encodeNative(samples, { ...image, planar: false });
  const width = Math.ceil(image.bitsAllocated / 8);
  const stride = image.samplesPerPixel * width;
  if (stride > MAXIMUM_SEGMENTS)
    throw new UndisplayableError('unsupported-pixel-format', `RLE with ${stride} byte planes`);
  // Bits are packed across rows, so that there is but one.
  const row = image.bitsAllocated === 1 ? bytes.length : image.columns;
  const segments = Array.from({ length: stride }, (_, index) => {
    const first = Math.floor(index / width) * width + width - 1 - (index % width);
    return packedPlane(bytes, first, stride, row);
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(stride, 0);
  let at = HEADER_BYTES;
  segments.forEach((segment, index) => {
    header.writeUInt32LE(at, 4 + 4 * index);
    at += segment.length;
  });
  return Buffer.concat([header, ...segments]);
};

/** Every `stride`th byte from `first` on, as runs (PS3.5 G.3.1), even in number. */
function packedPlane(bytes: Uint8Array, first: number, stride: number, row: number): Uint8Array {
  const plane = new Uint8Array(bytes.length / stride);
  for (let from = first, to = 0; from < bytes.length; from += stride) plane[to++] = bytes[from] as number;
  const rows = Math.ceil(plane.length / row);
  const out = new Uint8Array(plane.length + rows * (Math.ceil(row / LONGEST_RUN) + 1) + 1);
  let to = 0;
  for (let start = 0; start < plane.length; start += row) {
    to = packRow(plane.subarray(start, start + row), out, to);
  }
  return out.subarray(0, to + (to % 2));
}

/** Replicate runs of three bytes or more, literal runs of what lies between; returns where it stopped. */
function packRow(row: Uint8Array, out: Uint8Array, to: number): number {
  let literal = 0;
  let at = 0;
  const flush = (end: number): void => {
    while (literal < end) {
      const length = Math.min(LONGEST_RUN, end - literal);
      out[to++] = length - 1;
      out.set(row.subarray(literal, literal + length), to);
      to += length;
      literal += length;
    }
  };
  while (at < row.length) {
    let run = 1;
    while (run < LONGEST_RUN && row[at + run] === row[at]) run++;
    if (run < 3) {
      at += run;
      continue;
    }
    flush(at);
    out[to++] = 257 - run;
    out[to++] = row[at] as number;
    at += run;
    literal = at;
  }
  flush(row.length);
  return to;
}
