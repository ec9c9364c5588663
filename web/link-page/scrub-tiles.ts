/** Which images a card can be scrolled through, and where each stands in the sprite of its series. */
import type { SeriesSummary } from '../../shared/contract/study-summary.ts';

/** Previews that are fetched one by one, where there is no sprite. */
const MOST_PREVIEWS = 16;

/** The positions in the series that can be shown, in order. */
export function scrubPositions({ instances, sprite }: SeriesSummary): readonly number[] {
  if (sprite !== undefined) return sprite.instances;
  return instances.length <= MOST_PREVIEWS ? instances.map((_, index) => index) : [];
}

/** Which tile lies under a point, `share` of the way across. */
export function tileAt(share: number, tiles: number): number {
  return Math.min(tiles - 1, Math.max(0, Math.floor(share * tiles)));
}

/** Where a tile stands in a sprite, as a position of the background in per cent. */
export function tilePosition(tile: number, columns: number, rows: number): readonly [number, number] {
  const share = (at: number, of: number) => (of <= 1 ? 0 : (100 * at) / (of - 1));
  return [share(tile % columns, columns), share(Math.floor(tile / columns), rows)];
}
