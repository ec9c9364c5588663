/**
 * JPEG that libjpeg's build of 8 bits does not know: lossless (processes 14 and 14 SV1, PS3.5 A.4.1) of 2 to 16 bits with any
 * predictor, and DCT of 12 bits, by the IJG code within dcmjs-codecs. Colours are left as they are stored.
 */

import { decodeLossless } from '../jpeg/lossless.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { decodeInWorker, encodeInWorker } from './codec-worker.ts';
import { contextCodec } from './context-codec.ts';
import { type FrameContext, storedColour } from './frame-decoder.ts';
import { codecInput, type FrameEncoder } from './frame-encoder.ts';
import type { JpegHeader } from './jpeg-header.ts';
import { wasmCells } from './wasm-samples.ts';

const DECODER = contextCodec('DecodeJpeg');
const ENCODER = contextCodec('EncodeJpeg');
const SOF3 = 0xc3;

/** Decodes a codestream whose header was read and found to be of the frame's shape. */
export async function decodeJpegBeyond8(
  bytes: Uint8Array,
  { process, precision, width, height, components, subsampled }: JpegHeader,
  { image, limits }: FrameContext,
): Promise<Samples> {
  const lossless = process === SOF3;
  if (precision < 2 || precision > (lossless ? 16 : 12) || (lossless && subsampled))
    throw new UndisplayableError('unsupported-pixel-format', `JPEG of ${precision} bits`);
  const own = lossless ? decodeLossless(bytes) : undefined;
  if (own !== undefined) {
    return {
      kind: 'cells',
      width,
      height,
      channels: image.samplesPerPixel,
      data: own,
      bitsStored: Math.min(precision, image.bitsStored),
      shift: 0,
      signed: image.signed,
      colour: storedColour(image.photometric),
    };
  }
  const shape = { width, height, components, bits: precision, signed: false };
  const frame = await decodeInWorker(DECODER, bytes, { shape, limits });
  return {
    ...wasmCells(frame, image, width, height, lossless),
    colour: storedColour(image.photometric),
  };
}

/** Process 14 with the first predictor, which both of its transfer syntaxes allow. */
export const encodeJpegLossless: FrameEncoder = (samples, { image, limits }) => {
  const { shape, bytes } = codecInput(samples, image, 'unsigned');
  const settings = [
    ['SetLossy', 0],
    ['SetPredictor', 1],
    ['SetPointTransform', 0],
  ] as const;
  return encodeInWorker(ENCODER, bytes, { shape, settings, limits });
};
