/** JPEG 2000 (PS3.5 A.4.4) by OpenJPEG; a preview of a large frame decodes only the resolutions it needs. */
import { UndisplayableError } from '../undisplayable.ts';
import { decodeInWorker, findPackage, type WasmCodec } from './codec-worker.ts';
import type { FrameContext, FrameDecoder } from './frame-decoder.ts';
import { storedColour } from './frame-decoder.ts';
import { type Jpeg2000Header, readJpeg2000Header } from './jpeg-2000-header.ts';
import { expectShape, wasmCells } from './wasm-samples.ts';

/** The build in WebAssembly is twelve times faster than the package's default one, which is asm.js. */
const OPENJPEG: WasmCodec = {
  locate: () =>
    typeof require === 'function'
      ? require.resolve('@cornerstonejs/codec-openjpeg/decodewasmjs')
      : findPackage('@cornerstonejs/codec-openjpeg/decodewasmjs'),
  decoderName: 'J2KDecoder',
};

export const decodeJpeg2000: FrameDecoder = async ({ bytes }, context) => {
  const { image, limits } = context;
  const header = readJpeg2000Header(bytes);
  expectShape(header, image);
  if (header.precision > 16)
    throw new UndisplayableError('unsupported-pixel-format', `JPEG 2000 of ${header.precision} bits`);
  const level = resolutionsToSkip(header, context);
  const frame = await decodeInWorker(OPENJPEG, bytes, level, limits.codecDeadline);
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

/** Greys keep twice the size: the wavelet rings at sharp edges, and a window makes it show. */
function resolutionsToSkip(
  { width, height, decompositions }: Jpeg2000Header,
  { atLeast, image }: FrameContext,
): number {
  // Indices of a palette must not be averaged.
  if (atLeast === undefined || image.photometric === 'PALETTE COLOR') return 0;
  const ratio =
    Math.min(width / atLeast.width, height / atLeast.height) / (image.samplesPerPixel === 1 ? 2 : 1);
  return Math.max(0, Math.min(decompositions, Math.floor(Math.log2(ratio))));
}
