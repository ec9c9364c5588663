/** The previews of a series in one picture without gaps, so that a page can show any of them at once. */
import { composeGrid } from './raster.ts';

/** Side of a tile in pixels. */
export const SPRITE_TILE = 128;
/** Tiles in a row: WebP reaches 16,383 pixels, and decoders like squares. */
const COLUMNS = 8;

export interface SpriteLayout {
  readonly tile: number;
  readonly columns: number;
  readonly rows: number;
}

/** How so many tiles are laid out, row by row. */
export function spriteLayout(count: number): SpriteLayout {
  const columns = Math.min(COLUMNS, count);
  return { tile: SPRITE_TILE, columns, rows: Math.ceil(count / columns) };
}

/** Composes the sprite of the previews, in their order; of one that moves the first frame is taken. */
export async function composeSprite(previews: readonly Uint8Array[]): Promise<Uint8Array> {
  if (previews.length === 0) throw new RangeError('a sprite needs a preview');
  const { tile, columns, rows } = spriteLayout(previews.length);
  return composeGrid(
    previews.map((bytes, index) => ({
      bytes,
      left: (index % columns) * tile,
      top: Math.floor(index / columns) * tile,
      size: tile,
    })),
    { width: columns * tile, height: rows * tile },
    'webp',
  );
}
