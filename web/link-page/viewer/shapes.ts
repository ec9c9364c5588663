/** Lines and words over an image, in pixels of the image: of measurements and of annotations alike, for the page and for paper. */
import type { Point } from './calibration.ts';
import type { Mark } from './measure.ts';

export type Tone = 'measure' | 'chosen' | 'note';

export type Shape =
  | {
      readonly kind: 'line';
      readonly points: readonly Point[];
      readonly isClosed: boolean;
      readonly tone: Tone;
    }
  | { readonly kind: 'dot'; readonly at: Point; readonly tone: Tone }
  | { readonly kind: 'text'; readonly at: Point; readonly lines: readonly string[]; readonly tone: Tone };

const AROUND = 64;

/** An ellipse by its middle and its two half axes, as the line that a pen would draw. */
export function ellipsePoints(middle: Point, one: Point, other: Point, around = AROUND): Point[] {
  return Array.from({ length: around }, (_, step) => {
    const angle = (2 * Math.PI * step) / around;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return { x: middle.x + one.x * cos + other.x * sin, y: middle.y + one.y * cos + other.y * sin };
  });
}

/** What is drawn of a measurement. */
export function shapesOf(mark: Mark, says: readonly string[], tone: 'measure' | 'chosen'): Shape[] {
  const { kind, points } = mark;
  const [a, b] = points;
  if (a === undefined || b === undefined) return [];
  const line = (path: readonly Point[], isClosed: boolean): Shape => ({
    kind: 'line',
    points: path,
    isClosed,
    tone,
  });
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const outline =
    kind === 'ellipse'
      ? line(ellipsePoints(middle, { x: (b.x - a.x) / 2, y: 0 }, { x: 0, y: (b.y - a.y) / 2 }), true)
      : kind === 'rectangle'
        ? line([a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }], true)
        : line(points, false);
  return [
    outline,
    ...points.map((at): Shape => ({ kind: 'dot', at, tone })),
    { kind: 'text', at: labelPlace(mark), lines: says, tone },
  ];
}

/** Beside the point that lies furthest to the right. */
function labelPlace({ points }: Mark): Point {
  const x = Math.max(...points.map((point) => point.x));
  const at = points.find((point) => point.x === x);
  return { x, y: at?.y ?? 0 };
}

/** The point of a mark within reach: the handle that a finger or a mouse would take. */
export function handleAt(
  marks: readonly Mark[],
  place: (point: Point) => Point,
  at: Point,
  reach: number,
): { readonly mark: Mark; readonly handle: number } | undefined {
  let best: { mark: Mark; handle: number; away: number } | undefined;
  for (const mark of marks) {
    for (const [handle, point] of mark.points.entries()) {
      const shown = place(point);
      const away = Math.hypot(shown.x - at.x, shown.y - at.y);
      if (away <= reach && away < (best?.away ?? Infinity)) best = { mark, handle, away };
    }
  }
  return best;
}
