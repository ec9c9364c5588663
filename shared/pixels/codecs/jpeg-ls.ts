/** JPEG-LS, lossless and near-lossless (PS3.5 A.4.3), by CharLS. */
import { UndisplayableError } from '../undisplayable.ts';
import { decodeInWorker, encodeInWorker, findPackage, type WasmCodec } from './codec-worker.ts';
import { type FrameDecoder, storedColour } from './frame-decoder.ts';
import { codecInput, type FrameEncoder } from './frame-encoder.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { expectShape, wasmCells } from './wasm-samples.ts';

const codec = (name: string): WasmCodec => ({
  // Spelt out, as this is where the bundler sees that the package is needed.
  locate: () =>
    typeof require === 'function'
      ? require.resolve('@cornerstonejs/codec-charls/wasmjs')
      : findPackage('@cornerstonejs/codec-charls/wasmjs'),
  driver: 'classes',
  name,
});
const DECODER = codec('JpegLSDecoder');
const ENCODER = codec('JpegLSEncoder');
const SOF55 = 0xf7;

export const decodeJpegLs: FrameDecoder = async ({ bytes }, { image, limits }) => {
  const header = readJpegHeader(bytes);
  if (header.process !== SOF55) throw new UndisplayableError('undecodable', 'the codestream is not JPEG-LS');
  expectShape(header, image);
  const frame = await decodeInWorker(DECODER, ended(bytes), { limits });
  return {
    ...wasmCells(frame, image, header.width, header.height, !frame.lossy),
    colour: storedColour(image.photometric),
  };
};

/**
 * The codestream with an EOI marker more than it has: where it is cut off, CharLS looks for a marker through all of its
 * memory, which takes ten seconds.
 */
function ended(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length + 2);
  copy.set(bytes);
  copy.set([0xff, 0xd9], bytes.length);
  return copy;
}

/** Colours by line, which every decoder reads. */
export const encodeJpegLs: FrameEncoder = (samples, { image, limits }) => {
  const { shape, bytes } = codecInput(samples, image, 'unsigned');
  const settings = [
    ['setNearLossless', 0],
    ['setInterleaveMode', shape.components === 1 ? 0 : 1],
  ] as const;
  return encodeInWorker(ENCODER, bytes, { shape, settings, limits });
};
