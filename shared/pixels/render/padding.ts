/** Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2): pixels that are no part of the image. */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';

export interface PaddingRange {
  readonly low: number;
  readonly high: number;
}

/** The range of stored values that are padding; undefined where the object names none. */
export function readPadding(dataSet: DataSet, image: ImagePixel): PaddingRange | undefined {
  const value = dataSet.number(TAG.PixelPaddingValue);
  if (value === undefined || image.number !== 'integer') return undefined;
  const limit = dataSet.number(TAG.PixelPaddingRangeLimit) ?? value;
  const ends = [value, limit].map((end) => asStored(end, image));
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** A value written as US where pixels are signed is the same bits: -2000 stands there as 63536. */
function asStored(value: number, { signed, bitsAllocated, bitsStored }: ImagePixel): number {
  const range = 2 ** Math.min(32, bitsAllocated);
  const bits = ((value % range) + range) % range;
  if (signed) return bits >= range / 2 ? bits - range : bits;
  return bits % 2 ** bitsStored;
}
