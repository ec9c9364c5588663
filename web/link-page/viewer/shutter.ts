/**
 * Display shutters (PS3.3 C.7.6.11) of an image or of a presentation state: what lies outside of a shape is covered. Edges are drawn as
 * outlines over the image, so that they are sharp at every magnification; bitmap shutters are left to the server's pictures.
 */
import type { Point } from './calibration.ts';
import { type DataSet, number, numbers, texts } from './dicom-json.ts';
import { ellipsePoints } from './shapes.ts';

export interface Shutter {
  /** Closed outlines in pixels of the image; what lies outside of any of them is covered. */
  readonly outlines: readonly (readonly Point[])[];
  /** Of what covers, as CSS has it. */
  readonly colour: string;
}

/** Vertices of a polygon that are followed. */
const MOST_VERTICES = 2048;
/** Sides of a circle: no corner is seen where it is as large as a screen. */
const AROUND = 240;

/** The shutter that a data set describes; undefined where it describes none. */
export function shutterOf(dataSet: DataSet): Shutter | undefined {
  const outlines = texts(dataSet, '00181600').flatMap((kind) => {
    const outline =
      kind === 'RECTANGULAR'
        ? rectangle(dataSet)
        : kind === 'CIRCULAR'
          ? circle(dataSet)
          : polygon(dataSet, kind);
    return outline === undefined ? [] : [outline];
  });
  if (outlines.length === 0) return undefined;
  const grey = Math.round((Math.min(65_535, Math.max(0, number(dataSet, '00181622') ?? 0)) * 255) / 65_535);
  return { outlines, colour: `rgb(${grey} ${grey} ${grey})` };
}

/** The edges named are seen themselves. Columns and rows count from 1. */
function rectangle(dataSet: DataSet): Point[] | undefined {
  const [left, right, upper, lower] = ['00181602', '00181604', '00181606', '00181608'].map((tag) =>
    number(dataSet, tag),
  );
  if (left === undefined || right === undefined || upper === undefined || lower === undefined)
    return undefined;
  // Edges that leave nothing to see are a mistake.
  if (right <= left || lower <= upper) return undefined;
  return [
    { x: left - 1, y: upper - 1 },
    { x: right, y: upper - 1 },
    { x: right, y: lower },
    { x: left - 1, y: lower },
  ];
}

function circle(dataSet: DataSet): Point[] | undefined {
  const [row, column] = numbers(dataSet, '00181610');
  const radius = number(dataSet, '00181612');
  if (row === undefined || column === undefined || radius === undefined || !(radius > 0)) return undefined;
  const middle = { x: column - 0.5, y: row - 0.5 };
  return ellipsePoints(middle, { x: radius, y: 0 }, { x: 0, y: radius }, AROUND);
}

/** Pairs of row and column. */
function polygon(dataSet: DataSet, kind: string): Point[] | undefined {
  const values = numbers(dataSet, '00181620').slice(0, 2 * MOST_VERTICES);
  if (kind !== 'POLYGONAL' || values.length < 6) return undefined;
  return Array.from({ length: values.length >> 1 }, (_, at) => ({
    x: (values[2 * at + 1] as number) - 0.5,
    y: (values[2 * at] as number) - 0.5,
  }));
}

/** All of the image but the outline, as a path that is filled by the even-odd rule; `place` is where a pixel lies. */
export function coverOf(
  outline: readonly Point[],
  image: { readonly columns: number; readonly rows: number },
  place: (point: Point) => Point,
): string {
  const { columns, rows } = image;
  // A pixel more on each side: the edge of the image itself is smoothed.
  const whole = [
    { x: -1, y: -1 },
    { x: columns + 1, y: -1 },
    { x: columns + 1, y: rows + 1 },
    { x: -1, y: rows + 1 },
  ];
  return [whole, outline]
    .map((points) => {
      const drawn = points.map(place).map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`);
      return `M${drawn.join('L')}Z`;
    })
    .join('');
}
