/** High-Throughput JPEG 2000 (PS3.5 A.4.11) by OpenJPH: the headers of JPEG 2000, another coder of its blocks (ISO/IEC 15444-15). */
import { encodeInWorker, findPackage, type WasmCodec } from './codec-worker.ts';
import { codecInput, type FrameEncoder } from './frame-encoder.ts';
import { codestreamDecoder, refuseDeepColour, transformsColours } from './jpeg-2000.ts';

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

export const decodeHtj2k = codestreamDecoder(DECODER);

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
