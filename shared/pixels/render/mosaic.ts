/**
 * A tiled image as one picture: a small one put together of all its tiles, each decoded at what the picture needs of it; of one that
 * has more the tile with most to be seen, as most of a slide is glass.
 */
import { decodeFrame } from '../decode.ts';
import { frameExtents, type PreviewSource } from '../frames.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { PixelLimits } from '../limits.ts';
import type { Raster, Size } from '../raster.ts';
import { type Tile, type TiledImage, tiledImage } from '../tiles.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { renderFrame } from './render.ts';

export interface MosaicLimits {
  /** Tiles that are put together; default 256: all of a level of some thousand pixels. */
  readonly maximumTiles: number;
  /** Pixels of them; default 16 million, half a second. */
  readonly maximumPixels: number;
  /** Tiles of a larger image that are looked at where their lengths tell nothing; default 16, evenly taken. */
  readonly maximumProbed: number;
}

export const MOSAIC_LIMITS: MosaicLimits = {
  maximumTiles: 256,
  maximumPixels: 16_000_000,
  maximumProbed: 16,
};

/** The whole of a tiled image, its longest side about `longest`; undefined where it is none, or has too many tiles. */
export async function renderMosaic(
  source: PreviewSource,
  image: ImagePixel,
  longest: number,
  limits: PixelLimits,
  { maximumTiles, maximumPixels }: MosaicLimits = MOSAIC_LIMITS,
): Promise<Raster | undefined> {
  const { dataSet } = source.part10;
  const tiled = tiledImage(dataSet, image);
  if (tiled === undefined || tiled.tiles.length > maximumTiles) return undefined;
  if (tiled.tiles.length * image.rows * image.columns > maximumPixels) return undefined;
  const { canvas, scale } = canvasFor(tiled, longest);
  // What is missing of a slide is glass.
  if (image.samplesPerPixel === 3) canvas.data.fill(GLASS);
  const atLeast = { width: Math.ceil(image.columns * scale), height: Math.ceil(image.rows * scale) };
  let profile: Uint8Array | undefined;
  let missing = 0;
  for (const tile of tiled.tiles) {
    try {
      const samples = await decodeFrame(source, image, tile.frame, { atLeast, limits });
      const raster = renderFrame(dataSet, image, samples, tile.frame, atLeast);
      profile ??= raster.profile;
      paintTile(canvas, raster, tile, image, scale);
    } catch (error) {
      if (!(error instanceof UndisplayableError)) throw error;
      // Some writers cut the tiles at the edges short, which costs nothing to find; what takes a decoder is not tried for ever.
      missing += error.reason === 'pixel-data-mismatch' ? 1 : DAMAGED;
      if (missing > tiled.tiles.length / 4) return undefined;
    }
  }
  return profile === undefined ? canvas : { ...canvas, profile };
}

const GLASS = 243;
/** A tile that a decoder gave up counts as so many that are missing. */
const DAMAGED = 16;

/** The frame of a tiled image that shows most; undefined where it is not tiled. */
export async function busiestTile(
  source: PreviewSource,
  image: ImagePixel,
  limits: PixelLimits,
  { maximumProbed }: MosaicLimits = MOSAIC_LIMITS,
): Promise<number | undefined> {
  const tiled = tiledImage(source.part10.dataSet, image);
  if (tiled === undefined) return undefined;
  const extents = await frameExtents(source, image, limits);
  if (extents.kind === 'encapsulated')
    // What shows much is long when it is compressed.
    return mostOf(tiled.tiles, ({ frame }) =>
      extents.fragmentsOf(frame).reduce((sum, { length }) => sum + length, 0),
    );
  const step = Math.max(1, Math.floor(tiled.tiles.length / maximumProbed));
  const probed = tiled.tiles.filter((_, index) => index % step === step >> 1).slice(0, maximumProbed);
  const variances = new Map<number, number>();
  for (const { frame } of probed)
    variances.set(frame, varianceOf((await decodeFrame(source, image, frame, { limits })).data));
  return mostOf(probed, ({ frame }) => variances.get(frame) ?? 0);
}

/** A black canvas of the whole image, and how much smaller it is. It has twice the pixels that are shown, so that edges are smooth. */
export function canvasFor({ whole }: TiledImage, longest: number): { canvas: Raster; scale: number } {
  const scale = Math.min(1, (2 * longest) / Math.max(whole.width, whole.height));
  const [width, height] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * scale)));
  const size = { width: width as number, height: height as number };
  return { canvas: { ...size, channels: 3, data: new Uint8Array(size.width * size.height * 3) }, scale };
}

/** The part of the canvas that a tile covers, with the pixels of the tile that lie under each of its pixels. */
export function visitTile(
  canvas: Size,
  raster: Size,
  { x, y }: Pick<Tile, 'x' | 'y'>,
  image: Pick<ImagePixel, 'rows' | 'columns'>,
  scale: number,
  visit: (to: number, from: number) => void,
): void {
  const bounds = (start: number, length: number, limit: number) =>
    [Math.max(0, Math.round(start * scale)), Math.min(limit, Math.round((start + length) * scale))] as const;
  const [left, right] = bounds(x, image.columns, canvas.width);
  const [top, bottom] = bounds(y, image.rows, canvas.height);
  for (let row = top; row < bottom; row++) {
    const fromRow = nearest(row, y, scale, image.rows, raster.height);
    for (let column = left; column < right; column++)
      visit(
        row * canvas.width + column,
        fromRow * raster.width + nearest(column, x, scale, image.columns, raster.width),
      );
  }
}

function nearest(to: number, start: number, scale: number, pixels: number, length: number): number {
  const within = ((to + 0.5) / scale - start) / pixels;
  return Math.min(length - 1, Math.max(0, Math.floor(within * length)));
}

function paintTile(canvas: Raster, raster: Raster, tile: Tile, image: ImagePixel, scale: number): void {
  visitTile(canvas, raster, tile, image, scale, (to, from) => {
    for (let channel = 0; channel < 3; channel++) {
      const at = raster.channels === 3 ? from * 3 + channel : from;
      canvas.data[to * 3 + channel] = raster.data[at] as number;
    }
  });
}

function mostOf(tiles: readonly Tile[], weigh: (tile: Tile) => number): number | undefined {
  let best: { frame: number; value: number } | undefined;
  for (const tile of tiles) {
    const value = weigh(tile);
    if (best === undefined || value > best.value) best = { frame: tile.frame, value };
  }
  return best?.frame;
}

function varianceOf(data: ArrayLike<number>): number {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < data.length; at++) {
    const value = data[at] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / Math.max(1, data.length);
  return squares / Math.max(1, data.length) - mean * mean;
}
