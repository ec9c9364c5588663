/** One decoded frame to 8-bit grey or RGB, by Photometric Interpretation; scaled down by a whole factor on the way. */
import type { DataSet } from '../../dicom/index.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Raster, Size } from '../raster.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { renderColour } from './colour.ts';
import { renderGrey } from './grey.ts';
import { renderPalette } from './palette.ts';
import { reduction } from './reduce.ts';

/** Renders the frame at its own size, or at the smallest one by a whole factor that is not below `atLeast`. */
export function renderFrame(
  dataSet: DataSet,
  image: ImagePixel,
  samples: Samples,
  index: number,
  atLeast?: Size,
): Raster {
  const factor = atLeast === undefined ? 1 : reduction(samples, atLeast);
  switch (samples.colour) {
    case 'grey':
      return renderGrey(dataSet, image, samples, index, factor);
    case 'palette':
      if (samples.kind === 'numbers')
        throw new UndisplayableError('unsupported-pixel-format', 'PALETTE COLOR above 16 bits');
      return renderPalette(dataSet, samples, factor);
    default:
      return renderColour(samples, factor);
  }
}
