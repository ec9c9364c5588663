/** JPEG 2000 (PS3.5 A.4.4) by OpenJPEG; a preview of a large frame decodes only the resolutions it needs. */
import type { ImagePixel } from '../image-pixel.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import {
  decodeInWorker,
  encodeInWorker,
  findPackage,
  type WasmCodec,
  type WasmShape,
} from './codec-worker.ts';
import { contextCodec } from './context-codec.ts';
import type { FrameContext, FrameDecoder } from './frame-decoder.ts';
import { storedColour } from './frame-decoder.ts';
import { codecInput, type FrameEncoder } from './frame-encoder.ts';
import { expectModest, type Jpeg2000Header, readJpeg2000Header } from './jpeg-2000-header.ts';
import { expectShape, wasmCells } from './wasm-samples.ts';

/** The build in WebAssembly is twelve times faster than the package's default one, which is asm.js. */
const codec = (name: string): WasmCodec => ({
  locate: () =>
    typeof require === 'function'
      ? require.resolve('@cornerstonejs/codec-openjpeg/wasmjs')
      : findPackage('@cornerstonejs/codec-openjpeg/wasmjs'),
  driver: 'classes',
  name,
});
const DECODER = codec('J2KDecoder');
const ENCODER = codec('J2KEncoder');
const USUAL_DECOMPOSITIONS = 5;
const COLOUR_ENCODER = contextCodec('EncodeJpeg2000');

/** Decodes codestreams with the headers of JPEG 2000 by a codec that knows the coder of their blocks. */
export const codestreamDecoder =
  (decoder: WasmCodec): FrameDecoder =>
  async ({ bytes }, context) => {
    const { image, limits } = context;
    const header = readJpeg2000Header(bytes);
    expectShape(header, image);
    expectModest(header, limits);
    const level = resolutionsToSkip(header, context);
    const frame = await decodeInWorker(decoder, bytes, { level, limits });
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

export const decodeJpeg2000 = codestreamDecoder(DECODER);

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

/** The 5-3 wavelet and, where it is due, the reversible transform of colours. */
export const encodeJpeg2000: FrameEncoder = (samples, { image, limits }) => {
  const { shape, bytes } = codecInput(samples, image, 'signed');
  refuseDeepColour(shape);
  if (shape.components === 1) {
    // It refuses more resolutions than there are to halve.
    const halvings = Math.floor(Math.log2(Math.min(shape.width, shape.height)));
    const settings = [
      ['setQuality', true, 0],
      ['setDecompositions', Math.min(USUAL_DECOMPOSITIONS, halvings)],
    ] as const;
    return encodeInWorker(ENCODER, bytes, { shape, settings, limits });
  }
  // The other encoder transforms colours whether it is to or not.
  const settings = [
    ['SetLossy', 0],
    ['SetAllowMct', transformsColours(samples, image) ? 1 : 0],
  ] as const;
  return encodeInWorker(COLOUR_ENCODER, bytes, { shape, settings, limits });
};

/** Whether Photometric Interpretation promises that the codestream transforms what comes out of it as RGB. */
export function transformsColours({ colour }: Samples, { photometric }: ImagePixel): boolean {
  return colour === 'rgb' && photometric !== 'RGB';
}

/** Of colours above 8 bits the encoders of the JPEG 2000 family do not give back what they were given. */
export function refuseDeepColour({ components, bits }: WasmShape): void {
  if (components === 3 && bits > 8)
    throw new UndisplayableError('unsupported-pixel-format', `no encoder for colours of ${bits} bits`);
}
