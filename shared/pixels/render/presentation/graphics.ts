/** Graphic annotations of a presentation state: layers, shapes and texts as data (PS3.3 C.10.5, C.10.7). */
import type { DataSet } from '../../../dicom/index.ts';
import { TAG } from '../../attributes.ts';
import { greyOfP, labToRgb } from '../display-colour.ts';
import type { Rgb } from '../overlay.ts';

/** PIXEL counts from the outer corner of the first pixel of the image; DISPLAY in shares of the displayed area. */
export type Units = 'PIXEL' | 'DISPLAY';
export type Point = readonly [x: number, y: number];

export interface Shape {
  readonly kind: 'POINT' | 'POLYLINE' | 'INTERPOLATED' | 'CIRCLE' | 'ELLIPSE';
  readonly units: Units;
  readonly points: readonly Point[];
  readonly isFilled: boolean;
}

export interface Text {
  readonly lines: readonly string[];
  readonly box: { readonly units: Units; readonly from: Point; readonly to: Point } | undefined;
  readonly align: 'LEFT' | 'CENTER' | 'RIGHT';
  readonly anchor: { readonly units: Units; readonly at: Point; readonly isVisible: boolean } | undefined;
}

export interface Annotation {
  readonly colour: Rgb;
  readonly shapes: readonly Shape[];
  readonly texts: readonly Text[];
}

export interface LayerStyles {
  readonly colourOf: (layer: string) => Rgb;
  readonly orderOf: (layer: string) => number;
}

/** White: what is drawn must be seen on any grey; it is given a dark edge. */
const DEFAULT_COLOUR: Rgb = [255, 255, 255];

/** The layers, by name; one that is not described is drawn in white, above all. */
export function readLayers(dataSet: DataSet): LayerStyles {
  const layers = new Map(
    dataSet.sequence(TAG.GraphicLayerSequence).map((item) => [item.strings(TAG.GraphicLayer)[0] ?? '', item]),
  );
  return {
    colourOf: (name) => {
      const layer = layers.get(name);
      const lab = layer?.numbers(TAG.GraphicLayerRecommendedDisplayCIELabValue) ?? [];
      if (lab.length === 3) return labToRgb(lab);
      const grey = layer?.number(TAG.GraphicLayerRecommendedDisplayGrayscaleValue);
      return grey === undefined ? DEFAULT_COLOUR : greyOfP(grey);
    },
    orderOf: (name) => layers.get(name)?.number(TAG.GraphicLayerOrder) ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Shapes and texts that are read, and points of one shape: more would hide the image, and cost without end. */
const MAXIMUM_OBJECTS = 2000;
const MAXIMUM_POINTS = 10_000;
const MAXIMUM_LINES = 40;
const MAXIMUM_LETTERS = 200;

/** The annotations of the items, lowest layer first. */
export function readAnnotations(items: readonly DataSet[], layers: LayerStyles): Annotation[] {
  const order = (item: DataSet) => layers.orderOf(item.strings(TAG.GraphicLayer)[0] ?? '');
  let left = MAXIMUM_OBJECTS;
  const within = (list: DataSet[]): DataSet[] => {
    const taken = list.slice(0, left);
    left -= taken.length;
    return taken;
  };
  return [...items]
    .sort((a, b) => order(a) - order(b))
    .map((item) => ({
      colour: layers.colourOf(item.strings(TAG.GraphicLayer)[0] ?? ''),
      shapes: within(item.sequence(TAG.GraphicObjectSequence)).flatMap((object) => readShape(object) ?? []),
      texts: within(item.sequence(TAG.TextObjectSequence)).flatMap((object) => readText(object) ?? []),
    }));
}

const SHAPES: ReadonlySet<string> = new Set(['POINT', 'POLYLINE', 'INTERPOLATED', 'CIRCLE', 'ELLIPSE']);

function readShape(object: DataSet): Shape | undefined {
  const kind = object.strings(TAG.GraphicType)[0] ?? '';
  const units = unitsOf(object, TAG.GraphicAnnotationUnits);
  const points = pairs(object.numbers(TAG.GraphicData).slice(0, 2 * MAXIMUM_POINTS));
  if (!SHAPES.has(kind) || units === undefined || points.length === 0) return undefined;
  const isFilled = object.strings(TAG.GraphicFilled)[0] === 'Y';
  return { kind: kind as Shape['kind'], units, points, isFilled };
}

function readText(object: DataSet): Text | undefined {
  const lines = (object.text(TAG.UnformattedTextValue) ?? '')
    .split(/\r\n|\r|\n/)
    .slice(0, MAXIMUM_LINES)
    .map((line) => line.slice(0, MAXIMUM_LETTERS).trimEnd());
  const [from] = pairs(object.numbers(TAG.BoundingBoxTopLeftHandCorner));
  const [to] = pairs(object.numbers(TAG.BoundingBoxBottomRightHandCorner));
  const boxUnits = unitsOf(object, TAG.BoundingBoxAnnotationUnits);
  const [at] = pairs(object.numbers(TAG.AnchorPoint));
  const anchorUnits = unitsOf(object, TAG.AnchorPointAnnotationUnits);
  const box = from && to && boxUnits && { units: boxUnits, from, to };
  const isVisible = object.strings(TAG.AnchorPointVisibility)[0] === 'Y';
  const anchor = at && anchorUnits && { units: anchorUnits, at, isVisible };
  if (lines.join('') === '' || (box === undefined && anchor === undefined)) return undefined;
  const align = object.strings(TAG.BoundingBoxTextHorizontalJustification)[0];
  return { lines, box, anchor, align: align === 'CENTER' || align === 'RIGHT' ? align : 'LEFT' };
}

/** Units that speak of a whole slide's matrix are not those of one frame, and not drawn. */
function unitsOf(object: DataSet, tag: number): Units | undefined {
  const units = object.strings(tag)[0];
  return units === 'PIXEL' || units === 'DISPLAY' ? units : undefined;
}

function pairs(numbers: readonly number[]): Point[] {
  return Array.from({ length: numbers.length >> 1 }, (_, index) => [
    numbers[2 * index] as number,
    numbers[2 * index + 1] as number,
  ]);
}
