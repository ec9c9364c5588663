/** Sequence of Ultrasound Regions (0018,6011): where in the picture the ultrasound is, with its scale (PS3.3 C.8.5.5). */
import type { DataSet, Tag } from '../../dicom/index.ts';
import type { Rectangle } from '../mask/mask.ts';

const REGIONS: Tag = 0x00186011;
const MIN_X: Tag = 0x00186018;
const MIN_Y: Tag = 0x0018601a;
const MAX_X: Tag = 0x0018601c;
const MAX_Y: Tag = 0x0018601e;

/** The regions of the picture; of those that are not well formed none. */
export function ultrasoundRegions(dataSet: DataSet): Rectangle[] {
  return dataSet.sequence(REGIONS).flatMap((item) => {
    const [x, y, right, bottom] = [MIN_X, MIN_Y, MAX_X, MAX_Y].map((tag) => item.number(tag));
    if (x === undefined || y === undefined || right === undefined || bottom === undefined) return [];
    if (right <= x || bottom <= y) return [];
    return [{ x, y, width: right - x + 1, height: bottom - y + 1 }];
  });
}

/** Whether a rectangle lies wholly within one of others. */
export function isWithin(inner: Rectangle, outer: readonly Rectangle[]): boolean {
  return outer.some(
    ({ x, y, width, height }) =>
      inner.x >= x &&
      inner.y >= y &&
      inner.x + inner.width <= x + width &&
      inner.y + inner.height <= y + height,
  );
}
