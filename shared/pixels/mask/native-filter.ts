/**
 * Hides rectangles of native frames (PS3.5 8.1) as bytes pass by, in runs of any length: nothing is held, so that a cine of any
 * size costs no memory. Packed bits, planes, subsampled colour and both byte orders are places and patterns of bytes.
 */
import type { RangeFilter } from '../../dicom/index.ts';
import type { NativeFrames } from '../frames.ts';
import type { ImagePixel } from '../image-pixel.ts';
import { type BlackContext, blackOf, nativeCell } from './black.ts';
import { type Mask, type Rectangle, rectanglesOf } from './mask.ts';

/** What is written over a run of bits: its bytes repeat from `start` of the value on. */
interface Stretch {
  /** In bits from the beginning of the value. */
  readonly start: number;
  readonly end: number;
  readonly pattern: Uint8Array;
  /** Of the pattern. */
  readonly patternBits: number;
}

export interface NativeLayout {
  readonly image: ImagePixel;
  readonly frames: NativeFrames;
  readonly bigEndian: boolean;
  /** Bytes of samples of 8 bits or fewer lie in 16-bit words (VR OW). */
  readonly inWords: boolean;
  readonly black: BlackContext;
}

/** A filter over the value of Pixel Data that fills the masks. */
export function nativeFilter(layout: NativeLayout, masks: readonly Mask[]): RangeFilter {
  const { image, frames } = layout;
  const paint = painterOf(layout);
  const always = rectanglesOf(
    masks.filter(({ frame }) => frame === undefined),
    0,
    image,
  );
  const ofFrame = new Map<number, Rectangle[]>();
  for (const { frame } of masks)
    if (frame !== undefined && !ofFrame.has(frame)) ofFrame.set(frame, rectanglesOf(masks, frame, image));
  const swaps = layout.bigEndian && layout.inWords && image.bitsAllocated < 16;
  return (bytes, at) => {
    const offset = at - frames.start;
    const out = Uint8Array.from(bytes);
    const run = { out, offset, swaps };
    // A swapped pair may lie half in the run.
    const firstBit = Math.max(0, offset - 1) * 8;
    const lastBit = (offset + bytes.length + 1) * 8;
    const from = Math.floor(firstBit / frames.frameBits);
    const to = Math.min(image.frames - 1, Math.floor(lastBit / frames.frameBits));
    for (let frame = from; frame <= to; frame++) {
      for (const rectangle of ofFrame.get(frame) ?? always) {
        const base = frame * frames.frameBits;
        for (const { start, end, pattern, patternBits } of paint(rectangle, firstBit - base, lastBit - base))
          write(run, { start: base + start, end: base + end, pattern, patternBits });
      }
    }
    return out;
  };
}

type Painter = (rectangle: Rectangle, from: number, to: number) => Iterable<Stretch>;

/** The stretches of a rectangle, row by row and plane by plane, within a frame; those outside of `from` to `to` may be left out. */
function painterOf({ image, frames, bigEndian, black }: NativeLayout): Painter {
  const { columns, rows, samplesPerPixel, bitsAllocated, planar } = image;
  const values = blackOf(nativeCell(image), black);
  const subsampled = samplesPerPixel === 3 && frames.frameBits === rows * columns * 16 && bitsAllocated === 8;
  if (subsampled) {
    const [y, cb, cr] = values as [number, number, number];
    const pattern = Uint8Array.of(y, y, cb, cr);
    // Two pixels are four bytes: a pair that the rectangle meets goes as a whole.
    return (rectangle, from, to) =>
      rowsOf(rectangle, columns * 16, from, to, (first, last) => ({
        start: Math.floor(first / 2) * 32,
        end: Math.ceil(last / 2) * 32,
        pattern,
        patternBits: 32,
      }));
  }
  const samples = values.map((value) => cellBytes(value, image, bigEndian));
  if (!planar || samplesPerPixel === 1) {
    const pattern = Uint8Array.from(samples.flat());
    const patternBits = samplesPerPixel * bitsAllocated;
    return (rectangle, from, to) =>
      rowsOf(rectangle, columns * patternBits, from, to, (first, last) => ({
        start: first * patternBits,
        end: last * patternBits,
        pattern,
        patternBits,
      }));
  }
  const planeBits = rows * columns * bitsAllocated;
  return function* (rectangle, from, to) {
    for (const [plane, sample] of samples.entries()) {
      const base = plane * planeBits;
      yield* rowsOf(rectangle, columns * bitsAllocated, from - base, to - base, (first, last) => ({
        start: base + first * bitsAllocated,
        end: base + last * bitsAllocated,
        pattern: Uint8Array.from(sample),
        patternBits: bitsAllocated,
      }));
    }
  };

  function* rowsOf(
    { x, y, width, height }: Rectangle,
    rowBits: number,
    from: number,
    to: number,
    stretch: (first: number, last: number) => Stretch,
  ): Iterable<Stretch> {
    const firstRow = Math.max(y, Math.floor(from / rowBits) - 1);
    const lastRow = Math.min(y + height, Math.ceil(to / rowBits) + 1);
    for (let row = firstRow; row < lastRow; row++)
      yield stretch(row * columns + x, row * columns + x + width);
  }
}

/** One sample as it lies in the value; of less than a byte its bits, the lowest first. */
function cellBytes(value: number, { bitsAllocated, number }: ImagePixel, bigEndian: boolean): number[] {
  const bytes = Buffer.alloc(Math.ceil(bitsAllocated / 8));
  // Zero is all that floating point is filled with, and its bytes are zeros.
  if (number === 'integer') {
    let rest = value < 0 ? value + 2 ** bitsAllocated : value;
    for (let at = 0; at < bytes.length; at++, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
    if (bigEndian && bitsAllocated >= 16) bytes.reverse();
  }
  return [...bytes];
}

interface Run {
  readonly out: Uint8Array;
  readonly offset: number;
  readonly swaps: boolean;
}

function write({ out, offset, swaps }: Run, { start, end, pattern, patternBits }: Stretch): void {
  if (start % 8 === 0 && end % 8 === 0 && patternBits % 8 === 0) {
    const first = start / 8;
    const margin = swaps ? 1 : 0;
    const to = Math.min(end / 8, offset + out.length + margin);
    for (let at = Math.max(first, offset - margin); at < to; at++) {
      const place = (swaps ? at ^ 1 : at) - offset;
      if (place >= 0 && place < out.length) out[place] = pattern[(at - first) % pattern.length] as number;
    }
    return;
  }
  for (let bit = start; bit < end; bit++) {
    const at = Math.floor(bit / 8);
    const place = (swaps ? at ^ 1 : at) - offset;
    if (place < 0 || place >= out.length) continue;
    const within = (bit - start) % patternBits;
    const isOne = ((pattern[within >> 3] as number) >> (within & 7)) & 1;
    const mask = 1 << (bit % 8);
    out[place] = isOne ? (out[place] as number) | mask : (out[place] as number) & ~mask;
  }
}
