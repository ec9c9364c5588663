/** A study at a glance: previews in a grid, in the order given. */
import { composeGrid, type PreviewFormat } from './raster.ts';

export interface ContactSheetOptions {
  /** Side of a tile in pixels; default 128. */
  readonly tile?: number;
  /** Tiles at most; default 48. Of more previews, evenly spread ones are taken, the first among them. */
  readonly maximumTiles?: number;
  /** Tiles in a row; default as many as make the sheet about square, 8 at most. */
  readonly columns?: number;
  readonly format?: PreviewFormat;
}

const GAP = 4;

/** Which previews a sheet of `maximum` tiles shows, so that a caller need not fetch the others. */
export function contactSheetSelection(count: number, maximum = 48): number[] {
  const taken = Math.min(count, maximum);
  return Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken));
}

/** Composes the sheet; at least one preview is needed. */
export async function composeContactSheet(
  previews: readonly { readonly bytes: Uint8Array }[],
  { tile = 128, maximumTiles = 48, columns, format = 'webp' }: ContactSheetOptions = {},
): Promise<Uint8Array> {
  if (previews.length === 0) throw new RangeError('a contact sheet needs a preview');
  const shown = contactSheetSelection(previews.length, maximumTiles).map(
    (index) => previews[index] as { bytes: Uint8Array },
  );
  const across = Math.min(shown.length, columns ?? Math.min(8, Math.ceil(Math.sqrt(shown.length))));
  const down = Math.ceil(shown.length / across);
  const pitch = tile + GAP;
  return composeGrid(
    shown.map(({ bytes }, index) => ({
      bytes,
      left: GAP + (index % across) * pitch,
      top: GAP + Math.floor(index / across) * pitch,
      size: tile,
    })),
    { width: GAP + across * pitch, height: GAP + down * pitch },
    format,
  );
}
