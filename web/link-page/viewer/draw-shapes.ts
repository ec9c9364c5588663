/** Draws shapes where a matrix puts them: as SVG over the picture on the page, and into the pixels of a picture that is saved. */
import type { Point } from './calibration.ts';
import { apply, type Image, type Matrix } from './geometry.ts';
import type { Shape } from './shapes.ts';
import { coverOf, type Shutter } from './shutter.ts';

const SVG = 'http://www.w3.org/2000/svg';
const LINE = 17;

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** The shapes as elements; how they look stands in the style sheet. */
export function svgShapes(shapes: readonly Shape[], matrix: Matrix): SVGElement[] {
  return shapes.map((shape) => {
    if (shape.kind === 'dot') {
      const { x, y } = apply(matrix, shape.at);
      return element('circle', { cx: x, cy: y, r: 5, class: `mark ${shape.tone}` });
    }
    if (shape.kind === 'text') return svgText(shape, matrix);
    const points = shape.points
      .map((point) => apply(matrix, point))
      .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
      .join(' ');
    return element(shape.isClosed ? 'polygon' : 'polyline', { points, class: `mark ${shape.tone}` });
  });
}

/** What shutters cover of the image. */
export function svgShutters(
  shutters: readonly Shutter[],
  image: Pick<Image, 'columns' | 'rows'>,
  matrix: Matrix,
): SVGElement[] {
  return shutters.flatMap(({ outlines, colour }) =>
    outlines.map((outline) =>
      element('path', {
        d: coverOf(outline, image, (point) => apply(matrix, point)),
        'fill-rule': 'evenodd',
        fill: colour,
        class: 'shutter',
      }),
    ),
  );
}

/** The same in a picture. */
export function paintShutters(
  context: CanvasRenderingContext2D,
  shutters: readonly Shutter[],
  image: Pick<Image, 'columns' | 'rows'>,
  matrix: Matrix,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const { outlines, colour } of shutters) {
    context.fillStyle = colour;
    for (const outline of outlines)
      context.fill(new Path2D(coverOf(outline, image, (point) => apply(matrix, point))), 'evenodd');
  }
}

function svgText({ at, lines, tone }: Extract<Shape, { kind: 'text' }>, matrix: Matrix): SVGElement {
  const { x, y } = apply(matrix, at);
  const text = element('text', { class: `mark-text ${tone}` });
  for (const [index, line] of lines.entries()) {
    const span = element('tspan', { x: x + 10, y: y + index * LINE });
    span.textContent = line;
    text.append(span);
  }
  return text;
}

const COLOURS = { measure: '#ffd84a', chosen: '#ffd84a', note: '#7fe0c3' } as const;

/** Draws the shapes into a picture; `unit` is pixels of the picture for one of the page. */
export function paintShapes(
  context: CanvasRenderingContext2D,
  shapes: readonly Shape[],
  matrix: Matrix,
  unit: number,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.textBaseline = 'alphabetic';
  context.font = `600 ${13 * unit}px system-ui, sans-serif`;
  const stroke = (colour: string, width: number) => {
    context.strokeStyle = colour;
    context.lineWidth = width * unit;
    context.stroke();
  };
  for (const shape of shapes) {
    const colour = COLOURS[shape.tone];
    if (shape.kind === 'text') paintText(context, shape, apply(matrix, shape.at), unit, colour);
    else {
      context.beginPath();
      if (shape.kind === 'dot') {
        const { x, y } = apply(matrix, shape.at);
        context.arc(x, y, 3 * unit, 0, 2 * Math.PI);
      } else {
        for (const [index, point] of shape.points.entries()) {
          const { x, y } = apply(matrix, point);
          if (index === 0) context.moveTo(x, y);
          else context.lineTo(x, y);
        }
        if (shape.isClosed) context.closePath();
      }
      stroke('rgb(0 0 0 / 70%)', 4);
      stroke(colour, 1.8);
    }
  }
}

/** Words that would run over the edge stand to the left of their place. */
function paintText(
  context: CanvasRenderingContext2D,
  { lines }: Extract<Shape, { kind: 'text' }>,
  { x, y }: Point,
  unit: number,
  colour: string,
): void {
  const widest = Math.max(0, ...lines.map((line) => context.measureText(line).width));
  const left = x + 10 * unit + widest > context.canvas.width ? x - 10 * unit - widest : x + 10 * unit;
  for (const [index, line] of lines.entries()) {
    const below = Math.max(14 * unit, y) + index * LINE * unit;
    context.strokeStyle = 'rgb(0 0 0 / 80%)';
    context.lineWidth = 3.5 * unit;
    context.strokeText(line, Math.max(2, left), below);
    context.fillStyle = colour;
    context.fillText(line, Math.max(2, left), below);
  }
}
