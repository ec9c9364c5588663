/**
 * Parts of an 8-bit picture, brought to another size as the planes of numbers that a network takes. Resampling is ours, so
 * that the same picture gives the same boxes on every machine.
 */
import type { Raster } from '../raster.ts';

/** The frame to search, as it is rendered: 8-bit grey or RGB, interleaved. */
export type Picture = Raster;

/** A part of a picture, in whole pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Neighbours that differ by less hold no stroke of a letter. */
const STROKE_DISTANCE = 6;
/** Pixels kept around strokes, so that a line has its ground. */
const AROUND_STROKES = 24;

/** The part of a region that is not one even ground, or undefined where all of it is. */
export function contentOf({ width, channels, data }: Picture, region: Region): Region | undefined {
  const [right, bottom] = [region.left + region.width, region.top + region.height];
  let [first, last, above, below] = [right, -1, bottom, -1];
  for (let row = region.top; row < bottom; row++) {
    const start = row * width;
    for (let column = region.left + 1; column < right; column++) {
      const at = (start + column) * channels;
      let differs = false;
      for (let channel = at; channel < at + channels; channel++) {
        const distance = (data[channel] as number) - (data[channel - channels] as number);
        if (distance >= STROKE_DISTANCE || distance <= -STROKE_DISTANCE) differs = true;
      }
      if (!differs) continue;
      if (column < first) first = column;
      if (column > last) last = column;
      if (row < above) above = row;
      below = row;
    }
  }
  if (last < 0) return undefined;
  const left = Math.max(region.left, first - AROUND_STROKES);
  const top = Math.max(region.top, above - AROUND_STROKES);
  return {
    left,
    top,
    width: Math.min(right, last + AROUND_STROKES) - left,
    height: Math.min(bottom, below + AROUND_STROKES) - top,
  };
}

/** A part of a picture as one of its own. */
export function cropPicture({ width, channels, data }: Picture, region: Region): Picture {
  const row = region.width * channels;
  const part = new Uint8Array(row * region.height);
  for (let index = 0; index < region.height; index++) {
    const from = ((region.top + index) * width + region.left) * channels;
    part.set(data.subarray(from, from + row), index * row);
  }
  return { width: region.width, height: region.height, channels, data: part };
}

/** The same picture in one channel where it has no colour: it is searched in a third of the steps. */
export function withoutEqualChannels(picture: Picture): Picture {
  const { width, height, channels, data } = picture;
  if (channels === 1) return picture;
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 3) {
    const level = data[from] as number;
    if (data[from + 1] !== level || data[from + 2] !== level) return picture;
    grey[at] = level;
  }
  return { width, height, channels: 1, data: grey };
}

/** The picture turned by a quarter, clockwise or against it. */
export function turnPicture({ width, height, channels, data }: Picture, clockwise: boolean): Picture {
  const turned = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = clockwise ? [height - 1 - row, column] : [row, width - 1 - column];
      const to = (y * height + x) * channels;
      const from = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++)
        turned[to + channel] = data[from + channel] as number;
    }
  }
  return { width: height, height: width, channels, data: turned };
}

/** One value of a network's input is `(byte - mean) * gain`, per plane. */
export interface Scaling {
  readonly mean: readonly [number, number, number];
  readonly gain: readonly [number, number, number];
}

/**
 * Blue, green and red planes of the region at `columns` x `rows`, placed at the origin of planes that are `planeColumns` x
 * `planeRows`; what lies beyond is mean grey.
 */
export function toPlanes(
  picture: Picture,
  region: Region,
  target: { columns: number; rows: number; planeColumns: number; planeRows: number },
  { mean, gain }: Scaling,
): Float32Array {
  const { columns, rows, planeColumns, planeRows } = target;
  const size = planeColumns * planeRows;
  const planes = new Float32Array(3 * size);
  const across = weights(region.width, columns);
  const down = weights(region.height, rows);
  const lines = new Float32Array(columns * region.height);
  const blended = new Float32Array(columns);
  for (let channel = 0; channel < picture.channels; channel++) {
    resampleRows(picture, region, channel, across, columns, lines);
    // The networks were trained on pictures that have blue first.
    const targets = picture.channels === 1 ? [0, 1, 2] : [2 - channel];
    for (let row = 0; row < rows; row++) {
      blendRows(lines, columns, down, row, region.height, blended);
      for (const plane of targets) {
        const [level, factor] = [mean[plane] as number, gain[plane] as number];
        const to = plane * size + row * planeColumns;
        for (let column = 0; column < columns; column++) {
          planes[to + column] = ((blended[column] as number) - level) * factor;
        }
      }
    }
  }
  return planes;
}

/** One row of the target: the rows around it, each with its weight. */
function blendRows(
  lines: Float32Array,
  columns: number,
  { starts, values, taps }: Weights,
  row: number,
  height: number,
  blended: Float32Array,
): void {
  blended.fill(0);
  const from = starts[row] as number;
  for (let tap = 0; tap < taps; tap++) {
    const weight = values[row * taps + tap] as number;
    if (weight === 0) continue;
    const start = Math.min(height - 1, from + tap) * columns;
    for (let column = 0; column < columns; column++) {
      blended[column] = (blended[column] as number) + weight * (lines[start + column] as number);
    }
  }
}

function resampleRows(
  { width, channels, data }: Picture,
  { left, top, width: regionWidth, height }: Region,
  channel: number,
  { starts, values, taps }: Weights,
  columns: number,
  lines: Float32Array,
): void {
  const last = (regionWidth - 1) * channels;
  for (let row = 0; row < height; row++) {
    const origin = ((top + row) * width + left) * channels + channel;
    const to = row * columns;
    for (let column = 0; column < columns; column++) {
      const from = (starts[column] as number) * channels;
      const weight = column * taps;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) {
        const at = from + tap * channels;
        sum += (values[weight + tap] as number) * (data[origin + (at < last ? at : last)] as number);
      }
      lines[to + column] = sum;
    }
  }
}

interface Weights {
  readonly starts: Int32Array;
  readonly taps: number;
  readonly values: Float32Array;
}

/** A triangle as wide as a pixel of the coarser side: linear between pixels when enlarging, averaging when reducing. */
function weights(from: number, to: number): Weights {
  const step = from / to;
  const support = Math.max(1, step);
  const taps = Math.min(from, Math.ceil(2 * support) + 1);
  const starts = new Int32Array(to);
  const values = new Float32Array(to * taps);
  for (let index = 0; index < to; index++) {
    const centre = (index + 0.5) * step - 0.5;
    const start = Math.max(0, Math.min(from - taps, Math.ceil(centre - support)));
    starts[index] = start;
    let total = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = Math.max(0, 1 - Math.abs(start + tap - centre) / support);
      values[index * taps + tap] = weight;
      total += weight;
    }
    for (let tap = 0; tap < taps; tap++) {
      values[index * taps + tap] = (values[index * taps + tap] as number) / total;
    }
  }
  return { starts, taps, values };
}
