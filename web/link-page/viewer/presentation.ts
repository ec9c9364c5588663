/**
 * What others have drawn: overlays of the image itself (60xx), and annotations and windows of presentation states of its study. All of
 * it is text nodes and lines; nothing that a data set says is read as markup.
 */
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../../shared/contract/study-summary.ts';
import type { Point } from './calibration.ts';
import { type DataSet, items, number, numbers, text } from './dicom-json.ts';
import { fetchBytes, fetchHeaders } from './metadata.ts';
import { ellipsePoints, type Shape } from './shapes.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The headers of the presentation states of a study; those that cannot be had are passed over. */
export async function fetchPresentationStates(study: StudySummary): Promise<readonly DataSet[]> {
  const states = study.series.filter(({ modality }) => modality === 'PR');
  const headers = await Promise.all(states.map((series) => fetchHeaders(series).catch(() => undefined)));
  return headers.flatMap((found) => [...(found?.values() ?? [])]);
}

/** The annotations of the states that are about a frame of an image. */
export function annotationsOn(
  states: readonly DataSet[],
  instance: Pick<InstanceSummary, 'sopInstanceUid'>,
  frame: number,
  size: Size,
): readonly Shape[] {
  return states
    .filter((state) =>
      items(state, '00081115').some((series) => refersTo(items(series, '00081140'), instance, frame)),
    )
    .flatMap((state) => items(state, '00700001'))
    .filter((annotation) => {
      const images = items(annotation, '00081140');
      return images.length === 0 || refersTo(images, instance, frame);
    })
    .flatMap((annotation) => [
      ...items(annotation, '00700009').flatMap((graphic) => graphicShape(graphic, size)),
      ...items(annotation, '00700008').flatMap((object) => textShape(object, size)),
    ]);
}

/** The window that a state gives to an image. */
export function stateWindow(
  states: readonly DataSet[],
  instance: Pick<InstanceSummary, 'sopInstanceUid'>,
  frame: number,
): { readonly center: number; readonly width: number } | undefined {
  for (const voi of states.flatMap((state) => items(state, '00283110'))) {
    const images = items(voi, '00081140');
    const center = number(voi, '00281050');
    const width = number(voi, '00281051');
    if (center === undefined || width === undefined || !(width > 0)) continue;
    if (images.length === 0 ? false : refersTo(images, instance, frame)) return { center, width };
  }
  return undefined;
}

function refersTo(
  images: readonly DataSet[],
  { sopInstanceUid }: Pick<InstanceSummary, 'sopInstanceUid'>,
  frame: number,
): boolean {
  return images.some((image) => {
    const frames = numbers(image, '00081160');
    return text(image, '00081155') === sopInstanceUid && (frames.length === 0 || frames.includes(frame));
  });
}

/** Pixels are counted from the upper left corner of the first (C.10.5.1.2); else parts of the whole. */
function pointsOf(values: readonly number[], units: string | undefined, { columns, rows }: Size): Point[] {
  const [x, y] = units === 'DISPLAY' ? [columns, rows] : [1, 1];
  return Array.from({ length: Math.floor(values.length / 2) }, (_, at) => ({
    x: (values[2 * at] as number) * x,
    y: (values[2 * at + 1] as number) * y,
  }));
}

function graphicShape(graphic: DataSet, size: Size): Shape[] {
  const points = pointsOf(numbers(graphic, '00700022'), text(graphic, '00700005'), size);
  const line = (path: readonly Point[], isClosed: boolean): Shape[] => [
    { kind: 'line', points: path, isClosed, tone: 'note' },
  ];
  const [a, b, c, d] = points;
  switch (text(graphic, '00700023')) {
    case 'POINT':
      return points.map((at): Shape => ({ kind: 'dot', at, tone: 'note' }));
    case 'POLYLINE':
    case 'INTERPOLATED':
      return points.length < 2 ? [] : line(points, false);
    case 'CIRCLE': {
      if (a === undefined || b === undefined) return [];
      const radius = Math.hypot(b.x - a.x, b.y - a.y);
      return line(ellipsePoints(a, { x: radius, y: 0 }, { x: 0, y: radius }), true);
    }
    case 'ELLIPSE': {
      if (a === undefined || b === undefined || c === undefined || d === undefined) return [];
      const half = (one: Point, other: Point) => ({ x: (other.x - one.x) / 2, y: (other.y - one.y) / 2 });
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      return line(ellipsePoints(middle, half(a, b), half(c, d)), true);
    }
    default:
      return [];
  }
}

function textShape(object: DataSet, size: Size): Shape[] {
  const lines = (text(object, '00700006') ?? '').split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines.length === 0) return [];
  const [corner] = pointsOf(numbers(object, '00700010'), text(object, '00700003'), size);
  const [anchor] = pointsOf(numbers(object, '00700014'), text(object, '00700004'), size);
  const at = corner ?? anchor;
  if (at === undefined) return [];
  const words: Shape = { kind: 'text', at, lines, tone: 'note' };
  if (corner === undefined || anchor === undefined || text(object, '00700015') === 'N') return [words];
  return [{ kind: 'line', points: [corner, anchor], isClosed: false, tone: 'note' }, words];
}

/** The overlays of a frame in one picture of the size of the image; undefined where it has none that is visible. */
export async function fetchOverlays(
  series: SeriesSummary,
  instance: InstanceSummary,
  dataSet: DataSet,
  frame: number,
): Promise<HTMLCanvasElement | undefined> {
  const size = { width: number(dataSet, '00280011') ?? 0, height: number(dataSet, '00280010') ?? 0 };
  let canvas: HTMLCanvasElement | undefined;
  for (let plane = 0; plane < 16; plane++) {
    const group = (0x6000 + 2 * plane).toString(16).toUpperCase();
    if (dataSet[`${group}3000`] === undefined) continue;
    const bytes = await fetchBytes(series, instance, dataSet, `${group}3000`).catch(() => undefined);
    if (bytes === undefined) continue;
    canvas ??= Object.assign(document.createElement('canvas'), size);
    drawPlane(canvas, dataSet, group, bytes, frame);
  }
  return canvas;
}

function drawPlane(
  canvas: HTMLCanvasElement,
  dataSet: DataSet,
  group: string,
  bytes: Uint8Array,
  frame: number,
): void {
  const rows = number(dataSet, `${group}0010`) ?? 0;
  const columns = number(dataSet, `${group}0011`) ?? 0;
  const [top = 1, left = 1] = numbers(dataSet, `${group}0050`);
  const first = number(dataSet, `${group}0051`) ?? 1;
  const many = number(dataSet, `${group}0015`) ?? 1;
  const at = many > 1 ? frame - first : 0;
  const context = canvas.getContext('2d');
  if (context === null || at < 0 || at >= many) return;
  context.fillStyle = '#7fe0c3';
  const begin = at * rows * columns;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const bit = begin + y * columns + x;
      if (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) context.fillRect(left - 1 + x, top - 1 + y, 1, 1);
    }
  }
}
