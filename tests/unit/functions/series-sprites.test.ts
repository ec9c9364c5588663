import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../functions/complete-study/instance-facts.ts';
import {
  chooseTiles,
  SPRITE_LIMITS,
  type SpritePorts,
  withSprites,
} from '../../../functions/complete-study/series-sprites.ts';
import { summarizeStudy } from '../../../functions/complete-study/summarize-study.ts';
import { previewKey, SPRITE_NAME } from '../../../shared/contract/names.ts';
import type { StudySummary } from '../../../shared/contract/study-summary.ts';
import type { DicomJson } from '../../../shared/dicom/index.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const STUDY = '2.25.1';

interface Described {
  readonly series: string;
  readonly count: number;
  readonly headerOf?: (index: number) => DicomJson;
  readonly placeholders?: readonly number[];
}

function study(...described: readonly Described[]): StudySummary {
  const facts = described.flatMap(({ series, count, headerOf, placeholders = [] }) =>
    Array.from({ length: count }, (_, index) =>
      factsOf(
        {
          uids: { study: STUDY, series, instance: `${series}.${index}` },
          header: '',
          bytes: 100,
          preview: {
            width: 8,
            height: 8,
            ...(placeholders.includes(index) ? { placeholder: 'no-image' } : {}),
          },
        },
        { '00200013': { vr: 'IS', Value: [index] }, ...headerOf?.(index) },
      ),
    ),
  );
  return summarizeStudy(STUDY, {}, facts, '');
}

function library() {
  const store = memoryStore('library');
  const ports: SpritePorts = {
    exists: async (key) => (await store.head({ key })) !== undefined,
    readPreview: async (key) => {
      store.requests.push(`read ${key}`);
      return Buffer.from(`${key};`);
    },
    composeSprite: async (previews) => Buffer.concat(previews),
    putNew: (key, bytes) => store.put(key, bytes, { onlyIf: 'absent' }),
    layout: (count) => ({ tile: 128, columns: Math.min(8, count), rows: Math.ceil(count / 8) }),
  };
  const count = (verb: string) => store.requests.filter((request) => request.startsWith(`${verb} `)).length;
  return { store, ports, count };
}

describe('the sprite of a series', () => {
  it('holds evenly chosen previews and is written under what it is made of', async () => {
    const { store, ports } = library();
    const { series } = await withSprites(study({ series: '2.25.3', count: 100 }), ports);
    const sprite = series[0]?.sprite;
    expect(sprite).toMatchObject({ tile: 128, columns: 8, rows: 8 });
    expect(sprite?.name).toMatch(SPRITE_NAME);
    expect(sprite?.instances).toHaveLength(SPRITE_LIMITS.tilesPerSeries);
    expect([sprite?.instances[0], sprite?.instances.at(-1)]).toEqual([0, 99]);
    const written = store.objects.get(`studies/${STUDY}/2.25.3/sprite-${sprite?.name}.webp`)!;
    const expected = sprite?.instances.map(
      (index) => `${previewKey({ study: STUDY, series: '2.25.3', instance: `2.25.3.${index}` })};`,
    );
    expect(Buffer.from(written.bytes).toString()).toBe(expected?.join(''));
  });

  it('is not there for a series whose previews are as soon there', async () => {
    const { ports, count } = library();
    const short = study({ series: '2.25.3', count: SPRITE_LIMITS.minimumInstances - 1 });
    expect((await withSprites(short, ports)).series[0]?.sprite).toBeUndefined();
    expect([count('read'), count('put')]).toEqual([0, 0]);
  });

  it('is neither read nor written again while the series is the same', async () => {
    const { store, ports, count } = library();
    const two = [
      { series: '2.25.3', count: 10 },
      { series: '2.25.4', count: 10 },
    ];
    const first = await withSprites(study(...two), ports);
    store.requests.length = 0;
    expect(await withSprites(study(...two), ports)).toEqual(first);
    expect([count('read'), count('put')]).toEqual([0, 0]);
    // A late instance of one series is a new sprite of that series alone.
    const late = await withSprites(study(two[0]!, { series: '2.25.4', count: 11 }), ports);
    expect(late.series[0]).toEqual(first.series[0]);
    expect(late.series[1]?.sprite?.name).not.toBe(first.series[1]?.sprite?.name);
    expect([count('read'), count('put')]).toEqual([11, 1]);
  });

  it('is another one when a preview has become another', async () => {
    const { ports } = library();
    const of = async (placeholders: number[]) =>
      (await withSprites(study({ series: '2.25.3', count: 10, placeholders }), ports)).series[0]?.sprite
        ?.name;
    expect(await of([])).not.toBe(await of([4]));
  });

  it.each([
    { name: '10,000 in one series', series: 1, each: 10_000, reads: SPRITE_LIMITS.tilesPerSeries },
    { name: '10,000 in 20 series', series: 20, each: 500, reads: 20 * SPRITE_LIMITS.tilesPerSeries },
    { name: '10,000 in 100 series', series: 100, each: 100, reads: 2_000 },
  ])('reads so many previews of a study of $name', async ({ series, each, reads }) => {
    const { ports, count } = library();
    const many = Array.from({ length: series }, (_, index) => ({ series: `2.25.9.${index}`, count: each }));
    await withSprites(study(...many), ports);
    expect(count('read')).toBe(reads);
    expect(count('put')).toBe(series);
  });

  it('holds both ends of the series, each instance once', () => {
    for (const instances of [8, 9, 63, 64, 65, 1_000]) {
      const tiles = chooseTiles(instances, 1);
      expect([tiles[0], tiles.at(-1), new Set(tiles).size]).toEqual([0, instances - 1, tiles.length]);
    }
  });
});

describe('the key image of a series', () => {
  const keyOf = (of: StudySummary, at = 0) => of.series[at]?.keyImage;

  it('is the middle one', () => {
    expect(keyOf(study({ series: '2.25.3', count: 7 }))).toBe(3);
  });

  it('is one that shows an image where there is one', () => {
    expect(keyOf(study({ series: '2.25.3', count: 5, placeholders: [1, 2, 3] }))).toBe(0);
    expect(keyOf(study({ series: '2.25.3', count: 3, placeholders: [0, 1, 2] }))).toBe(1);
  });

  it('is the one that a key object selection names', () => {
    const referenced = { '00081155': { vr: 'UI', Value: ['2.25.3.6'] } } as DicomJson;
    const nested = (tag: string, item: DicomJson): DicomJson => ({ [tag]: { vr: 'SQ', Value: [item] } });
    const selection: Described = {
      series: '2.25.4',
      count: 1,
      headerOf: () => ({
        '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.88.59'] },
        ...nested('0040A375', nested('00081115', nested('00081199', referenced))),
      }),
    };
    expect(keyOf(study({ series: '2.25.3', count: 9 }, selection))).toBe(6);
  });
});

describe('the objects that are written for pictures', () => {
  it('are one for each instance, and less than 2 in 100 more for a study as hospitals have them', async () => {
    // 476 instances a study is the mean of a published hospital archive of 1 M studies.
    const { ports, count } = library();
    const sizes = [3, 1, 24, 120, 120, 160, 48];
    const instances = sizes.reduce((sum, size) => sum + size, 0);
    expect(instances).toBe(476);
    await withSprites(
      study(...sizes.map((size, index) => ({ series: `2.25.9.${index}`, count: size }))),
      ports,
    );
    const contactSheet = 1;
    const objects = instances + count('put') + contactSheet;
    expect(count('put')).toBe(5);
    expect(objects / instances).toBeLessThan(1.02);
  });
});
