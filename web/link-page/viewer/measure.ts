/** Lengths, angles and regions, and what is to be said of them. Nothing is said in millimetres that is not known in millimetres. */
import { type Calibration, calibrationFor, type Point } from './calibration.ts';
import type { ImageFacts } from './image-facts.ts';
import type { GreyFrame } from './pixels.ts';

export type MarkKind = 'length' | 'angle' | 'ellipse' | 'rectangle';

/** A measurement: two points, or three of an angle whose middle one is the vertex. */
export interface Mark {
  readonly id: number;
  readonly kind: MarkKind;
  readonly points: readonly Point[];
}

/** What a mark measures; `frame` where its values are at hand. */
export function describeMark(
  mark: Pick<Mark, 'kind' | 'points'>,
  facts: Pick<ImageFacts, 'regions' | 'spacing' | 'unit' | 'columns' | 'rows'>,
  frame?: GreyFrame,
): readonly string[] {
  const calibration = calibrationFor(facts, cornersOf(mark));
  const note = 'note' in calibration && calibration.note !== undefined ? [calibration.note] : [];
  switch (mark.kind) {
    case 'length':
      return calibration.kind === 'none'
        ? [calibration.why]
        : [...lengthText(mark.points, calibration), ...note];
    case 'angle':
      return angleText(mark.points, calibration);
    default: {
      const values = frame === undefined ? [] : valueText(mark, facts, frame);
      if (calibration.kind === 'none') return [calibration.why, ...values];
      return [areaText(mark, calibration), ...values, ...note];
    }
  }
}

/** Every point that has to lie in the region: of an area its corners. */
function cornersOf({ kind, points }: Pick<Mark, 'kind' | 'points'>): readonly Point[] {
  const [a, b] = points;
  if (kind === 'length' || kind === 'angle' || a === undefined || b === undefined) return points;
  return [a, b, { x: a.x, y: b.y }, { x: b.x, y: a.y }];
}

/** The distance in millimetres; undefined where that is not known. */
export function lengthOf([a, b]: readonly Point[], calibration: Calibration): number | undefined {
  if (a === undefined || b === undefined || calibration.kind !== 'length') return undefined;
  return Math.hypot((b.x - a.x) * calibration.x, (b.y - a.y) * calibration.y);
}

function lengthText(points: readonly Point[], calibration: Calibration): string[] {
  const [a, b] = points;
  if (a === undefined || b === undefined) return [];
  const [dx, dy] = [Math.abs(b.x - a.x), Math.abs(b.y - a.y)];
  if (calibration.kind === 'axes') {
    const { x, y } = calibration;
    return [`Δ ${short(dx * x.delta)} ${x.unit}`, `Δ ${short(dy * y.delta)} ${y.unit}`];
  }
  const length = lengthOf(points, calibration);
  return [length === undefined ? `${Math.hypot(dx, dy).toFixed(1)} px` : `${length.toFixed(1)} mm`];
}

function angleText(points: readonly Point[], calibration: Calibration): string[] {
  const [a, vertex, b] = points;
  if (a === undefined || vertex === undefined || b === undefined) return [];
  if (calibration.kind === 'none') return [calibration.why];
  if (calibration.kind === 'axes') return ['no angle between different units'];
  const [x, y] = calibration.kind === 'length' ? [calibration.x, calibration.y] : [1, 1];
  const arm = (end: Point) => Math.atan2((end.y - vertex.y) * y, (end.x - vertex.x) * x);
  const turn = Math.abs(arm(a) - arm(b)) % (2 * Math.PI);
  return [`${((Math.min(turn, 2 * Math.PI - turn) * 180) / Math.PI).toFixed(1)}°`];
}

function areaText({ kind, points }: Pick<Mark, 'kind' | 'points'>, calibration: Calibration): string {
  const [a, b] = points;
  if (a === undefined || b === undefined) return '';
  const box = Math.abs((b.x - a.x) * (b.y - a.y)) * (kind === 'ellipse' ? Math.PI / 4 : 1);
  if (calibration.kind !== 'length') return `${Math.round(box)} px²`;
  const area = box * calibration.x * calibration.y;
  return area >= 100 ? `${(area / 100).toFixed(2)} cm²` : `${area.toFixed(1)} mm²`;
}

export interface RegionValues {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Values whose pixels' middles lie in the region; padding does not count. */
export function valuesWithin(
  { kind, points }: Pick<Mark, 'kind' | 'points'>,
  { columns, rows }: Pick<ImageFacts, 'columns' | 'rows'>,
  { values, padded }: GreyFrame,
): RegionValues | undefined {
  const [a, b] = points;
  if (a === undefined || b === undefined) return undefined;
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const half = { x: Math.abs(b.x - a.x) / 2, y: Math.abs(b.y - a.y) / 2 };
  let [count, mean, spread] = [0, 0, 0];
  for (let y = firstWithin(middle.y - half.y); y + 0.5 <= middle.y + half.y && y < rows; y++) {
    for (let x = firstWithin(middle.x - half.x); x + 0.5 <= middle.x + half.x && x < columns; x++) {
      const [across, down] = [(x + 0.5 - middle.x) / half.x, (y + 0.5 - middle.y) / half.y];
      if (kind === 'ellipse' && across * across + down * down > 1) continue;
      const at = y * columns + x;
      if (padded?.[at] === 1) continue;
      // Welford's recurrence: sums of squares of large values lose the small ones.
      const value = values[at] as number;
      count += 1;
      const off = value - mean;
      mean += off / count;
      spread += off * (value - mean);
    }
  }
  return count === 0 ? undefined : { count, mean, deviation: Math.sqrt(spread / count) };
}

const firstWithin = (edge: number) => Math.max(0, Math.ceil(edge - 0.5));

function valueText(
  mark: Pick<Mark, 'kind' | 'points'>,
  facts: Pick<ImageFacts, 'unit' | 'columns' | 'rows'>,
  frame: GreyFrame,
): string[] {
  const found = valuesWithin(mark, facts, frame);
  if (found === undefined) return ['no pixel lies within'];
  const unit = facts.unit === undefined ? '' : ` ${facts.unit}`;
  return [`Mean ${short(found.mean)}${unit}`, `SD ${short(found.deviation)}${unit}`];
}

function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return value.toFixed(digits).replace('-', '−');
}

export const MARK_NAMES: Readonly<Record<MarkKind, string>> = {
  length: 'Length',
  angle: 'Angle',
  ellipse: 'Ellipse',
  rectangle: 'Rectangle',
};
