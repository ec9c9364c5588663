/** JPEG-LS, lossless and near-lossless (PS3.5 A.4.3), by CharLS. */
import { UndisplayableError } from '../undisplayable.ts';
import { decodeInWorker, findPackage, type WasmCodec } from './codec-worker.ts';
import { type FrameDecoder, storedColour } from './frame-decoder.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { expectShape, wasmCells } from './wasm-samples.ts';

const CHARLS: WasmCodec = {
  // Spelt out, as this is where the bundler sees that the package is needed.
  locate: () =>
    typeof require === 'function'
      ? require.resolve('@cornerstonejs/codec-charls/decodewasmjs')
      : findPackage('@cornerstonejs/codec-charls/decodewasmjs'),
  decoderName: 'JpegLSDecoder',
};
const SOF55 = 0xf7;

export const decodeJpegLs: FrameDecoder = async ({ bytes }, { image, limits }) => {
  const header = readJpegHeader(bytes);
  if (header.process !== SOF55) throw new UndisplayableError('undecodable', 'the codestream is not JPEG-LS');
  expectShape(header, image);
  const frame = await decodeInWorker(CHARLS, ended(bytes), 0, limits.codecDeadline);
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
