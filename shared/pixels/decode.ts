/**
 * From the bytes of a frame to its stored values, by transfer syntax. The table says what is decoded; what it does not name
 * is known to the standard and ends as a reason: `video`, or `unsupported-transfer-syntax`.
 */
import type { Codec, TransferSyntax } from '../dicom/index.ts';
import { decodeDeflatedFrame } from './codecs/deflated-frame.ts';
import type { FrameDecoder } from './codecs/frame-decoder.ts';
import { decodeHtj2k } from './codecs/htj2k.ts';
import { decodeJpeg } from './codecs/jpeg.ts';
import { decodeJpeg2000 } from './codecs/jpeg-2000.ts';
import { decodeJpegLs } from './codecs/jpeg-ls.ts';
import { decodeJpegXl } from './codecs/jpeg-xl.ts';
import { decodeEncapsulatedNative, decodeNative } from './codecs/native.ts';
import { decodeRle } from './codecs/rle.ts';
import { type PreviewSource, readFrame } from './frames.ts';
import type { ImagePixel } from './image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from './limits.ts';
import type { Size } from './raster.ts';
import type { Samples } from './samples.ts';
import { UndisplayableError } from './undisplayable.ts';

/** The decoder of each codec of the table of transfer syntaxes. */
export const DECODERS: Readonly<Partial<Record<Codec, FrameDecoder>>> = {
  native: decodeNative,
  'encapsulated-native': decodeEncapsulatedNative,
  rle: decodeRle,
  'jpeg-baseline': decodeJpeg,
  'jpeg-extended': decodeJpeg,
  'jpeg-lossless': decodeJpeg,
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
  htj2k: decodeHtj2k,
  'jpeg-xl': decodeJpegXl,
  'deflated-frame': decodeDeflatedFrame,
};

/** Reads and decodes one frame, by its index from 0; `atLeast` allows a decoder to stop at a smaller size, not below it. */
export async function decodeFrame(
  source: PreviewSource,
  image: ImagePixel,
  index: number,
  { atLeast, limits = PIXEL_LIMITS }: { atLeast?: Size; limits?: PixelLimits } = {},
): Promise<Samples> {
  const { transferSyntax, encoding, pixelData } = source.part10;
  const decode = decoderOf(transferSyntax);
  const frame = await readFrame(source, image, index, limits);
  return decode(frame, { image, encoding, vr: pixelData?.element.vr ?? 'OW', atLeast, limits });
}

/** The decoder of the transfer syntax, or the reason why there is none. */
export function decoderOf({ codec, name }: TransferSyntax): FrameDecoder {
  const decode = DECODERS[codec];
  if (decode !== undefined) return decode;
  throw new UndisplayableError(codec === 'mpeg' ? 'video' : 'unsupported-transfer-syntax', name);
}
