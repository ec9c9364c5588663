/** Crops, rotates and flips pictures and points, in that order (PS3.3 C.10.4, C.10.6). */
import type { Raster } from '../../raster.ts';

/** A rectangle in pixels of the raster; parts outside of it come out black. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function cropRaster(raster: Raster, { left, top, width, height }: Rectangle): Raster {
  if (left === 0 && top === 0 && width === raster.width && height === raster.height) return raster;
  const { channels } = raster;
  const data = new Uint8Array(width * height * channels);
  const from = Math.max(0, left);
  const to = Math.min(raster.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(raster.height, top + height) && from < to; y++) {
    const row = raster.data.subarray(
      (y * raster.width + from) * channels,
      (y * raster.width + to) * channels,
    );
    data.set(row, ((y - top) * width + (from - left)) * channels);
  }
  return { ...raster, width, height, data };
}

export interface Turn {
  /** Degrees clockwise: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Left and right exchanged, after the rotation. */
  readonly isFlipped: boolean;
}

export function turnRaster(raster: Raster, { rotation, isFlipped }: Turn): Raster {
  if (rotation === 0 && !isFlipped) return raster;
  const { width, height, channels, data } = raster;
  const isLying = rotation === 90 || rotation === 270;
  const [outWidth, outHeight] = isLying ? [height, width] : [width, height];
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [turnedX, toY] = turnPixel(x, y, width, height, rotation);
      const toX = isFlipped ? outWidth - 1 - turnedX : turnedX;
      for (let channel = 0; channel < channels; channel++) {
        out[(toY * outWidth + toX) * channels + channel] = data[
          (y * width + x) * channels + channel
        ] as number;
      }
    }
  }
  return { ...raster, width: outWidth, height: outHeight, data: out };
}

function turnPixel(x: number, y: number, width: number, height: number, rotation: number): [number, number] {
  if (rotation === 90) return [height - 1 - y, x];
  if (rotation === 180) return [width - 1 - x, height - 1 - y];
  return rotation === 270 ? [y, width - 1 - x] : [x, y];
}

/** The same for a point of the area, in shares of its sides from 0 to 1. */
export function turnPoint(u: number, v: number, { rotation, isFlipped }: Turn): [number, number] {
  const [x, y] =
    rotation === 90 ? [1 - v, u] : rotation === 180 ? [1 - u, 1 - v] : rotation === 270 ? [v, 1 - u] : [u, v];
  return [isFlipped ? 1 - x : x, y];
}
