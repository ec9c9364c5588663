import { describe, expect, it } from 'vitest';
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { pictureUrl } from '../../../web/link-page/api.ts';
import { firstSlice, positionOf, sliceAt, soonWanted } from '../../../web/link-page/viewer/stack.ts';
import {
  draggedWindow,
  filterBetween,
  presetsFor,
  type Window,
} from '../../../web/link-page/viewer/windowing.ts';

const image = (frames = 1, more: Partial<InstanceSummary> = {}): InstanceSummary => ({
  sopInstanceUid: '2.25.3',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  instanceNumber: 1,
  rows: 512,
  columns: 512,
  frames,
  bytes: 1,
  crc32: null,
  preview: { width: 256, height: 256 },
  ...more,
});
const seriesOf = (...instances: InstanceSummary[]): SeriesSummary => ({
  seriesInstanceUid: '2.25.2',
  modality: 'CT',
  seriesNumber: 1,
  seriesDescription: null,
  instances,
});

describe('a stack', () => {
  const slices = seriesOf(image(), image(), image(), image());
  const cine = seriesOf(image(30), image());

  it('is the images of a series, and of a multi-frame its frames from the middle', () => {
    expect([firstSlice(slices, 2), firstSlice(cine, 0)]).toEqual([{ image: 2 }, { image: 0, frame: 16 }]);
    expect(positionOf(slices, { image: 2 })).toEqual({ at: 3, of: 4 });
    expect(positionOf(cine, { image: 0, frame: 16 })).toEqual({ at: 16, of: 30 });
  });

  it.each([
    [slices, { image: 1 }, 4, { image: 3 }],
    [slices, { image: 1 }, 99, { image: 3 }],
    [slices, { image: 1 }, -5, { image: 0 }],
    [cine, { image: 0, frame: 16 }, 31, { image: 0, frame: 30 }],
    [cine, { image: 1 }, 1, { image: 0, frame: 16 }],
  ])('ends at its ends', (series, from, at, slice) => {
    expect(sliceAt(series, from, at)).toEqual(slice);
  });

  it('fetches ahead where the scroll goes', () => {
    expect(soonWanted(slices, { image: 1 }, 1)).toEqual([{ image: 2 }, { image: 3 }, { image: 0 }]);
    expect(soonWanted(slices, { image: 1 }, -1)).toEqual([{ image: 0 }, { image: 2 }]);
  });

  it.each([
    ['a report', { sopClassUid: '1.2.840.10008.5.1.4.1.1.88.11' }],
    ['a segmentation', { sopClassUid: '1.2.840.10008.5.1.4.1.1.66.4' }],
    ['what cannot be shown', { preview: { width: 9, height: 9, placeholder: 'truncated' } }],
  ])('of %s is one picture', (_case, more) => {
    expect(firstSlice(seriesOf(image(30, more)), 0)).toEqual({ image: 0 });
  });
});

describe('a window', () => {
  const own = { center: 50, width: 100, falling: false };

  it('has presets of tissue for CT, and of light for the rest', () => {
    expect(presetsFor('CT', own).find(({ name }) => name === 'Lung')?.window).toEqual({
      center: -600,
      width: 1500,
    });
    const [first, brighter] = presetsFor('MR', own);
    expect([first?.window, brighter?.window]).toEqual([undefined, { center: 30, width: 100 }]);
    expect(presetsFor('DX', { ...own, falling: true })[1]?.window).toEqual({ center: 70, width: 100 });
  });

  it('has the further windows and tables of its header, and all there is', () => {
    const windows = [
      { name: 'BRAIN', center: 40, width: 80 },
      { name: 'BONE', center: 500, width: 2000 },
    ];
    const presets = presetsFor('CT', own, {
      windows,
      voiTables: [{ name: 'SOFT' }],
      range: { center: 0, width: 4000 },
    });
    expect(presets.slice(0, 3)).toEqual([
      { name: 'Default' },
      { name: 'BONE', window: { center: 500, width: 2000 } },
      { name: 'SOFT', table: 0 },
    ]);
    expect(presets.at(-1)).toEqual({ name: 'Full range', window: { center: 0, width: 4000 } });
  });

  it('grows brighter upwards, whichever way its values run', () => {
    expect(draggedWindow(own, 0, -30).center).toBeLessThan(own.center);
    expect(draggedWindow({ ...own, falling: true }, 0, -30).center).toBeGreaterThan(own.center);
    expect(draggedWindow(own, 250, 0).width).toBeGreaterThan(250);
  });
});

/** What a browser makes of a filter (Filter Effects 1, 13): each step cuts off below 0 and above 1. */
function filtered(filter: string, grey: number): number {
  let value = grey;
  for (const [, name, text] of filter.matchAll(/(\w+)\(([-\d.e]+)\)/g)) {
    const by = Number(text);
    if (name === 'brightness') value *= by;
    else if (name === 'contrast') value = value * by + 0.5 - 0.5 * by;
    else value = 1 - value;
    value = Math.min(1, Math.max(0, value));
  }
  return value;
}

describe('the filter between two looks', () => {
  const shown = { center: 100, width: 400 };
  const grey = ({ center, width }: Window, value: number) => (value - (center - width / 2)) / width;
  const cut = (value: number) => Math.min(1, Math.max(0, value));

  it.each([
    [{ center: 100, width: 200 }],
    [{ center: 180, width: 200 }],
    [{ center: 20, width: 100 }],
    [{ center: 100, width: 900 }],
    [{ center: 300, width: 900 }],
    [{ center: -100, width: 900 }],
    [{ center: 290, width: 30 }],
  ])('shows greys of %j as they will come', (wanted) => {
    for (const falling of [false, true]) {
      for (const [before, after] of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ] as const) {
        const filter = filterBetween(
          { window: { ...shown, falling }, inverted: before },
          { window: wanted, inverted: after },
        );
        const seen = (window: Window, value: number, inverted: boolean) => {
          const level = cut(grey(window, value));
          return falling === inverted ? level : 1 - level;
        };
        for (let value = -100; value <= 300; value += 10)
          expect(filtered(filter, seen(shown, value, before))).toBeCloseTo(seen(wanted, value, after), 3);
      }
    }
  });

  it('is none where nothing changes', () => {
    const window = { ...shown, falling: false };
    expect(filterBetween({ window, inverted: true }, { window: shown, inverted: true })).toBe('');
  });
});

describe('the address of a picture', () => {
  it('says no more than what differs from the first look', () => {
    const wish = { series: seriesOf(), instance: image(), size: 1024 };
    expect(pictureUrl(wish)).toBe('/api/pictures/2.25.2/2.25.3?size=1024');
    expect(pictureUrl({ ...wish, frame: 3 })).toBe('/api/pictures/2.25.2/2.25.3?size=1024&frame=3');
  });
});
