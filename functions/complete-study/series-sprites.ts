/**
 * One picture per series to scroll through: evenly chosen previews as tiles. Its key says what it is made of, so that a series
 * that has not changed is neither read nor written again, and a slow completion cannot put an old picture under a new index.
 */
import { createHash } from 'node:crypto';
import type { Written } from '../../shared/aws/object-store.ts';
import { previewKey, seriesSpriteKey } from '../../shared/contract/names.ts';
import type { SeriesSprite, SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';

export const SPRITE_LIMITS = {
  /** Instances of a series from which it has a sprite; default 8: the previews of fewer are as soon there, and cost no object. */
  minimumInstances: 8,
  /** Tiles of one sprite; default 64: a finger's width of a card for each. */
  tilesPerSeries: 64,
  /** Tiles of all sprites of a study, as each is a preview that is read; default 2,048. */
  tilesPerStudy: 2_048,
  /** Previews read at once; default 16. */
  readsAtOnce: 16,
} as const;

export interface SpritePorts {
  exists(key: string): Promise<boolean>;
  readPreview(key: string): Promise<Uint8Array>;
  composeSprite(previews: readonly Uint8Array[]): Promise<Uint8Array>;
  /** Writes where nothing stands yet. */
  putNew(key: string, bytes: Uint8Array): Promise<Written>;
  layout(count: number): Pick<SeriesSprite, 'tile' | 'columns' | 'rows'>;
}

/** The study with the sprites of its series, each of which stands in the library. */
export async function withSprites(study: StudySummary, ports: SpritePorts): Promise<StudySummary> {
  const series: SeriesSummary[] = [];
  for (const one of study.series) {
    const sprite = await spriteOf(study, one, ports);
    series.push(sprite === undefined ? one : { ...one, sprite });
  }
  return { ...study, series };
}

/** The positions within the series of the instances that are tiles, evenly chosen. */
export function chooseTiles(instances: number, seriesOfStudy: number): number[] {
  if (instances < SPRITE_LIMITS.minimumInstances) return [];
  const share = Math.max(
    SPRITE_LIMITS.minimumInstances,
    Math.floor(SPRITE_LIMITS.tilesPerStudy / seriesOfStudy),
  );
  const count = Math.min(instances, SPRITE_LIMITS.tilesPerSeries, share);
  // Both ends are among them: a reader scrolls to the first and the last image.
  return Array.from({ length: count }, (_, index) => Math.round((index * (instances - 1)) / (count - 1)));
}

async function spriteOf(
  study: StudySummary,
  { seriesInstanceUid, instances }: SeriesSummary,
  ports: SpritePorts,
): Promise<SeriesSprite | undefined> {
  const tiles = chooseTiles(instances.length, study.series.length);
  if (tiles.length === 0) return undefined;
  const chosen = tiles.flatMap((index) => instances[index] ?? []);
  const name = createHash('sha256')
    .update(
      JSON.stringify(chosen.map(({ sopInstanceUid, bytes, preview }) => [sopInstanceUid, bytes, preview])),
    )
    .digest('hex')
    .slice(0, 16);
  const key = seriesSpriteKey(study.studyInstanceUid, seriesInstanceUid, name);
  if (!(await ports.exists(key))) {
    const previews = await mapInParallel(chosen, SPRITE_LIMITS.readsAtOnce, ({ sopInstanceUid }) =>
      ports.readPreview(
        previewKey({ study: study.studyInstanceUid, series: seriesInstanceUid, instance: sopInstanceUid }),
      ),
    );
    await ports.putNew(key, await ports.composeSprite(previews));
  }
  return { name, ...ports.layout(tiles.length), instances: tiles };
}
