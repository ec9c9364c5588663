/**
 * Where the image lies in its pane: fitted, enlarged, moved, turned, mirrored. One matrix from pixels of the image to pixels of the
 * page places preview, picture and marks alike, so that nothing jumps when one gives way to another.
 */
import type { Point } from './calibration.ts';

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  /** 1 is fitted. */
  readonly scale: number;
  /** From the middle of the pane, in pixels of the page. */
  readonly x: number;
  readonly y: number;
  /** Degrees clockwise. */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly isMirrored: boolean;
}

export interface Image {
  readonly columns: number;
  readonly rows: number;
  /** Height of a pixel divided by its width. */
  readonly aspect: number;
}

/** As CSS has it: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const FITTED: Place = { scale: 1, x: 0, y: 0, rotation: 0, isMirrored: false };
const MOST = 40;

/** Pixels of the page for the breadth of one of the image. */
export function magnification(image: Image, pane: Extent, place: Place): number {
  const height = image.rows * image.aspect;
  const isTurned = place.rotation % 180 !== 0;
  const [wide, high] = isTurned ? [height, image.columns] : [image.columns, height];
  return Math.min(pane.width / wide, pane.height / high) * place.scale;
}

export function matrixOf(image: Image, pane: Extent, place: Place): Matrix {
  const size = magnification(image, pane, place);
  const turn = (place.rotation * Math.PI) / 180;
  const [cos, sin] = [Math.round(Math.cos(turn)), Math.round(Math.sin(turn))];
  const across = place.isMirrored ? -size : size;
  const down = size * image.aspect;
  const [a, b, c, d] = [cos * across, sin * across, -sin * down, cos * down];
  const middle = { x: image.columns / 2, y: image.rows / 2 };
  return [
    a,
    b,
    c,
    d,
    pane.width / 2 + place.x - a * middle.x - c * middle.y,
    pane.height / 2 + place.y - b * middle.x - d * middle.y,
  ];
}

export function apply([a, b, c, d, e, f]: Matrix, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

export function invert([a, b, c, d, e, f]: Matrix): Matrix {
  const area = a * d - b * c;
  return [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area];
}

/** Enlarged by a factor so that the point (from the middle of the pane) stays where it is. */
export function zoomedAt(place: Place, factor: number, point: Point, pane: Extent): Place {
  const scale = Math.min(MOST, Math.max(1, place.scale * factor));
  const kept = scale / place.scale;
  const [x, y] = [point.x - (point.x - place.x) * kept, point.y - (point.y - place.y) * kept];
  return within({ ...place, scale, x, y }, pane);
}

/** Moved, but never so far that the image leaves the pane. */
export function moved(place: Place, x: number, y: number, pane: Extent): Place {
  return within({ ...place, x: place.x + x, y: place.y + y }, pane);
}

function within(place: Place, { width, height }: Extent): Place {
  const bounded = (value: number, side: number) => {
    const most = ((place.scale - 1) * side) / 2;
    if (most === 0) return 0;
    return Math.min(most, Math.max(-most, value));
  };
  return { ...place, x: bounded(place.x, width), y: bounded(place.y, height) };
}

export function turned(place: Place): Place {
  return { ...place, x: 0, y: 0, rotation: ((place.rotation + 90) % 360) as Place['rotation'] };
}

const OPPOSITE: Readonly<Record<string, string>> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' };

export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** The letters at the edges of the pane (PS3.3 C.7.6.1.1.1); undefined where the image does not say how it lies. */
export function edgeLetters(
  facts: { readonly orientation: readonly number[] | undefined; readonly letters: readonly string[] },
  image: Image,
  matrix: Matrix,
): EdgeLetters | undefined {
  const back = invert(matrix);
  const toward = (x: number, y: number): string => {
    // A direction on the page as one along rows and columns of the image, both in breadths of a pixel.
    const along = { row: back[0] * x + back[2] * y, column: (back[1] * x + back[3] * y) * image.aspect };
    return facts.orientation === undefined
      ? letterOf(facts.letters, along)
      : cosineLetters(facts.orientation, along);
  };
  const [left, right, top, bottom] = [toward(-1, 0), toward(1, 0), toward(0, -1), toward(0, 1)];
  return left === '' || top === '' ? undefined : { left, right, top, bottom };
}

function letterOf([row, column]: readonly string[], along: { row: number; column: number }): string {
  const isRow = Math.abs(along.row) > Math.abs(along.column);
  const letters = isRow ? row : column;
  // `AL` and `LPH`; `A(RIGHT)` and the like are not of a patient who stands on two legs.
  if (letters === undefined || !/^[LRAPHF]{1,3}$/.test(letters)) return '';
  const isAlong = isRow ? along.row > 0 : along.column > 0;
  return isAlong ? letters : [...letters].map((letter) => OPPOSITE[letter]).join('');
}

/** Directions less than this share of the whole are not worth a letter: 15 degrees. */
const FEW = 0.26;

function cosineLetters(cosines: readonly number[], along: { row: number; column: number }): string {
  const length = Math.hypot(along.row, along.column) || 1;
  const parts = [0, 1, 2].map(
    (axis) => ((cosines[axis] ?? 0) * along.row + (cosines[axis + 3] ?? 0) * along.column) / length,
  );
  return parts
    .map((part, axis) => ({ size: Math.abs(part), letter: (part > 0 ? 'LPH' : 'RAF')[axis] ?? '' }))
    .filter(({ size }) => size > FEW)
    .sort((one, other) => other.size - one.size)
    .map(({ letter }) => letter)
    .join('');
}

/** A length in millimetres of one figure, 1, 2 or 5, that takes some eighty pixels of the page. */
export function scaleBar(pixelsPerMillimetre: number): {
  readonly millimetres: number;
  readonly pixels: number;
} {
  const wanted = 110 / pixelsPerMillimetre;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const figure = [5, 2, 1].find((one) => one * power <= wanted) ?? 1;
  const millimetres = figure * power;
  return { millimetres, pixels: millimetres * pixelsPerMillimetre };
}
