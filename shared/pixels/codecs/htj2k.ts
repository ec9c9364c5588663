/**
 * High-Throughput JPEG 2000 (PS3.5 A.4.11) by OpenJPH: the headers of JPEG 2000, another coder of its blocks (ISO/IEC 15444-15).
 *
 * Colours that the codestream does not transform pass through OpenJPH component after component, where the package around it
 * takes the lines of one row after the other, in both directions: their lines are put where they belong.
 */
import { encodeInWorker, findPackage, type WasmCodec, type WasmShape } from './codec-worker.ts';
import type { FrameDecoder } from './frame-decoder.ts';
import { codecInput, type FrameEncoder } from './frame-encoder.ts';
import { codestreamDecoder, refuseDeepColour, transformsColours } from './jpeg-2000.ts';
import { readJpeg2000Header } from './jpeg-2000-header.ts';

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

const decodeLines = codestreamDecoder(DECODER);

export const decodeHtj2k: FrameDecoder = async (frame, context) => {
  const samples = await decodeLines(frame, context);
  const { components, multipleComponentTransform } = readJpeg2000Header(frame.bytes);
  if (samples.kind !== 'cells' || components !== 3 || multipleComponentTransform) return samples;
  return { ...samples, data: movedLines(samples.data, samples, 'from the codec') };
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
  const transforms = transformsColours(samples, image);
  const input = shape.components === 3 && !transforms ? movedLines(bytes, shape, 'to the codec') : bytes;
  return encodeInWorker(ENCODER, input, { shape, settings, transformsColours: transforms, limits });
};

/** Moves each line of each component: the codec's n-th is that of row n % height, the package's that of component n % 3. */
function movedLines<Cells extends Uint8Array | Uint16Array>(
  cells: Cells,
  { width, height }: Pick<WasmShape, 'width' | 'height'>,
  direction: 'from the codec' | 'to the codec',
): Cells {
  const moved = cells.slice() as Cells;
  for (let n = 0; n < 3 * height; n++) {
    const place = (n % height) * width * 3 + Math.floor(n / height);
    const passed = Math.floor(n / 3) * width * 3 + (n % 3);
    const [from, to] = direction === 'from the codec' ? [passed, place] : [place, passed];
    for (let x = 0; x < 3 * width; x += 3) moved[to + x] = cells[from + x] as number;
  }
  return moved;
}
