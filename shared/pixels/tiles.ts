/**
 * Where the frames of a tiled image lie in the whole of it (PS3.3 C.7.6.17.3): whole slides, and segmentations of them. Of several
 * focal planes the middle one is taken, of several optical paths the first; the segments of a place are all of it.
 */
import type { DataSet } from '../dicom/index.ts';
import { TAG } from './attributes.ts';
import type { ImagePixel } from './image-pixel.ts';
import type { Size } from './raster.ts';

export interface Tile {
  readonly frame: number;
  /** Of its first pixel, from 0. */
  readonly x: number;
  readonly y: number;
  /** In segmentations. */
  readonly segment: number;
}

export interface TiledImage {
  readonly whole: Size;
  readonly tiles: readonly Tile[];
}

const SLIDE_TAG = {
  dimensionOrganizationType: 0x00209311,
  totalColumns: 0x00480006,
  totalRows: 0x00480007,
  focalPlanes: 0x00480303,
  planePosition: 0x0048021a,
  column: 0x0048021e,
  row: 0x0048021f,
  segmentIdentification: 0x0062000a,
  referencedSegment: 0x0062000b,
  segments: 0x00620002,
} as const;

/** The tiles of the image in the order of its frames; undefined where it is not tiled, or one frame is the whole. */
export function tiledImage(dataSet: DataSet, image: ImagePixel): TiledImage | undefined {
  const width = dataSet.number(SLIDE_TAG.totalColumns) ?? 0;
  const height = dataSet.number(SLIDE_TAG.totalRows) ?? 0;
  if (width < 1 || height < 1 || image.frames < 2) return undefined;
  const isFull = dataSet.text(SLIDE_TAG.dimensionOrganizationType) === 'TILED_FULL';
  const tiles = isFull ? fullTiles(dataSet, image, width, height) : placedTiles(dataSet, image);
  return tiles.length < 2 ? undefined : { whole: { width, height }, tiles };
}

/** Row by row; then the next focal plane, then the next optical path or segment. */
function fullTiles(dataSet: DataSet, image: ImagePixel, width: number, height: number): Tile[] {
  const across = Math.ceil(width / image.columns);
  const each = across * Math.ceil(height / image.rows);
  const focalPlanes = Math.max(1, dataSet.number(SLIDE_TAG.focalPlanes) ?? 1);
  const layers = dataSet.has(SLIDE_TAG.segments) ? Math.floor(image.frames / (each * focalPlanes)) : 1;
  const tiles: Tile[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const first = (layer * focalPlanes + (focalPlanes >> 1)) * each;
    for (let at = 0; at < each && first + at < image.frames; at++)
      tiles.push({
        frame: first + at,
        x: (at % across) * image.columns,
        y: Math.floor(at / across) * image.rows,
        segment: layer + 1,
      });
  }
  return tiles;
}

/** By the place that each frame names; of several at one place the first of its segment. */
function placedTiles(dataSet: DataSet, image: ImagePixel): Tile[] {
  const tiles = new Map<string, Tile>();
  const items = dataSet.get(TAG.PerFrameFunctionalGroupsSequence)?.items ?? [];
  for (let frame = 0; frame < Math.min(image.frames, items.length); frame++) {
    const groups = items[frame]?.dataSet;
    const place = groups?.sequence(SLIDE_TAG.planePosition)[0];
    const [column, row] = [place?.number(SLIDE_TAG.column), place?.number(SLIDE_TAG.row)];
    if (column === undefined || row === undefined) continue;
    const identification = groups?.sequence(SLIDE_TAG.segmentIdentification)[0];
    const segment = identification?.number(SLIDE_TAG.referencedSegment) ?? 1;
    const key = `${column} ${row} ${segment}`;
    if (!tiles.has(key)) tiles.set(key, { frame, x: column - 1, y: row - 1, segment });
  }
  return [...tiles.values()];
}
