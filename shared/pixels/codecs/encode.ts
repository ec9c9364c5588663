/**
 * From stored values back to the bytes of a frame, without loss, in the codec it came in: what a mask does to the frames it
 * touches. Codecs that only lose (JPEG of DCT) and those nothing here writes are refused.
 */
import type { Codec } from '../../dicom/index.ts';
import type { ImagePixel } from '../image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from '../limits.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { encodeDeflatedFrame } from './deflated-frame.ts';
import type { FrameEncoder } from './frame-encoder.ts';
import { encodeHtj2k } from './htj2k.ts';
import { encodeJpeg2000 } from './jpeg-2000.ts';
import { encodeJpegLossless } from './jpeg-lossless.ts';
import { encodeJpegLs } from './jpeg-ls.ts';
import { encodeJpegXl } from './jpeg-xl.ts';
import { encodeRle } from './rle-encoder.ts';

/** The lossless encoder of each codec that has one. */
export const ENCODERS: Readonly<Partial<Record<Codec, FrameEncoder>>> = {
  rle: encodeRle,
  'jpeg-lossless': encodeJpegLossless,
  'jpeg-ls': encodeJpegLs,
  'jpeg-2000': encodeJpeg2000,
  htj2k: encodeHtj2k,
  'jpeg-xl': encodeJpegXl,
  'deflated-frame': encodeDeflatedFrame,
};

/**
 * Encodes one frame of decoded samples at full size; what it gives decodes to the very same values. The bytes are even in
 * number, as those of a fragment are.
 */
export async function encodeFrame(
  codec: Codec,
  samples: Samples,
  image: ImagePixel,
  { limits = PIXEL_LIMITS }: { limits?: PixelLimits } = {},
): Promise<Uint8Array> {
  const encode = ENCODERS[codec];
  if (encode === undefined)
    throw new UndisplayableError('unsupported-transfer-syntax', `no lossless encoder for ${codec}`);
  const bytes = await encode(samples, { image, limits });
  // A codec may give a clamped array or a Buffer, whose methods are not those of the type.
  const even = new Uint8Array(bytes.length + (bytes.length % 2));
  even.set(bytes);
  return even;
}
