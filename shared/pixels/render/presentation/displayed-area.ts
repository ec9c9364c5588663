/** The part of the image that a presentation state shows, and the size it is shown at (PS3.3 C.10.4). */
import type { DataSet } from '../../../dicom/index.ts';
import { TAG } from '../../attributes.ts';
import type { ImagePixel } from '../../image-pixel.ts';
import type { Size } from '../../raster.ts';

export interface DisplayedArea {
  /** Columns and rows of the image, from 1, both ends shown; they may lie outside of it. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Height of a pixel over its width. */
  readonly aspect: number | undefined;
  /** How much it is enlarged; 'fit' fills the size there is. TRUE SIZE is 1: the size of the viewer's pixels is not known. */
  readonly scale: number | 'fit';
}

export function readDisplayedArea(item: DataSet): DisplayedArea | undefined {
  const [x, y] = item.numbers(TAG.DisplayedAreaTopLeftHandCorner);
  const [endX, endY] = item.numbers(TAG.DisplayedAreaBottomRightHandCorner);
  if (x === undefined || y === undefined || endX === undefined || endY === undefined) return undefined;
  const [vertical, horizontal] =
    item.numbers(TAG.PresentationPixelSpacing).length === 2
      ? item.numbers(TAG.PresentationPixelSpacing)
      : item.numbers(TAG.PresentationPixelAspectRatio);
  const aspect = (vertical ?? 0) / (horizontal ?? 0);
  return {
    // The corners are named as they are seen after rotation and flip, so either may be the smaller in the image.
    left: Math.min(x, endX),
    top: Math.min(y, endY),
    right: Math.max(x, endX),
    bottom: Math.max(y, endY),
    aspect: Number.isFinite(aspect) && aspect > 0 ? aspect : undefined,
    scale: scaleOf(item),
  };
}

function scaleOf(item: DataSet): number | 'fit' {
  const mode = item.strings(TAG.PresentationSizeMode)[0];
  if (mode === 'SCALE TO FIT') return 'fit';
  const ratio = item.number(TAG.PresentationPixelMagnificationRatio);
  return mode === 'MAGNIFY' && ratio !== undefined && ratio > 0 ? ratio : 1;
}

/** All of the image, as it is. */
export function wholeArea({ rows, columns }: ImagePixel, aspect: number): DisplayedArea {
  return { left: 1, top: 1, right: columns, bottom: rows, aspect, scale: 1 };
}

/** An area so much larger than the image would be a canvas of nothing: the image is shown whole instead. */
const MAXIMUM_EXCESS = 4;

/** The area within reason: around some of the image, and of a size that can be allocated. */
export function boundedArea(area: DisplayedArea, image: ImagePixel): DisplayedArea {
  const overlaps =
    area.left <= image.columns && area.top <= image.rows && area.right >= 1 && area.bottom >= 1;
  const isHuge =
    area.right - area.left + 1 > image.columns * MAXIMUM_EXCESS ||
    area.bottom - area.top + 1 > image.rows * MAXIMUM_EXCESS;
  if (overlaps && !isHuge) return area;
  return { ...area, left: 1, top: 1, right: image.columns, bottom: image.rows };
}

/** The size of the area before rotation, its longest side at most `longest`. */
export function areaSize(area: DisplayedArea, aspect: number, longest: number): Size {
  const columns = area.right - area.left + 1;
  const rows = area.bottom - area.top + 1;
  const width = aspect < 1 ? columns / aspect : columns;
  const height = aspect > 1 ? rows * aspect : rows;
  const fitting = longest / Math.max(width, height);
  const scale = area.scale === 'fit' ? fitting : Math.min(area.scale, fitting);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
