/**
 * The contours of an RT Structure Set (PS3.3 C.8.8.6) as a planner looks at them: one axial slice that cuts most structures, and
 * below it their outlines from the front with a line where the slice lies; in the colours that the planner chose.
 */
import type { DataSet } from '../../dicom/index.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { type Box, drawing, fixed, INK, stroked, words } from './drawing.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { DOCUMENT_TAG as TAG } from './tags.ts';

interface Contour {
  /** Which structure of the set it belongs to. */
  readonly structure: number;
  readonly colour: string;
  readonly closed: boolean;
  /** x, y, z in millimetres of the patient, one point after the other. */
  readonly points: readonly number[];
}

/** Draws the structures in a square of `side` pixels: the slice above, from the front below where they have a height. */
export function drawStructureSet(
  dataSet: DataSet,
  side: number,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): string {
  const contours = readContours(dataSet, limits);
  if (contours.length === 0)
    throw new UndisplayableError('no-image', '(3006,0039) ROI Contour Sequence without contours');
  const axes = [extent(contours, 0), extent(contours, 1), extent(contours, 2)] as const;
  const [wide, deep, high] = axes.map(({ low, high: top }) => Math.max(1, top - low)) as [
    number,
    number,
    number,
  ];
  const foot = side * 0.09;
  const room = { left: side * 0.05, top: side * 0.05, width: side * 0.9, height: side * 0.9 - foot };
  const { axial, frontal, scale } = arrange({ wide, deep, high }, room, side * 0.03);
  const width = Math.max(1.2, side / 250);
  const draw = (path: string, colour: string, isPoint: boolean) =>
    stroked(path, colour, isPoint ? 4 * width : width);
  const cut = busiestHeight(contours);
  const nearest = heightsNear(contours, cut);
  const across = (point: Point): readonly [number, number] => [
    axial.left + (point[0] - axes[0].low) * scale,
    axial.top + (point[1] - axes[1].low) * scale,
  ];
  // The head is up.
  const down = (height: number) => frontal.top + (axes[2].high - height) * scale;
  const parts = contours
    .filter((contour) => contour.points.length === 3 || nearest.get(contour.structure) === heightOf(contour))
    .map((contour) => draw(outline(contour, across), contour.colour, contour.points.length === 3));
  if (high > 1) {
    const line = `M${fixed(frontal.left)} ${fixed(down(cut))}H${fixed(frontal.left + frontal.width)}`;
    parts.push(stroked(line, INK.dim, width / 2));
    for (const { colour, levels } of silhouettes(contours)) {
      const place = (x: number, height: number) =>
        `${fixed(frontal.left + (x - axes[0].low) * scale)} ${fixed(down(height))}`;
      const left = levels.map(({ height, low }) => place(low, height));
      const right = levels.map(({ height, high: most }) => place(most, height)).reverse();
      const isPoint = levels.length === 1 && levels[0]?.low === levels[0]?.high;
      parts.push(draw(`M${[...left, ...right].join('L')}Z`, colour, isPoint));
    }
  }
  const count = dataSet.sequence(TAG.StructureSetROISequence).length;
  const letters = Math.max(7, side / 30);
  parts.push(
    words(`${count} ${count === 1 ? 'structure' : 'structures'}`, side * 0.05, side - foot, {
      height: letters,
      colour: INK.dim,
    }),
  );
  return drawing(side, side, INK.film, parts);
}

interface Extents {
  readonly wide: number;
  readonly deep: number;
  readonly high: number;
}

/** The slice and the view from the front, one below the other or side by side, whichever shows them larger. */
function arrange(
  { wide, deep, high }: Extents,
  room: Box,
  gap: number,
): { readonly axial: Box; readonly frontal: Box; readonly scale: number } {
  const below = Math.min(room.width / wide, (room.height - gap) / (deep + high));
  const beside = Math.min((room.width - gap) / (2 * wide), room.height / Math.max(deep, high));
  const scale = high > 1 ? Math.max(below, beside) : Math.min(room.width / wide, room.height / deep);
  const width = wide * scale;
  const stands = high <= 1 || below >= beside;
  const left = room.left + (room.width - (stands ? width : 2 * width + gap)) / 2;
  const axial = { left, top: room.top, width, height: deep * scale };
  const frontal = stands
    ? { left, top: room.top + axial.height + gap, width, height: high * scale }
    : { left: left + width + gap, top: room.top, width, height: high * scale };
  return { axial, frontal, scale };
}

function readContours(dataSet: DataSet, limits: DocumentLimits): Contour[] {
  const structures = dataSet.sequence(TAG.ROIContourSequence).map((structure, index) => ({
    structure: index,
    colour: colourOf(structure.numbers(TAG.ROIDisplayColor)),
    contours: structure.sequence(TAG.ContourSequence),
  }));
  const all = structures.flatMap(({ contours, ...of }) => contours.map((contour) => ({ ...of, contour })));
  // A point takes some 24 bytes of text: what is over the limit is left out slice by slice, before it is read.
  const bytes = all.reduce((sum, { contour }) => sum + (contour.value(TAG.ContourData)?.length ?? 0), 0);
  const every = Math.max(1, Math.ceil(bytes / 24 / limits.maximumPoints));
  return all
    .filter((_, index) => index % every === 0)
    .flatMap(({ structure, colour, contour }) => {
      const points = contour.numbers(TAG.ContourData);
      if (points.length < 3 || points.length % 3 !== 0 || !points.every(isOnEarth)) return [];
      const closed = /^CLOSED/.test(contour.strings(TAG.ContourGeometricType)[0] ?? '');
      return [{ structure, colour, closed, points }];
    });
}

/** A point a kilometre away is a mistake, and would leave a dot of all others. */
const isOnEarth = (millimetres: number) => Math.abs(millimetres) < 1e6;

/** ROI Display Color, made light enough to be seen on black. */
function colourOf([red, green, blue]: readonly number[]): string {
  if (red === undefined || green === undefined || blue === undefined) return INK.light;
  const rgb = [red, green, blue].map((value) => Math.min(255, Math.max(0, Math.round(value))));
  const lift = Math.max(0, 110 - Math.max(...rgb));
  return `rgb(${rgb.map((value) => Math.min(255, value + lift)).join(',')})`;
}

function extent(contours: readonly Contour[], axis: 0 | 1 | 2): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of contours) {
    for (let at: number = axis; at < points.length; at += 3) {
      low = Math.min(low, points[at] as number);
      high = Math.max(high, points[at] as number);
    }
  }
  return { low, high };
}

/** The height of a contour, to the tenth of a millimetre: slices of one scan differ by more, copies of one by less. */
function heightOf({ points }: Contour): number {
  return Math.round((points[2] as number) * 10) / 10;
}

/** The height at which most structures are cut; of equal ones the middle. Single points do not count. */
function busiestHeight(contours: readonly Contour[]): number {
  const cuts = new Map<number, Set<number>>();
  const drawn = contours.filter(({ points }) => points.length > 3);
  for (const contour of drawn.length > 0 ? drawn : contours) {
    const height = heightOf(contour);
    const cut = cuts.get(height);
    if (cut) cut.add(contour.structure);
    else cuts.set(height, new Set([contour.structure]));
  }
  const most = Math.max(...[...cuts.values()].map(({ size }) => size));
  const busiest = [...cuts].filter(([, { size }]) => size === most).map(([height]) => height);
  return busiest.sort((a, b) => a - b)[busiest.length >> 1] ?? 0;
}

/** Slices of two structures are the same one when they are so near; in millimetres. */
const SAME_SLICE = 3;

/** For each structure the height of its contours that lie in the slice, where it has some. */
function heightsNear(contours: readonly Contour[], cut: number): Map<number, number> {
  const nearest = new Map<number, number>();
  for (const contour of contours) {
    const height = heightOf(contour);
    const known = nearest.get(contour.structure) ?? Number.POSITIVE_INFINITY;
    const distance = Math.abs(height - cut);
    if (distance <= SAME_SLICE && distance < Math.abs(known - cut)) nearest.set(contour.structure, height);
  }
  return nearest;
}

interface Silhouette {
  readonly colour: string;
  /** How far the structure reaches to either side, from its lowest contour to its highest. */
  readonly levels: readonly { readonly height: number; readonly low: number; readonly high: number }[];
}

function silhouettes(contours: readonly Contour[]): Silhouette[] {
  const structures = new Map<
    number,
    { colour: string; levels: Map<number, { low: number; high: number }> }
  >();
  for (const contour of contours) {
    const { colour, structure } = contour;
    const known = structures.get(structure) ?? { colour, levels: new Map() };
    structures.set(structure, known);
    const height = heightOf(contour);
    const here = extent([contour], 0);
    const level = known.levels.get(height) ?? here;
    known.levels.set(height, { low: Math.min(level.low, here.low), high: Math.max(level.high, here.high) });
  }
  return [...structures.values()].map(({ colour, levels }) => ({
    colour,
    levels: [...levels].map(([height, level]) => ({ height, ...level })).sort((a, b) => a.height - b.height),
  }));
}

type Point = readonly [number, number, number];

function outline({ points, closed }: Contour, place: (point: Point) => readonly [number, number]): string {
  let path = '';
  let before = '';
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = place([points[at] as number, points[at + 1] as number, points[at + 2] as number]);
    const here = `${fixed(x)} ${fixed(y)}`;
    if (here !== before) path += `${path === '' ? 'M' : 'L'}${here}`;
    before = here;
  }
  // A single point is drawn as a dot: a line of no length with round ends.
  if (!path.includes('L')) return `${path}L${before}`;
  return closed ? `${path}Z` : path;
}
