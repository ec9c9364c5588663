/** Small images described in a word, and the stored values they decode to. */
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import type { PreviewSource } from '../../../shared/pixels/preview.ts';
import { type Samples, storedValue } from '../../../shared/pixels/samples.ts';
import type { ImageDescription } from './image-object.ts';

export async function decode(source: PreviewSource, index = 0): Promise<Samples> {
  return decodeFrame(source, readImagePixel(source.part10.dataSet), index);
}

export function valuesOf(samples: Samples): number[] {
  return Array.from(samples.data, (cell) => (samples.kind === 'cells' ? storedValue(cell, samples) : cell));
}

export const grey = (more: Partial<ImageDescription> = {}): ImageDescription => ({
  rows: 2,
  columns: 2,
  ...more,
});
export const rgb = (more: Partial<ImageDescription> = {}): ImageDescription => ({
  rows: 1,
  columns: 2,
  samplesPerPixel: 3,
  photometric: 'RGB',
  planar: 0,
  ...more,
});
