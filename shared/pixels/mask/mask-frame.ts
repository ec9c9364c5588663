/**
 * Hides rectangles of one encapsulated frame. JPEG of DCT is masked among its coefficients; any other codec's frame is decoded,
 * filled and encoded again without loss in the same family, and decoded once more to see that it is so.
 */

import type { Codec } from '../../dicom/index.ts';
import { encodeFrame } from '../codecs/encode.ts';
import type { FrameContext } from '../codecs/frame-decoder.ts';
import { DECODERS } from '../decode.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import type { BlackContext } from './black.ts';
import { fillSamples, sameSamples, withinBitsStored } from './fill-samples.ts';
import type { Rectangle } from './mask.ts';
import { maskJpeg } from './mask-jpeg.ts';

export interface FrameMasking {
  readonly codec: Codec;
  readonly context: FrameContext;
  readonly black: BlackContext;
  /** The image as it is written: Photometric Interpretation may be another. */
  readonly written: ImagePixel;
}

/** The frame's new bytes. */
export async function maskFrame(
  bytes: Uint8Array,
  rectangles: readonly Rectangle[],
  { codec, context, black, written }: FrameMasking,
): Promise<Uint8Array> {
  if (codec === 'jpeg-baseline' || codec === 'jpeg-extended')
    return maskJpeg(bytes, rectangles, context.image, black);
  const decoded = await decodeStored(codec, bytes, context);
  const samples = withinBitsStored(decoded, context.image);
  fillSamples(samples, rectangles, black);
  const encoded = await encodeFrame(codec, samples, written, { limits: context.limits });
  const again = await decodeStored(codec, encoded, { ...context, image: written });
  if (!sameSamples(samples, again))
    throw new UndisplayableError('unsupported-pixel-format', `a frame that ${codec} does not give back`);
  return encoded;
}

/** Decodes the bytes of a frame at full size. */
export async function decodeStored(codec: Codec, bytes: Uint8Array, context: FrameContext): Promise<Samples> {
  const decode = DECODERS[codec];
  if (decode === undefined) throw new UndisplayableError('unsupported-transfer-syntax', codec);
  return decode({ bytes, bitOffset: 0 }, context);
}
