/**
 * How a presentation state has an image lie (PS3.3 C.10.4, C.10.6): turned and mirrored, and the part of it that is to be seen. What it
 * asks for is where the image begins; it can be moved from there as any other.
 */
import { type DataSet, items, number, numbers, text } from './dicom-json.ts';
import { apply, type Extent, FITTED, type Image, magnification, matrixOf, type Place } from './geometry.ts';

export interface StatePlace {
  readonly rotation: Place['rotation'];
  readonly isMirrored: boolean;
  /** In pixels of the image; undefined where all of it is shown. */
  readonly area:
    | { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
    | undefined;
}

/** An area that is so much larger than the image shows nothing: the image is fitted then. */
const LARGEST_SHARE = 0.999;

/** What the state asks of the image; `isAbout` says which items are about it. Undefined where it asks for nothing. */
export function statePlace(
  state: DataSet,
  isAbout: (item: DataSet) => boolean,
  image: Image,
): StatePlace | undefined {
  const isMirrored = text(state, '00700041') === 'Y';
  const degrees = (((number(state, '00700042') ?? 0) % 360) + 360) % 360;
  // It turns first and mirrors then; here the image is mirrored first, which turns it the other way round.
  const clockwise = isMirrored ? (360 - degrees) % 360 : degrees;
  const rotation = (clockwise % 90 === 0 ? clockwise : 0) as Place['rotation'];
  const area = items(state, '0070005A')
    .filter(isAbout)
    .map((item) => areaOf(item, image))[0];
  return rotation === 0 && !isMirrored && area === undefined ? undefined : { rotation, isMirrored, area };
}

function areaOf(item: DataSet, { columns, rows }: Image): StatePlace['area'] {
  const [x, y] = numbers(item, '00700052');
  const [endX, endY] = numbers(item, '00700053');
  if (x === undefined || y === undefined || endX === undefined || endY === undefined) return undefined;
  // The corners are named as they are seen after turning, so either may be the smaller in the image.
  const left = Math.max(0, Math.min(x, endX) - 1);
  const top = Math.max(0, Math.min(y, endY) - 1);
  const right = Math.min(columns, Math.max(x, endX));
  const bottom = Math.min(rows, Math.max(y, endY));
  if (right <= left || bottom <= top) return undefined;
  const isWhole = right - left >= columns * LARGEST_SHARE && bottom - top >= rows * LARGEST_SHARE;
  return isWhole ? undefined : { left, top, right, bottom };
}

/** The same in a pane: the area fills it as far as it can. */
export function placeOfState({ rotation, isMirrored, area }: StatePlace, image: Image, pane: Extent): Place {
  const upright: Place = { ...FITTED, rotation, isMirrored };
  if (area === undefined) return upright;
  const part = { columns: area.right - area.left, rows: area.bottom - area.top, aspect: image.aspect };
  const scale = Math.max(1, magnification(part, pane, upright) / magnification(image, pane, upright));
  const place = { ...upright, scale };
  const middle = apply(matrixOf(image, pane, place), {
    x: (area.left + area.right) / 2,
    y: (area.top + area.bottom) / 2,
  });
  return { ...place, x: pane.width / 2 - middle.x, y: pane.height / 2 - middle.y };
}
