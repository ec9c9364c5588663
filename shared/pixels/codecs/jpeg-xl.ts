/** JPEG XL (PS3.5 A.4.12), by libjxl within dcmjs-codecs. */
import { UndisplayableError } from '../undisplayable.ts';
import { decodeInWorker, encodeInWorker } from './codec-worker.ts';
import { contextCodec } from './context-codec.ts';
import { type FrameDecoder, storedColour } from './frame-decoder.ts';
import { codecInput, type FrameEncoder } from './frame-encoder.ts';
import { readJpegXlHeader } from './jpeg-xl-header.ts';
import { expectShape, wasmCells } from './wasm-samples.ts';

const DECODER = contextCodec('DecodeJpegXl');
const ENCODER = contextCodec('EncodeJpegXl');

export const decodeJpegXl: FrameDecoder = async ({ bytes }, { image, limits }) => {
  const header = readJpegXlHeader(bytes);
  expectShape({ ...header, components: image.samplesPerPixel }, image);
  if (header.bits > 16)
    throw new UndisplayableError('unsupported-pixel-format', `JPEG XL of ${header.bits} bits`);
  const { width, height, bits } = header;
  const shape = { width, height, components: image.samplesPerPixel, bits, signed: image.signed };
  const frame = await decodeInWorker(DECODER, bytes, { shape, limits });
  const asStored = storedColour(image.photometric);
  return {
    ...wasmCells(frame, image, width, height, !header.xyb),
    // What is stored as XYB, or was a JPEG with less chrominance, comes out as RGB.
    colour:
      image.samplesPerPixel === 3 && (header.xyb || image.photometric !== 'YBR_FULL') ? 'rgb' : asStored,
  };
};

export const encodeJpegXl: FrameEncoder = (samples, { image, limits }) => {
  const { shape, bytes } = codecInput(samples, image, 'unsigned');
  const settings = [['SetLossy', 0]] as const;
  return encodeInWorker(ENCODER, bytes, { shape, settings, limits });
};
