/**
 * MONOCHROME1 and MONOCHROME2 to 8-bit grey, in the standard's order: modality, VOI, presentation LUT shape (PS3.4 N.2). For
 * cells of up to 16 bits the whole chain is one table; 32-bit integers and floats go through it value by value.
 */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Raster } from '../raster.ts';
import { type Samples, storedValue } from '../samples.ts';
import { modalityTransform, type ValueMap } from './modality.ts';
import { readPadding } from './padding.ts';
import { reduceByFunction, reduceByTable } from './reduce.ts';
import { robustRange } from './statistics.ts';
import { voiTransform, windowTransform } from './voi.ts';

export function renderGrey(
  dataSet: DataSet,
  image: ImagePixel,
  samples: Samples,
  index: number,
  factor: number,
): Raster {
  const grey = greyOf(dataSet, image, samples, index);
  const { width, height } = samples;
  const size = {
    width: Math.floor(width / factor),
    height: Math.floor(height / factor),
    channels: 1,
  } as const;
  if (samples.kind === 'numbers') {
    const { data } = samples;
    return { ...size, data: reduceByFunction(width, height, 1, factor, (at) => grey(data[at] as number)) };
  }
  const mask = 2 ** samples.bitsStored - 1;
  const table = new Uint8Array(mask + 1);
  for (let cell = 0; cell <= mask; cell++) {
    table[cell] = Math.round(grey(storedValue(cell << samples.shift, samples)));
  }
  const data = reduceByTable(samples.data, width, height, factor, table, { shift: samples.shift, mask });
  return { ...size, data };
}

const BLACK = 0;
const WHITE = 255;

/** From a stored value to the grey that is shown. */
function greyOf(dataSet: DataSet, image: ImagePixel, samples: Samples, index: number): ValueMap {
  const modality = modalityTransform(dataSet, index);
  const padding = readPadding(dataSet, image);
  const voi =
    voiTransform(dataSet, index, image.number !== 'integer') ??
    fullRange(samples, modality) ??
    robustWindow(dataSet, image, samples, modality);
  const inverted = isInverted(dataSet, image);
  return (value) => {
    if (padding !== undefined && value >= padding.low && value <= padding.high) return BLACK;
    const grey = voi(modality(value));
    // Not a number: a parametric map says that there is no value.
    if (!(grey >= BLACK)) return BLACK;
    return inverted ? WHITE - grey : grey;
  };
}

/** Of 8 bits or fewer, all values are greys as they stand: captures, ultrasound, segmentations. */
function fullRange(samples: Samples, modality: ValueMap): ValueMap | undefined {
  if (samples.kind === 'numbers' || samples.bitsStored > 8) return undefined;
  const lowest = samples.signed ? -(2 ** (samples.bitsStored - 1)) : 0;
  return spanning(modality(lowest), modality(lowest + 2 ** samples.bitsStored - 1));
}

function robustWindow(dataSet: DataSet, image: ImagePixel, samples: Samples, modality: ValueMap): ValueMap {
  const { low, high } = robustRange(samples, readPadding(dataSet, image));
  return spanning(modality(low), modality(high));
}

function spanning(one: number, other: number): ValueMap {
  const width = Math.abs(other - one);
  return windowTransform({
    center: (one + other) / 2,
    width: width > 0 ? width : 1,
    function: 'LINEAR_EXACT',
  });
}

/** MONOCHROME1 and a Presentation LUT Shape of INVERSE say the same thing, not twice (PS3.3 C.7.6.3.1.2, C.11.6.1.2). */
function isInverted(dataSet: DataSet, image: ImagePixel): boolean {
  return image.photometric === 'MONOCHROME1' || dataSet.strings(TAG.PresentationLUTShape)[0] === 'INVERSE';
}
