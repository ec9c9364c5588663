/** Deflated Image Frame Compression (PS3.5 A.4): each frame a raw deflate stream of its native bytes. */
import { inflateRawSync } from 'node:zlib';
import { UndisplayableError } from '../undisplayable.ts';
import type { FrameDecoder } from './frame-decoder.ts';
import { decodeNative } from './native.ts';

export const decodeDeflatedFrame: FrameDecoder = ({ bytes }, context) => {
  const { rows, columns, samplesPerPixel, bitsAllocated } = context.image;
  const needed = Math.ceil((rows * columns * samplesPerPixel * bitsAllocated) / 8);
  let inflated: Uint8Array;
  try {
    // One more byte than needed: the pad of an odd frame. Anything above it is refused before it is inflated.
    inflated = inflateRawSync(bytes, { maxOutputLength: needed + 1 });
  } catch (cause) {
    throw new UndisplayableError('undecodable', `a deflated frame that is not ${needed} bytes`, { cause });
  }
  if (inflated.length < needed) {
    throw new UndisplayableError(
      'pixel-data-mismatch',
      `a frame of ${inflated.length} bytes, expected ${needed}`,
    );
  }
  return decodeNative({ bytes: inflated, bitOffset: 0 }, context);
};
