/** Deflated Image Frame Compression (PS3.5 A.4): each frame a raw deflate stream of its native bytes. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { UndisplayableError } from '../undisplayable.ts';
import type { FrameDecoder } from './frame-decoder.ts';
import type { FrameEncoder } from './frame-encoder.ts';
import { decodeNative, encodeNative, expectNativeBytes, nativeFrameBytes } from './native.ts';

export const decodeDeflatedFrame: FrameDecoder = ({ bytes }, context) => {
  const needed = nativeFrameBytes(context.image);
  let inflated: Uint8Array;
  try {
    // One more byte than needed: the pad of an odd frame. Anything above it is refused before it is inflated.
    inflated = inflateRawSync(bytes, { maxOutputLength: needed + 1 });
  } catch (cause) {
    throw new UndisplayableError('undecodable', `a deflated frame that is not ${needed} bytes`, { cause });
  }
  expectNativeBytes(inflated, context.image);
  return decodeNative({ bytes: inflated, bitOffset: 0 }, context);
};

export const encodeDeflatedFrame: FrameEncoder = (samples, { image }) =>
  deflateRawSync(encodeNative(samples, image));
