/** High-Throughput JPEG 2000 (PS3.5 A.4.11) by OpenJPH: the headers of JPEG 2000, another coder of its blocks (ISO/IEC 15444-15). */
import { decodeInWorker, encodeInWorker, findPackage, type WasmCodec } from './codec-worker.ts';
import { type FrameDecoder, storedColour } from './frame-decoder.ts';
import { codecInput, type FrameEncoder } from './frame-encoder.ts';
import { refuseDeepColour, resolutionsToSkip, transformsColours } from './jpeg-2000.ts';
import { expectModest, readJpeg2000Header } from './jpeg-2000-header.ts';
import { expectShape, wasmCells } from './wasm-samples.ts';

const codec = (name: string): WasmCodec => ({
  locate: () =>
    typeof require === 'function'
      ? require.resolve('@cornerstonejs/codec-openjph/wasmjs')
      : findPackage('@cornerstonejs/codec-openjph/wasmjs'),
  driver: 'classes',
  name,
});
const DECODER = codec('HTJ2KDecoder');
const ENCODER = codec('HTJ2KEncoder');

export const decodeHtj2k: FrameDecoder = async ({ bytes }, context) => {
  const { image, limits } = context;
  const header = readJpeg2000Header(bytes);
  expectShape(header, image);
  expectModest(header, limits);
  const level = resolutionsToSkip(header, context);
  const frame = await decodeInWorker(DECODER, bytes, { level, limits });
  const scale = 2 ** level;
  return {
    ...wasmCells(
      frame,
      image,
      Math.ceil(header.width / scale),
      Math.ceil(header.height / scale),
      header.reversible,
    ),
    colour: header.multipleComponentTransform ? 'rgb' : storedColour(image.photometric),
  };
};

/** RPCL with tile-part lengths and six resolutions, as 1.2.840.10008.1.2.4.202 asks; the others allow it. */
export const encodeHtj2k: FrameEncoder = (samples, { image, limits }) => {
  const { shape, bytes } = codecInput(samples, image, 'signed');
  refuseDeepColour(shape);
  const settings = [
    ['setQuality', true, 0],
    ['setProgressionOrder', 2],
    ['setTLMMarker', true],
    ['setTilePartDivisionsAtResolutions', true],
  ] as const;
  return encodeInWorker(ENCODER, bytes, {
    shape,
    settings,
    transformsColours: transformsColours(samples, image),
    limits,
  });
};
