/** Annotations as paths of an SVG drawing, in pixels of the finished picture; letters are strokes, as there are no fonts. */
import { textPath, textWidth } from '../../placeholder/stroke-font.ts';
import type { Size } from '../../raster.ts';
import type { Rgb } from '../overlay.ts';
import type { Annotation, Point, Shape, Text, Units } from './graphics.ts';

/** From the units of an annotation to pixels of the picture. */
export type ToPicture = (point: Point, units: Units) => Point;

const SEGMENTS_OF_A_CURVE = 8;
const SEGMENTS_OF_A_CIRCLE = 72;
/** Capitals are at least so high that their strokes stay apart. */
const SMALLEST_TEXT = 6;

/** The drawing, transparent where nothing is drawn; undefined where there is nothing to draw. */
export function drawAnnotations(
  annotations: readonly Annotation[],
  size: Size,
  toPicture: ToPicture,
): string | undefined {
  const stroke = Math.max(1, Math.max(size.width, size.height) / 400);
  const groups = annotations.flatMap(({ colour, shapes, texts }) => {
    const outlines = shapes.map((shape) => path(pointsOf(shape, toPicture, stroke), isClosed(shape)));
    const filled = shapes.flatMap((shape, index) => (shape.isFilled ? (outlines[index] as string) : []));
    const letters = texts.map((text) => textOf(text, size, toPicture));
    const lines = [...outlines, ...letters].join('');
    return lines === '' ? [] : [group(lines, filled.join(''), colour, stroke)];
  });
  if (groups.length === 0) return undefined;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">` +
    `<g fill="none" stroke-linecap="round" stroke-linejoin="round">${groups.join('')}</g></svg>`
  );
}

/** Each line on a wider one of the opposite lightness: seen on black, white and grey. */
function group(lines: string, filled: string, colour: Rgb, stroke: number): string {
  const [red, green, blue] = colour;
  const edge = red + green + blue > 240 ? '#000' : '#fff';
  const own = `rgb(${colour.join(',')})`;
  const inside = filled === '' ? '' : `<path d="${filled}" fill="${own}" stroke="none"/>`;
  return (
    `<path d="${lines}" stroke="${edge}" stroke-width="${round(stroke * 2.5)}" stroke-opacity="0.6"/>${inside}` +
    `<path d="${lines}" stroke="${own}" stroke-width="${round(stroke)}"/>`
  );
}

const isClosed = ({ kind, isFilled }: Shape): boolean => kind === 'CIRCLE' || kind === 'ELLIPSE' || isFilled;

function pointsOf(shape: Shape, toPicture: ToPicture, stroke: number): Point[] {
  const place = (point: Point) => toPicture(point, shape.units);
  switch (shape.kind) {
    case 'POINT': {
      const [x, y] = place(shape.points[0] as Point);
      const arm = stroke * 2.5;
      return [
        [x - arm, y],
        [x + arm, y],
        [x, y],
        [x, y - arm],
        [x, y + arm],
      ];
    }
    case 'CIRCLE': {
      const [center, rim] = shape.points;
      if (center === undefined || rim === undefined) return [];
      const radius = Math.hypot(rim[0] - center[0], rim[1] - center[1]);
      return around(center, [radius, 0], [0, radius]).map(place);
    }
    case 'ELLIPSE': {
      const [one, other, third, fourth] = shape.points;
      if (one === undefined || other === undefined || third === undefined || fourth === undefined) return [];
      const center: Point = [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
      return around(center, halfOf(one, other), halfOf(third, fourth)).map(place);
    }
    case 'INTERPOLATED':
      return smooth(shape.points.map(place));
    case 'POLYLINE':
      return shape.points.map(place);
  }
}

const halfOf = (from: Point, to: Point): Point => [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2];

function around(center: Point, major: Point, minor: Point): Point[] {
  return Array.from({ length: SEGMENTS_OF_A_CIRCLE }, (_, index) => {
    const angle = (2 * Math.PI * index) / SEGMENTS_OF_A_CIRCLE;
    const [along, across] = [Math.cos(angle), Math.sin(angle)];
    return [
      center[0] + along * major[0] + across * minor[0],
      center[1] + along * major[1] + across * minor[1],
    ];
  });
}

/** A curve through the points: Catmull-Rom splines, as the standard leaves the interpolation to the viewer. */
function smooth(points: readonly Point[]): Point[] {
  if (points.length < 3) return [...points];
  const at = (index: number) => points[Math.min(points.length - 1, Math.max(0, index))] as Point;
  const curve: Point[] = [at(0)];
  for (let index = 0; index < points.length - 1; index++) {
    const [a, b, c, d] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    for (let step = 1; step <= SEGMENTS_OF_A_CURVE; step++) {
      const t = step / SEGMENTS_OF_A_CURVE;
      curve.push([between(a[0], b[0], c[0], d[0], t), between(a[1], b[1], c[1], d[1], t)]);
    }
  }
  return curve;
}

function between(a: number, b: number, c: number, d: number, t: number): number {
  return (
    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3)
  );
}

function textOf(text: Text, size: Size, toPicture: ToPicture): string {
  const lines = text.lines.map(plain);
  const anchor = text.anchor && toPicture(text.anchor.at, text.anchor.units);
  const preferred = Math.max(SMALLEST_TEXT + 2, Math.max(size.width, size.height) / 44);
  const box = text.box && boxOf(text.box, toPicture);
  const widest = Math.max(...lines.map((line) => textWidth(line, 1)));
  const room = box && Math.min(box.width / Math.max(widest, 1), box.height / (lines.length * 1.5));
  const height = Math.max(SMALLEST_TEXT, Math.min(preferred * 1.5, room ?? preferred));
  const [left, top] = box
    ? [box.left, box.top]
    : [(anchor?.[0] ?? 0) + height / 2, (anchor?.[1] ?? 0) - height / 2];
  const paths = lines.map((line, index) => {
    const free = (box?.width ?? 0) - textWidth(line, height);
    const shift = text.align === 'LEFT' ? 0 : Math.max(0, text.align === 'RIGHT' ? free : free / 2);
    return textPath(line, left + shift, top + (index * 1.5 + 0.25) * height, height);
  });
  const pointer =
    anchor && box && text.anchor?.isVisible === true ? path([nearestOf(box, anchor), anchor], false) : '';
  return paths.join('') + pointer;
}

interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

function boxOf({ units, from, to }: NonNullable<Text['box']>, toPicture: ToPicture): Box {
  const [a, b] = [toPicture(from, units), toPicture(to, units)];
  const [left, top] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  return { left, top, width: Math.abs(b[0] - a[0]), height: Math.abs(b[1] - a[1]) };
}

const nearestOf = ({ left, top, width, height }: Box, [x, y]: Point): Point => [
  Math.min(left + width, Math.max(left, x)),
  Math.min(top + height, Math.max(top, y)),
];

/** Letters without their accents, as the stroke font has none. */
const plain = (line: string): string => line.normalize('NFD').replace(/\p{M}/gu, '');

function path(points: readonly Point[], closed: boolean): string {
  const finite = points.filter(([x, y]) => Math.abs(x) < 1e6 && Math.abs(y) < 1e6);
  if (finite.length === 0) return '';
  return `M${finite.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}${closed ? 'Z' : ''}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
