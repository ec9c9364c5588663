/**
 * What a distance on the picture is in the patient. Points are in pixels of the image, from its upper left corner. Ultrasound is
 * calibrated region by region (PS3.3 C.8.5.5): what does not lie in one region has no size, and is not given one.
 */
import type { ImageFacts, UltrasoundRegion } from './image-facts.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Calibration =
  | { readonly kind: 'length'; readonly x: number; readonly y: number; readonly note?: string }
  /** Axes of a spectrum or a trace: each has a unit of its own. */
  | { readonly kind: 'axes'; readonly x: Axis; readonly y: Axis }
  | { readonly kind: 'pixels'; readonly note?: string }
  | { readonly kind: 'none'; readonly why: string };

export interface Axis {
  readonly delta: number;
  readonly unit: string;
}

/** C.8.5.5.1.15: centimetres stand as millimetres. */
const UNITS: Readonly<Record<number, readonly [factor: number, unit: string]>> = {
  3: [10, 'mm'],
  4: [1, 's'],
  5: [1, 'Hz'],
  7: [1, 'cm/s'],
};

/** How the points, the first of which was set first, are to be measured. */
export function calibrationFor(
  facts: Pick<ImageFacts, 'regions' | 'spacing'>,
  points: readonly Point[],
): Calibration {
  const { regions, spacing } = facts;
  if (regions.length > 0) {
    const region = regionAt(regions, points[0]);
    if (region === undefined) {
      const isAround = points.some((point) => regionAt(regions, point) !== undefined);
      return isAround
        ? { kind: 'none', why: 'begins outside the calibrated region: not measured' }
        : { kind: 'pixels', note: 'outside the calibrated regions' };
    }
    if (points.some((point) => !isWithin(region, point)))
      return { kind: 'none', why: 'crosses the edge of its calibrated region: not measured' };
    if (points.some((point) => regionAt(regions, point) !== region))
      return { kind: 'none', why: 'crosses two calibrated regions: not measured' };
    return regionCalibration(region);
  }
  if (spacing === undefined) return { kind: 'pixels' };
  const { x, y, approximate } = spacing;
  return approximate === undefined
    ? { kind: 'length', x, y }
    : { kind: 'length', x, y, note: `approximate (${approximate})` };
}

/** The calibration that a scale bar may be drawn by: of the largest region that shows tissue. */
export function calibrationOfAll(facts: Pick<ImageFacts, 'regions' | 'spacing'>): Calibration {
  if (facts.regions.length === 0) return calibrationFor(facts, []);
  const tissue = facts.regions
    .filter(({ unitsX, unitsY }) => unitsX === 3 && unitsY === 3)
    .sort((one, other) => areaOf(other) - areaOf(one))[0];
  return tissue === undefined ? { kind: 'pixels' } : regionCalibration(tissue);
}

/** The region that is seen at a point: of those that overlap the one of high priority, then the smaller. */
function regionAt(
  regions: readonly UltrasoundRegion[],
  point: Point | undefined,
): UltrasoundRegion | undefined {
  if (point === undefined) return undefined;
  return regions
    .filter((region) => isWithin(region, point))
    .sort((one, other) => Number(other.high) - Number(one.high) || areaOf(one) - areaOf(other))[0];
}

/** Regions are told by their first and last pixels, and so reach one further. */
function isWithin({ x0, y0, x1, y1 }: UltrasoundRegion, { x, y }: Point): boolean {
  return x >= x0 && x <= x1 + 1 && y >= y0 && y <= y1 + 1;
}

const areaOf = ({ x0, y0, x1, y1 }: UltrasoundRegion) => (x1 - x0) * (y1 - y0);

function regionCalibration({ unitsX, unitsY, deltaX, deltaY }: UltrasoundRegion): Calibration {
  const [x, y] = [UNITS[unitsX], UNITS[unitsY]];
  if (x === undefined || y === undefined || deltaX === 0 || deltaY === 0)
    return { kind: 'pixels', note: 'no unit is given for this region' };
  if (x[1] === 'mm' && y[1] === 'mm') return { kind: 'length', x: deltaX * x[0], y: deltaY * y[0] };
  return {
    kind: 'axes',
    x: { delta: deltaX * x[0], unit: x[1] },
    y: { delta: deltaY * y[0], unit: y[1] },
  };
}
