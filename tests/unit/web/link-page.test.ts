import { describe, expect, it } from 'vitest';
import type { SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { fileSize, seriesDetail, seriesTitle, studyDate } from '../../../web/link-page/format.ts';
import { imageRoute, routeOf, seriesRoute, studyRoute, tokenOf } from '../../../web/link-page/route.ts';
import { scrubPositions, tileAt, tilePosition } from '../../../web/link-page/scrub-tiles.ts';

describe('addresses within the page', () => {
  it('lead back to what they name', () => {
    expect(routeOf(studyRoute())).toEqual({ page: 'study' });
    expect(routeOf(seriesRoute(2))).toEqual({ page: 'series', series: 2 });
    expect(routeOf(imageRoute(0, 11))).toEqual({ page: 'image', series: 0, image: 11 });
  });

  it.each([[''], ['#'], ['#main'], ['#/nonsense'], ['#/series/x'], ['#/series/1/2/3']])(
    '%j is the study',
    (fragment) => {
      expect(routeOf(fragment)).toEqual({ page: 'study' });
    },
  );

  it('are never taken for the token of a link', () => {
    for (const fragment of [
      '',
      '#',
      '#main',
      studyRoute(),
      seriesRoute(123_456),
      imageRoute(123_456, 123_456),
    ]) {
      expect(tokenOf(fragment)).toBeUndefined();
    }
    const token = '2tvxysy0c82mntvb2sc4nsjbxdQku7vT9gdW4dMdFWL05smdrHwFSk8Sv5uE4x-8f30f_';
    expect(tokenOf(`#${token}`)).toBe(token);
  });
});

describe('what the page says of a series', () => {
  const series: SeriesSummary = {
    seriesInstanceUid: '1',
    modality: 'CT',
    seriesNumber: 3,
    seriesDescription: null,
    instances: [],
  };

  it.each([
    [
      'the description',
      { ...series, seriesDescription: 'Head' },
      'Head',
      'Series 3 · Computed tomography · 0 images',
    ],
    ['the number', series, 'Series 3', 'Computed tomography · 0 images'],
    ['the modality', { ...series, seriesNumber: null }, 'Computed tomography', '0 images'],
    ['nothing', { ...series, seriesNumber: null, modality: null }, 'Unknown modality', '0 images'],
  ])('is headed by %s and says nothing twice', (_case, of, title, detail) => {
    expect([seriesTitle(of), seriesDetail(of)]).toEqual([title, detail]);
  });
});

describe('values', () => {
  it.each([
    [999, '999 bytes'],
    [1_500, '1.5 KB'],
    [81_300_000, '81 MB'],
  ])('%d bytes are %s', (bytes, said) => {
    expect(fileSize(bytes)).toBe(said);
  });

  it('shows a date, and what is no date as it stands', () => {
    expect(studyDate('20250611')).toMatch(/2025/);
    expect(studyDate('2025')).toBe('2025');
  });
});

describe('scrolling through a series on its card', () => {
  const instance = (sopInstanceUid: string): SeriesSummary['instances'][number] => ({
    sopInstanceUid,
    sopClassUid: '',
    instanceNumber: null,
    rows: null,
    columns: null,
    frames: 1,
    bytes: 0,
    crc32: null,
    preview: { width: 8, height: 8 },
  });
  const seriesOf = (count: number): SeriesSummary => ({
    seriesInstanceUid: '1',
    modality: 'CT',
    seriesNumber: 3,
    seriesDescription: null,
    instances: Array.from({ length: count }, (_, index) => instance(`1.${index}`)),
  });

  it('goes through the tiles of a sprite, through the few previews of a short series, and through no others', () => {
    const sprite = { name: 'x', tile: 128, columns: 2, rows: 1, instances: [0, 99] };
    expect(scrubPositions({ ...seriesOf(100), sprite })).toEqual([0, 99]);
    expect(scrubPositions(seriesOf(3))).toEqual([0, 1, 2]);
    expect(scrubPositions(seriesOf(100))).toEqual([]);
  });

  it.each([
    [-0.2, 0],
    [0, 0],
    [0.49, 3],
    [0.5, 4],
    [1, 7],
    [1.3, 7],
  ])('at %d of the way across eight tiles is tile %i', (share, tile) => {
    expect(tileAt(share, 8)).toBe(tile);
  });

  it('finds each tile in the sprite', () => {
    expect(tilePosition(0, 8, 8)).toEqual([0, 0]);
    expect(tilePosition(63, 8, 8)).toEqual([100, 100]);
    expect(tilePosition(9, 8, 3)).toEqual([100 / 7, 50]);
    expect(tilePosition(2, 8, 1)).toEqual([200 / 7, 0]);
  });
});
