/** Checks around the WebAssembly codecs, which take any size for granted: the codestream against the data set before, the output after. */
import type { ImagePixel } from '../image-pixel.ts';
import type { CellSamples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import type { WasmFrame } from './codec-worker.ts';
import { interleave } from './native.ts';

interface CodestreamShape {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/** Refuses a codestream of another size than Rows, Columns and Samples per Pixel, whose product was checked. */
export function expectShape(stream: CodestreamShape, image: ImagePixel): void {
  if (
    stream.width === image.columns &&
    stream.height === image.rows &&
    stream.components === image.samplesPerPixel
  )
    return;
  throw new UndisplayableError(
    'pixel-data-mismatch',
    `codestream of ${stream.width} x ${stream.height} x ${stream.components}, ` +
      `expected ${image.columns} x ${image.rows} x ${image.samplesPerPixel}`,
  );
}

/** The codec's output as cells, provided it has the size it should have. */
export function wasmCells(
  frame: WasmFrame,
  image: ImagePixel,
  width: number,
  height: number,
  lossless: boolean,
): Omit<CellSamples, 'colour'> {
  const { bitsPerSample, componentCount, data } = frame;
  const count = width * height * image.samplesPerPixel;
  const bytesPerSample = bitsPerSample > 8 ? 2 : 1;
  if (
    componentCount !== image.samplesPerPixel ||
    bitsPerSample < 1 ||
    bitsPerSample > 16 ||
    data.length !== count * bytesPerSample
  ) {
    throw new UndisplayableError(
      'undecodable',
      `the codec gave ${data.length} bytes, expected ${count * bytesPerSample}`,
    );
  }
  const cells = bytesPerSample === 2 ? new Uint16Array(data.buffer, data.byteOffset, count) : data;
  return {
    kind: 'cells',
    width,
    height,
    channels: image.samplesPerPixel,
    data: frame.planar && image.samplesPerPixel === 3 ? interleave(cells) : cells,
    // A lossy codec overshoots: its values may need a bit more than Bits Stored, and masking it off would wrap them around.
    bitsStored: lossless ? Math.min(bitsPerSample, image.bitsStored) : bitsPerSample,
    shift: 0,
    // Pixel Representation is right where a codestream says otherwise: writers put signed words in unsigned codestreams.
    signed: image.signed,
  };
}
