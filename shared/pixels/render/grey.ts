/**
 * MONOCHROME1 and MONOCHROME2 to 8-bit grey, in the standard's order: modality, VOI, presentation LUT (PS3.4 N.2). For
 * cells of up to 16 bits the whole chain is one table; 32-bit integers and floats go through it value by value.
 */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Raster, ShownWindow } from '../raster.ts';
import { type Samples, storedValue } from '../samples.ts';
import { windowBetween } from '../window/choose-window.ts';
import { automaticWindow } from './automatic-window.ts';
import { frameScope } from './functional-groups.ts';
import { type ModalityTransform, modalityRange, modalityTransform, type ValueMap } from './modality.ts';
import { readPadding } from './padding.ts';
import { type PaletteTables, supplementalPalette } from './palette.ts';
import { invert, presentationTransform } from './presentation-lut.ts';
import { interleave, reduceByFunction, reduceByTable } from './reduce.ts';
import type { ViewOptions } from './view.ts';
import { statedWindow, voiOfScope, type Window, windowTransform } from './voi.ts';

export function renderGrey(
  dataSet: DataSet,
  image: ImagePixel,
  samples: Samples,
  index: number,
  factor: number,
  view: ViewOptions = {},
): Raster {
  const chain = chainOf(dataSet, image, samples, index, view);
  const grey = greyOf(dataSet, image, chain);
  const { width, height } = samples;
  const size = {
    width: Math.floor(width / factor),
    height: Math.floor(height / factor),
    ...(chain.window === undefined ? {} : { window: chain.window }),
  };
  if (samples.kind === 'numbers') {
    const { data } = samples;
    const greys = reduceByFunction(width, height, 1, factor, (at) => grey(data[at] as number));
    return colouredBy(view.presentation?.palette, { ...size, channels: 1, data: greys });
  }
  const mask = 2 ** samples.bitsStored - 1;
  const table = new Uint8Array(mask + 1);
  for (let cell = 0; cell <= mask; cell++) {
    table[cell] = Math.round(grey(storedValue(cell << samples.shift, samples)));
  }
  const cells = { shift: samples.shift, mask };
  const reduceBy = (map: Uint8Array) => reduceByTable(samples.data, width, height, factor, map, cells);
  const supplement = view.presentation === undefined ? supplementalPalette(dataSet, image) : undefined;
  if (supplement === undefined) {
    return colouredBy(view.presentation?.palette, { ...size, channels: 1, data: reduceBy(table) });
  }
  const tables = supplement.map(({ first, table: colours }) => {
    const map = table.slice();
    for (let cell = 0; cell <= mask; cell++) {
      const value = storedValue(cell << samples.shift, samples);
      if (value >= first) map[cell] = colours[Math.min(colours.length - 1, value - first)] as number;
    }
    return map;
  });
  return { ...size, channels: 3, data: interleave(tables.map(reduceBy)) };
}

/** Greys through the palette of a pseudo-colour presentation state, which spans all of them (PS3.3 A.33.3). */
function colouredBy(palette: PaletteTables | undefined, raster: Raster): Raster {
  if (palette === undefined) return raster;
  const planes = palette.map(({ table }) =>
    raster.data.map((grey) => table[Math.round((grey * (table.length - 1)) / 255)] as number),
  );
  return { ...raster, channels: 3, data: interleave(planes) };
}

const BLACK = 0;
const WHITE = 255;

/** From a stored value to the grey that is shown. */
function greyOf(dataSet: DataSet, image: ImagePixel, { modality, voi, shown }: GreyChain): ValueMap {
  const padding = readPadding(dataSet, image);
  return (value) => {
    if (padding !== undefined && value >= padding.low && value <= padding.high) return BLACK;
    const grey = voi(modality(value));
    // Not a number: a parametric map says that there is no value.
    if (!(grey >= BLACK)) return BLACK;
    return shown === undefined ? grey : shown(grey);
  };
}

interface GreyChain {
  readonly modality: ValueMap;
  readonly voi: ValueMap;
  readonly shown: ValueMap | undefined;
  readonly window?: ShownWindow | undefined;
}

function chainOf(
  dataSet: DataSet,
  image: ImagePixel,
  samples: Samples,
  index: number,
  { window, presentation, inverted = false }: ViewOptions,
): GreyChain {
  const isFloat = image.number !== 'integer';
  if (presentation !== undefined && presentation.kind !== 'colour') {
    // The state says all, also by what it leaves out: nothing of the image's own transforms is used (PS3.4 N.2.1).
    const modality = modalityTransform(presentation.dataSet, 0);
    const scope = presentation.softcopyVoi(dataSet, index);
    const voi =
      voiOfScope(scope, isFloat, window) ??
      identity(samples, modality) ??
      windowTransform(automaticWindow(dataSet, image, samples, modality.map));
    return {
      modality: modality.map,
      voi,
      shown: turned(presentationTransform(presentation.dataSet), inverted),
    };
  }
  const modality = modalityTransform(dataSet, index);
  const scope = frameScope(dataSet, index, TAG.FrameVOILUTSequence);
  const stated = voiOfScope(scope, isFloat, window);
  const used =
    stated !== undefined
      ? statedWindow(scope, isFloat, window)
      : (fullRange(samples, modality) ?? automaticWindow(dataSet, image, samples, modality.map));
  const voi = stated ?? windowTransform(used as Window);
  // MONOCHROME1 and a Presentation LUT Shape of INVERSE say the same thing, not twice (PS3.3 C.7.6.3.1.2, C.11.6.1.2).
  const shown = presentationTransform(dataSet) ?? (image.photometric === 'MONOCHROME1' ? invert : undefined);
  const falling = shown !== undefined && shown(WHITE) < shown(BLACK);
  return {
    modality: modality.map,
    voi,
    shown: turned(shown, inverted),
    window: used && { center: used.center, width: used.width, falling },
  };
}

function turned(shown: ValueMap | undefined, inverted: boolean): ValueMap | undefined {
  if (!inverted) return shown;
  return shown === undefined ? invert : (grey) => invert(shown(grey));
}

/** Of 8 bits or fewer, all values are greys as they stand: captures, ultrasound, segmentations. */
function fullRange(samples: Samples, modality: ModalityTransform): Window | undefined {
  return samples.bitsStored > 8 ? undefined : identityWindow(samples, modality);
}

/** The VOI transform that is none: all that the modality transform can give, from black to white. */
function identity(samples: Samples, modality: ModalityTransform): ValueMap | undefined {
  const window = identityWindow(samples, modality);
  return window && windowTransform(window);
}

function identityWindow(samples: Samples, modality: ModalityTransform): Window | undefined {
  const range = modalityRange(samples, modality);
  return range && windowBetween(...range);
}
