/** Display shutters (PS3.3 C.7.6.11, C.7.6.15): what lies outside of all shapes is shown in one grey or colour. */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Raster } from '../raster.ts';
import { greyOfP, labToRgb } from './display-colour.ts';
import { type OverlayPlane, paintOverlay, type Rgb, readOverlays } from './overlay.ts';

/** Says of a pixel of the image, counted from 1 as the attributes do, whether it stays visible. */
type Shape = (column: number, row: number) => boolean;

export interface Shutter {
  readonly shapes: readonly Shape[];
  /** Of a bitmap shutter: its set bits are covered. */
  readonly bitmap: OverlayPlane | undefined;
  readonly colour: Rgb;
}

/** Vertices of a polygon that are followed; each costs a test for every row. */
const MAXIMUM_VERTICES = 2048;

/** The shutter that a data set describes; undefined where it describes none. */
export function readShutter(dataSet: DataSet): Shutter | undefined {
  const kinds = dataSet.strings(TAG.ShutterShape);
  const shapes = kinds.flatMap((kind) => shapeOf(dataSet, kind) ?? []);
  const group = dataSet.number(TAG.ShutterOverlayGroup);
  const bitmap =
    kinds.includes('BITMAP') && group !== undefined
      ? readOverlays(dataSet, 0).find((plane) => plane.group === (group & 0xff))
      : undefined;
  if (shapes.length === 0 && bitmap === undefined) return undefined;
  return { shapes, bitmap, colour: shutterColour(dataSet) };
}

function shutterColour(dataSet: DataSet): Rgb {
  const lab = dataSet.numbers(TAG.ShutterPresentationColorCIELabValue);
  if (lab.length === 3) return labToRgb(lab);
  return greyOfP(dataSet.number(TAG.ShutterPresentationValue) ?? 0);
}

function shapeOf(dataSet: DataSet, kind: string): Shape | undefined {
  if (kind === 'RECTANGULAR') return rectangle(dataSet);
  if (kind === 'CIRCULAR') return circle(dataSet);
  return kind === 'POLYGONAL' ? polygon(dataSet) : undefined;
}

function rectangle(dataSet: DataSet): Shape | undefined {
  const [left, right, upper, lower] = [
    dataSet.number(TAG.ShutterLeftVerticalEdge),
    dataSet.number(TAG.ShutterRightVerticalEdge),
    dataSet.number(TAG.ShutterUpperHorizontalEdge),
    dataSet.number(TAG.ShutterLowerHorizontalEdge),
  ];
  if (left === undefined || right === undefined || upper === undefined || lower === undefined)
    return undefined;
  // Edges that leave nothing to see are a mistake.
  if (right <= left || lower <= upper) return undefined;
  return (column, row) => column >= left && column <= right && row >= upper && row <= lower;
}

function circle(dataSet: DataSet): Shape | undefined {
  const [centerRow, centerColumn] = dataSet.numbers(TAG.CenterOfCircularShutter);
  const radius = dataSet.number(TAG.RadiusOfCircularShutter);
  if (centerRow === undefined || centerColumn === undefined || !(radius !== undefined && radius > 0))
    return undefined;
  return (column, row) => (column - centerColumn) ** 2 + (row - centerRow) ** 2 <= radius ** 2;
}

function polygon(dataSet: DataSet): Shape | undefined {
  const vertices = dataSet.numbers(TAG.VerticesOfThePolygonalShutter).slice(0, 2 * MAXIMUM_VERTICES);
  const count = vertices.length >> 1;
  if (count < 3) return undefined;
  let ofRow = -1;
  let crossings: number[] = [];
  return (column, row) => {
    if (row !== ofRow) {
      ofRow = row;
      crossings = crossingsOf(vertices, count, row);
    }
    let left = 0;
    for (const crossing of crossings) if (crossing <= column) left++;
    return left % 2 === 1;
  };
}

/** Where the sides cross a row; vertices are pairs of row and column. */
function crossingsOf(vertices: readonly number[], count: number, row: number): number[] {
  const crossings: number[] = [];
  for (let index = 0; index < count; index++) {
    const next = (index + 1) % count;
    const [y, x] = [vertices[2 * index] as number, vertices[2 * index + 1] as number];
    const [endY, endX] = [vertices[2 * next] as number, vertices[2 * next + 1] as number];
    if (y > row !== endY > row) crossings.push(x + ((row - y) / (endY - y)) * (endX - x));
  }
  return crossings;
}

/** Covers a raster of the image, which may be smaller than the image. */
export function applyShutter(raster: Raster, image: ImagePixel, { shapes, bitmap, colour }: Shutter): Raster {
  const { width, height, channels } = raster;
  const data = raster.data.slice();
  const [across, down] = [image.columns / width, image.rows / height];
  for (let y = 0, at = 0; shapes.length > 0 && y < height; y++) {
    const row = Math.floor((y + 0.5) * down) + 1;
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x + 0.5) * across) + 1;
      const isVisible = shapes.every((shape) => shape(column, row));
      for (let channel = 0; channel < channels; channel++, at++) {
        if (!isVisible) data[at] = colour[channel] as number;
      }
    }
  }
  const covered = { ...raster, data };
  return bitmap === undefined
    ? covered
    : paintOverlay(covered, image, { ...bitmap, isRegion: false }, colour);
}
