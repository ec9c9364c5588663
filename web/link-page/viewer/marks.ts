/** The measurements of a visit: kept by image while the page is open, nowhere else, and one of them chosen. */
import type { Point } from './calibration.ts';
import type { Mark, MarkKind } from './measure.ts';

export interface Chosen {
  readonly key: string;
  readonly mark: Mark;
  readonly handle: number;
}

export interface Marks {
  of(key: string): readonly Mark[];
  chosen(): Chosen | undefined;
  choose(key: string, id: number, handle: number): void;
  clearChoice(): void;
  add(key: string, kind: MarkKind, points: readonly Point[]): Mark;
  /** Moves the chosen handle. */
  moveTo(point: Point): void;
  nextHandle(): void;
  removeChosen(): boolean;
  /** Whether any image has one. */
  keys(): readonly string[];
}

export function openMarks(): Marks {
  const kept = new Map<string, Mark[]>();
  let choice: { key: string; id: number; handle: number } | undefined;
  let last = 0;

  const find = (): Chosen | undefined => {
    const mark = choice && kept.get(choice.key)?.find(({ id }) => id === choice?.id);
    return choice && mark && { key: choice.key, mark, handle: choice.handle };
  };
  const replace = (key: string, id: number, next: Mark | undefined): void => {
    const marks = (kept.get(key) ?? []).flatMap((mark) => (mark.id === id ? (next ?? []) : mark));
    if (marks.length === 0) kept.delete(key);
    else kept.set(key, marks);
  };

  return {
    of: (key) => kept.get(key) ?? [],
    chosen: find,
    choose(key, id, handle) {
      choice = { key, id, handle };
    },
    clearChoice() {
      choice = undefined;
    },
    add(key, kind, points) {
      const mark = { id: ++last, kind, points };
      kept.set(key, [...(kept.get(key) ?? []), mark]);
      choice = { key, id: mark.id, handle: points.length - 1 };
      return mark;
    },
    moveTo(point) {
      const found = find();
      if (found === undefined) return;
      const points = found.mark.points.map((one, index) => (index === found.handle ? point : one));
      replace(found.key, found.mark.id, { ...found.mark, points });
    },
    nextHandle() {
      const found = find();
      if (found !== undefined && choice !== undefined)
        choice = { ...choice, handle: (found.handle + 1) % found.mark.points.length };
    },
    removeChosen() {
      const found = find();
      if (found === undefined) return false;
      replace(found.key, found.mark.id, undefined);
      choice = undefined;
      return true;
    },
    keys: () => [...kept.keys()],
  };
}

/** A second arm for an angle whose first one was drawn: at right angles to it, to be moved. */
export function withSecondArm([a, vertex]: readonly [Point, Point]): readonly Point[] {
  const arm = { x: a.x - vertex.x, y: a.y - vertex.y };
  return [a, vertex, { x: vertex.x - arm.y, y: vertex.y + arm.x }];
}

/** A mark of some size about the middle of what is seen, for who measures by keys. */
export function markAbout(kind: MarkKind, { x, y }: Point, reach: number): readonly Point[] {
  const [a, b] = [
    { x: x - reach, y },
    { x: x + reach, y },
  ];
  if (kind === 'length') return [a, b];
  if (kind === 'angle') return [a, { x, y }, { x, y: y - reach }];
  return [
    { x: x - reach, y: y - reach },
    { x: x + reach, y: y + reach },
  ];
}
