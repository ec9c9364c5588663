/** What black is: by colour model, Photometric Interpretation, sign and, of a palette, its darkest entry. */
import type { DataSet } from '../../dicom/index.ts';
import { storedColour } from '../codecs/frame-decoder.ts';
import type { ImagePixel } from '../image-pixel.ts';
import { readPalette } from '../render/palette.ts';
import { type ColourModel, storedValue } from '../samples.ts';

interface Cell {
  readonly colour: ColourModel;
  readonly bitsStored: number;
  /** Bits below the stored value. */
  readonly shift: number;
  readonly signed: boolean;
}

/** What black depends on that a frame's samples do not say. */
export interface BlackContext {
  readonly isInverse: boolean;
  /** Of a palette: the stored value that it shows darkest. */
  readonly darkest: number;
  readonly isInteger: boolean;
}

export function blackContext(dataSet: DataSet, image: ImagePixel): BlackContext {
  return {
    isInverse: image.photometric === 'MONOCHROME1',
    darkest: image.photometric === 'PALETTE COLOR' ? darkestEntry(dataSet, image) : 0,
    isInteger: image.number === 'integer',
  };
}

/** The value of each channel of a pixel that shows as black; of floating point zero, as its least value is no picture's. */
export function blackOf(cell: Cell, { isInverse, darkest, isInteger }: BlackContext): readonly number[] {
  if (!isInteger) return [0];
  const { colour, bitsStored, shift, signed } = cell;
  const unit = 2 ** shift;
  const middle = 2 ** (bitsStored - 1);
  switch (colour) {
    case 'grey': {
      const least = signed ? -middle : 0;
      return [(isInverse ? least + 2 * middle - 1 : least) * unit];
    }
    case 'palette':
      return [darkest * unit];
    case 'rgb':
      return [0, 0, 0];
    case 'ybr-full':
      return [0, middle * unit, middle * unit];
    case 'ybr-partial':
      // 16 of 256 levels (PS3.3 C.7.6.3.1.2).
      return [(middle / 8) * unit, middle * unit, middle * unit];
  }
}

/** The cell that native frames of the image are made of. */
export function nativeCell(image: ImagePixel): Cell {
  const { photometric, bitsStored, highBit, signed } = image;
  return { colour: storedColour(photometric), bitsStored, shift: highBit + 1 - bitsStored, signed };
}

/** The stored value, as bits, that the palette shows darkest: the first of those that are. */
function darkestEntry(dataSet: DataSet, { bitsStored, signed }: ImagePixel): number {
  const palette = readPalette(dataSet);
  let darkest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cell = 0; cell < 2 ** bitsStored && least > 0; cell++) {
    const value = storedValue(cell, { bitsStored, signed, shift: 0 });
    const sum = palette.reduce(
      (total, { first, table }) =>
        total + (table[Math.min(table.length - 1, Math.max(0, value - first))] as number),
      0,
    );
    if (sum < least) {
      least = sum;
      darkest = cell;
    }
  }
  return darkest;
}
