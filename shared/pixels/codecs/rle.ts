/**
 * RLE Lossless (PS3.5 annex G): one run-length coded segment for each byte plane, the most significant byte of a sample
 * first. It refuses a header that is not that of the frame and a segment that ends before its plane is full.
 */
import type { CellSamples, Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { type FrameDecoder, storedColour } from './frame-decoder.ts';

const HEADER_BYTES = 64;

export const decodeRle: FrameDecoder = ({ bytes }, { image }) => {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed } = image;
  const width = Math.ceil(bitsAllocated / 8);
  if (bitsAllocated % 8 !== 0 && bitsAllocated !== 1) {
    throw new UndisplayableError(
      'unsupported-pixel-format',
      `RLE with (0028,0100) Bits Allocated ${bitsAllocated}`,
    );
  }
  const segments = segmentRanges(bytes, samplesPerPixel * width);
  const pixels = rows * columns;
  const planeBytes = bitsAllocated === 1 ? Math.ceil(pixels / 8) : pixels;
  const stride = samplesPerPixel * width;
  const out = new Uint8Array(planeBytes * stride);
  segments.forEach(({ start, end }, index) => {
    const sample = Math.floor(index / width);
    const byte = width - 1 - (index % width);
    unpackBits(bytes, start, end, out, sample * width + byte, stride);
  });
  const shape = {
    width: columns,
    height: rows,
    channels: samplesPerPixel,
    colour: storedColour(image.photometric),
    bitsStored,
  };
  if (width > 2) {
    const data = signed ? new Int32Array(out.buffer) : new Uint32Array(out.buffer);
    return { kind: 'numbers', ...shape, data } satisfies Samples;
  }
  const data =
    bitsAllocated === 1 ? bitsToCells(out, pixels) : width === 2 ? new Uint16Array(out.buffer) : out;
  return {
    kind: 'cells',
    ...shape,
    data,
    shift: image.highBit + 1 - bitsStored,
    signed,
  } satisfies CellSamples;
};

interface SegmentRange {
  readonly start: number;
  readonly end: number;
}

/** The RLE header: the number of segments and 15 offsets (PS3.5 G.5). */
function segmentRanges(bytes: Uint8Array, expected: number): SegmentRange[] {
  if (bytes.length < HEADER_BYTES)
    throw new UndisplayableError('undecodable', `an RLE frame of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(0, true);
  if (count !== expected)
    throw new UndisplayableError('pixel-data-mismatch', `${count} RLE segments, expected ${expected}`);
  const offsets = Array.from({ length: count }, (_, index) => view.getUint32(4 + index * 4, true));
  return offsets.map((start, index) => {
    const end = offsets[index + 1] ?? bytes.length;
    if (start < HEADER_BYTES || end < start || end > bytes.length) {
      throw new UndisplayableError(
        'undecodable',
        `RLE segment ${index + 1} from ${start} to ${end} of ${bytes.length}`,
      );
    }
    return { start, end };
  });
}

/** The RLE decoder of PS3.5 G.3.2, writing each byte `stride` after the one before. */
function unpackBits(
  source: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  first: number,
  stride: number,
): void {
  let from = start;
  let to = first;
  while (to < out.length) {
    if (from >= end)
      throw new UndisplayableError('undecodable', 'an RLE segment ends before its plane is full');
    const control = source[from++] as number;
    if (control === 128) continue;
    const run = control < 128 ? control + 1 : 257 - control;
    const stop = Math.min(to + run * stride, out.length);
    if (control > 128) {
      const value = source[from++] as number;
      for (; to < stop; to += stride) out[to] = value;
    } else {
      if (from + run > end) throw new UndisplayableError('undecodable', 'an RLE segment ends within a run');
      for (let next = from; to < stop; to += stride) out[to] = source[next++] as number;
      from += run;
    }
  }
}

function bitsToCells(packed: Uint8Array, count: number): Uint8Array {
  const cells = new Uint8Array(count);
  for (let index = 0; index < count; index++)
    cells[index] = ((packed[index >> 3] as number) >> (index & 7)) & 1;
  return cells;
}
