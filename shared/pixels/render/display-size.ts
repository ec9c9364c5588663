/** The size a picture is shown at: square pixels, whatever the detector's were, within a longest side. */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Size } from '../raster.ts';
import { frameScope } from './functional-groups.ts';

/** Height of a pixel over its width: Pixel Spacing, Imager Pixel Spacing or Pixel Aspect Ratio, else 1. */
export function pixelAspect(dataSet: DataSet, index: number): number {
  const measures = frameScope(dataSet, index, TAG.PixelMeasuresSequence);
  const pairs = [
    measures.numbers(TAG.PixelSpacing),
    dataSet.numbers(TAG.ImagerPixelSpacing),
    dataSet.numbers(TAG.PixelAspectRatio),
  ];
  for (const [vertical, horizontal] of pairs) {
    if (vertical === undefined || horizontal === undefined || !(vertical > 0) || !(horizontal > 0)) continue;
    return vertical / horizontal;
  }
  return 1;
}

/** Beyond this a spacing is a mistake, and an image stretched to a line helps nobody. */
const MAXIMUM_ASPECT = 8;

/** The aspect that pixels are shown with. */
export function trustedAspect(dataSet: DataSet, index: number): number {
  const aspect = pixelAspect(dataSet, index);
  return aspect <= MAXIMUM_ASPECT && aspect >= 1 / MAXIMUM_ASPECT ? aspect : 1;
}

/** The size of the picture: its longest side at most `longest`, never enlarged but to make pixels square. */
export function displaySize(dataSet: DataSet, image: ImagePixel, index: number, longest: number): Size {
  const trusted = trustedAspect(dataSet, index);
  const width = trusted < 1 ? image.columns / trusted : image.columns;
  const height = trusted > 1 ? image.rows * trusted : image.rows;
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
