/**
 * Where the bytes of each frame lie, and how to get one: a frame of a large object costs its own bytes. Frames are found by
 * arithmetic (native), by the extended or basic offset table, or by the fragments themselves; a table that contradicts the
 * fragments is not believed. It refuses pixel data that is shorter than its description before reading any of it.
 */
import type { Fragment, Part10, PixelDataExtent } from '../dicom/index.ts';
import { type EncodedFrames, encapsulatedFrames } from './encapsulated-frames.ts';
import { type ImagePixel, isSubsampled } from './image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from './limits.ts';
import { UndisplayableError } from './undisplayable.ts';

/** An object's header, and ranged access to its bytes. */
export interface PreviewSource {
  readonly part10: Part10;
  /** Exactly `length` bytes from `start` of the object. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** A native frame as a range of bits: frames of 1-bit samples follow one another without padding (PS3.5 8.1.1). */
export interface NativeFrames {
  readonly kind: 'native';
  readonly start: number;
  readonly frameBits: number;
  readonly end: number;
}

export type FrameExtents = NativeFrames | EncodedFrames;

/** The bytes of one frame, still as they are stored. */
export interface StoredFrame {
  readonly bytes: Uint8Array;
  /** Bits before the first sample in the first byte; other than 0 only in native 1-bit and packed frames. */
  readonly bitOffset: number;
}

/** Finds the frames of the object; reads from the source only where no table tells and fragments must be probed. */
export async function frameExtents(
  source: PreviewSource,
  image: ImagePixel,
  limits: PixelLimits = PIXEL_LIMITS,
): Promise<FrameExtents> {
  const extent = source.part10.pixelData;
  if (extent === undefined) throw new UndisplayableError('pixel-data-missing', 'no (7FE0,0010) Pixel Data');
  if (extent.fragments !== undefined) {
    return encapsulatedFrames(
      rangeOf(source),
      source.part10.dataSet,
      extent,
      extent.fragments,
      image.frames,
      limits,
    );
  }
  if (source.part10.transferSyntax.encapsulated) {
    throw new UndisplayableError(
      'pixel-data-mismatch',
      'native (7FE0,0010) Pixel Data under an encapsulated transfer syntax',
    );
  }
  return nativeFrames(extent, image);
}

/** The bytes of one frame, by its index from 0. */
export async function readFrame(
  source: PreviewSource,
  image: ImagePixel,
  index: number,
  limits: PixelLimits = PIXEL_LIMITS,
): Promise<StoredFrame> {
  if (index < 0 || index >= image.frames) {
    throw new UndisplayableError('pixel-data-mismatch', `frame ${index + 1} of ${image.frames}`);
  }
  const extents = await frameExtents(source, image, limits);
  const read = rangeOf(source);
  if (extents.kind === 'native') return readNative(read, source, extents, index);
  const fragments = extents.fragmentsOf(index);
  const length = fragments.reduce((sum, fragment) => sum + fragment.length, 0);
  if (length > limits.maximumEncodedBytes) {
    throw new UndisplayableError(
      'too-large',
      `an encoded frame of ${length} bytes, limit ${limits.maximumEncodedBytes}`,
    );
  }
  return { bytes: await readFragments(read, fragments, length), bitOffset: 0 };
}

type Read = PreviewSource['read'];

/** Access by offsets of the data set: in a deflated object those are offsets of the inflated stream. */
function rangeOf({ part10, read }: PreviewSource): Read {
  const { inflated } = part10;
  if (inflated !== undefined) return async (start, length) => inflated.subarray(start, start + length);
  return async (start, length) => {
    if (start + length > part10.size) {
      throw new UndisplayableError(
        'pixel-data-mismatch',
        `bytes ${start} to ${start + length} of an object of ${part10.size}`,
      );
    }
    return read(start, length);
  };
}

function nativeFrames(extent: PixelDataExtent, image: ImagePixel): NativeFrames {
  const { element } = extent;
  const start = extent.start + (element.valueStart - element.start);
  const end = extent.start + (element.valueEnd - element.start);
  const frameBits = image.rows * image.columns * bitsPerPixel(image, end - start);
  const needed = Math.ceil((frameBits * image.frames) / 8);
  if (needed > end - start) {
    throw new UndisplayableError(
      'pixel-data-mismatch',
      `${image.frames} frames of ${image.columns} x ${image.rows} need ${needed} bytes, (7FE0,0010) has ${end - start}`,
    );
  }
  return { kind: 'native', start, end, frameBits };
}

/** Native 4:2:2 has two samples a pixel (PS3.3 C.7.6.3.1.2), unless the writer only named it so and stored all three. */
function bitsPerPixel(image: ImagePixel, available: number): number {
  if (!isSubsampled(image)) return image.samplesPerPixel * image.bitsAllocated;
  const full = image.rows * image.columns * 3 * image.frames;
  return available === full + (full % 2) ? 24 : 16;
}

async function readNative(
  read: Read,
  source: PreviewSource,
  frames: NativeFrames,
  index: number,
): Promise<StoredFrame> {
  const firstBit = index * frames.frameBits;
  const from = Math.floor(firstBit / 8);
  const to = Math.ceil((firstBit + frames.frameBits) / 8);
  const bitOffset = firstBit - from * 8;
  const { element } = source.part10.pixelData as PixelDataExtent;
  const swapsPairs = source.part10.encoding.bigEndian && element.vr === 'OW' && frames.frameBits % 16 !== 0;
  if (!swapsPairs) return { bytes: await read(frames.start + from, to - from), bitOffset };
  // Words are swapped as a whole (PS3.5 7.3), so that a frame which ends within one needs it all.
  const even = from - (from % 2);
  const length = Math.min(to + (to % 2), frames.end - frames.start) - even;
  return { bytes: await read(frames.start + even, length), bitOffset: bitOffset + (from - even) * 8 };
}

/** One range for all fragments of a frame, as they lie one after the other with an item header between. */
async function readFragments(
  read: Read,
  fragments: readonly Fragment[],
  length: number,
): Promise<Uint8Array> {
  const first = fragments[0];
  const last = fragments.at(-1);
  if (first === undefined || last === undefined || length === 0) {
    throw new UndisplayableError('pixel-data-mismatch', 'a frame without bytes');
  }
  if (fragments.length === 1) return read(first.start, first.length);
  const range = await read(first.start, last.start + last.length - first.start);
  const joined = new Uint8Array(length);
  let at = 0;
  for (const fragment of fragments) {
    const offset = fragment.start - first.start;
    joined.set(range.subarray(offset, offset + fragment.length), at);
    at += fragment.length;
  }
  return joined;
}
