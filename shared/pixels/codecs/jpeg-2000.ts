/** JPEG 2000 (PS3.5 A.4.4) by OpenJPEG; a preview of a large frame decodes only the resolutions it needs. */
import { UndisplayableError } from '../undisplayable.ts';
import { decodeInWorker, findPackage, type WasmCodec } from './codec-worker.ts';
import type { FrameContext, FrameDecoder } from './frame-decoder.ts';
import { storedColour } from './frame-decoder.ts';
import { type Jpeg2000Header, readJpeg2000Header } from './jpeg-2000-header.ts';
import { expectShape, wasmCells } from './wasm-samples.ts';

/** Twelve times faster than the package's default build, which is asm.js. */
const PACKAGE: string = ['@cornerstonejs/codec-openjpeg', 'decodewasmjs'].join('/');
const OPENJPEG: WasmCodec = {
  // Not spelt out: what is copied beside a bundle is what the bundler sees, and the copying stops at a package without a
  // LICENSE file, as this one is.
  locate: () => (typeof require === 'function' ? require.resolve(PACKAGE) : findPackage(PACKAGE)),
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
