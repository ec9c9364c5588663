/** The window of a frame that names none: its values are counted, and `shared/pixels/window` chooses, as it does in the browser. */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { CellSamples, NumberSamples } from '../samples.ts';
import { chooseWindow } from '../window/choose-window.ts';
import type { ValueMap } from './modality.ts';
import { readPadding } from './padding.ts';
import { countValues } from './statistics.ts';
import type { Window } from './voi.ts';

/** The window, in values of the modality. */
export function automaticWindow(
  dataSet: DataSet,
  image: ImagePixel,
  samples: CellSamples | NumberSamples,
  modality: ValueMap,
): Window {
  const padding = readPadding(dataSet, image);
  const counts = countValues(samples).filter(
    ([value]) => !(padding && value >= padding.low && value <= padding.high),
  );
  const habits = {
    modality: dataSet.strings(TAG.Modality)[0] ?? '',
    isLocalizer: dataSet.strings(TAG.ImageType).includes('LOCALIZER'),
    rescaleType: dataSet.strings(TAG.RescaleType)[0],
    isInverse: image.photometric !== 'MONOCHROME2',
  };
  return chooseWindow(counts, habits, modality);
}
