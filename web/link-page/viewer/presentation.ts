/**
 * What presentation states of the study say of an image: annotations, windows, shutters, and how it lies. All that is drawn is text
 * nodes and lines; nothing that a data set says is read as markup.
 */
import type { InstanceSummary, StudySummary } from '../../../shared/contract/study-summary.ts';
import type { Point } from './calibration.ts';
import { type DataSet, items, number, numbers, text } from './dicom-json.ts';
import type { Image } from './geometry.ts';
import { fetchHeaders } from './metadata.ts';
import { ellipsePoints, type Shape } from './shapes.ts';
import { type Shutter, shutterOf } from './shutter.ts';
import { type StatePlace, statePlace } from './state-place.ts';
import type { Preset } from './windowing.ts';

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
    .filter((state) => isAboutFrame(state, instance, frame))
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

/** How a state has a frame of an image shown. */
export interface StateView {
  readonly window: { readonly center: number; readonly width: number } | undefined;
  readonly place: StatePlace | undefined;
  readonly shutter: Shutter | undefined;
}

/** What each state asks that is about the frame. */
export function stateViews(
  states: readonly DataSet[],
  instance: Pick<InstanceSummary, 'sopInstanceUid'>,
  frame: number,
  image: Image,
): readonly StateView[] {
  return states
    .filter((state) => isAboutFrame(state, instance, frame))
    .map((state) => {
      const isAbout = (item: DataSet): boolean => {
        const images = items(item, '00081140');
        return images.length === 0 || refersTo(images, instance, frame);
      };
      return {
        window: windowOf(items(state, '00283110').filter(isAbout)),
        place: statePlace(state, isAbout, image),
        shutter: shutterOf(state),
      };
    });
}

/** The looks that states offer for a frame: a window where it is grey, a place where they ask for one. */
export function statePresets(
  states: readonly DataSet[],
  instance: Pick<InstanceSummary, 'sopInstanceUid'>,
  frame: number,
  { facts, grey }: { readonly facts: Image; readonly grey: object | undefined },
): Preset[] {
  const asked = stateViews(states, instance, frame, facts)
    .map(({ window, place }) => ({ ...(window && grey ? { window } : {}), ...(place ? { place } : {}) }))
    .filter((one) => Object.keys(one).length > 0);
  const number = (at: number) => (asked.length > 1 ? ` ${at + 1}` : '');
  return asked.map((one, at) => ({ name: `Presentation state${number(at)}`, ...one }));
}

function windowOf(vois: readonly DataSet[]): StateView['window'] {
  for (const voi of vois) {
    const [center, width] = [number(voi, '00281050'), number(voi, '00281051')];
    if (center !== undefined && width !== undefined && width > 0) return { center, width };
  }
  return undefined;
}

function isAboutFrame(
  state: DataSet,
  instance: Pick<InstanceSummary, 'sopInstanceUid'>,
  frame: number,
): boolean {
  return items(state, '00081115').some((series) => refersTo(items(series, '00081140'), instance, frame));
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
