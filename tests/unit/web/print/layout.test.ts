import { describe, expect, it } from 'vitest';
import {
  type Box,
  fitWithin,
  layOutPage,
  PAPERS,
  type Paper,
  type PerPage,
} from '../../../../web/link-page/print/page-layout.ts';
import { scaleBarFor } from '../../../../web/link-page/print/scale-bar.ts';
import { wrapText } from '../../../../web/link-page/print/wrap-text.ts';

const PAGES = (['A4', 'Letter'] as const).flatMap((paper) =>
  ([1, 2, 4, 6, 9] as const).map((perPage): [Paper, PerPage] => [paper, perPage]),
);
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the layout of a printed page', () => {
  it.each(PAGES)(
    'has on %s the places of %i pictures, none over another, header or footer',
    (paper, perPage) => {
      const { cells, header, footer } = layOutPage(paper, perPage);
      expect(cells).toHaveLength(perPage);
      const boxes = [...cells, header, footer];
      const overlapping = boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => overlap(a, b)));
      expect(overlapping).toEqual([]);
    },
  );

  it.each(PAGES)(
    'loses nothing of %s with %i pictures on the other paper, 6 mm of whose edge stay white',
    (paper, perPage) => {
      const { cells, header, footer, width, height } = layOutPage(paper, perPage);
      const other = PAPERS[paper === 'A4' ? 'Letter' : 'A4'];
      const white = (6 / 25.4) * 72;
      // Unscaled, a page is put into the middle of the paper.
      const left = Math.max(0, (width - other.width) / 2) + white;
      const top = Math.max(0, (height - other.height) / 2) + white;
      for (const box of [...cells, header, footer]) {
        expect(box.x).toBeGreaterThanOrEqual(left);
        expect(box.y).toBeGreaterThanOrEqual(top);
        expect(box.x + box.width).toBeLessThanOrEqual(width - left);
        expect(box.y + box.height).toBeLessThanOrEqual(height - top);
      }
    },
  );

  it('fits a picture without changing its shape', () => {
    expect(fitWithin({ x: 5, y: 7, width: 100, height: 300 }, { width: 50, height: 25 })).toEqual({
      x: 5,
      y: 7,
      width: 100,
      height: 50,
    });
    expect(fitWithin({ x: 5, y: 7, width: 100, height: 50 }, { width: 10, height: 100 })).toMatchObject({
      width: 5,
      height: 50,
    });
  });
});

describe('the scale bar', () => {
  it.each([
    { name: 'a whole knee', millimetresPerPixel: 0.35, width: 512, millimetres: 50 },
    { name: 'a finger', millimetresPerPixel: 0.1, width: 512, millimetres: 10 },
    { name: 'a skin lesion', millimetresPerPixel: 0.02, width: 512, millimetres: 5 },
    { name: 'an eye’s ground', millimetresPerPixel: 0.008, width: 512, millimetres: 1 },
  ])(
    'of $name stands for $millimetres mm and is as long as they are',
    ({ millimetresPerPixel, width, millimetres }) => {
      const printedWidth = 200;
      const bar = scaleBarFor({ millimetresPerPixel, width, printedWidth });
      expect(bar?.millimetres).toBe(millimetres);
      const pixels = ((bar?.length ?? 0) / printedWidth) * width;
      expect(pixels * millimetresPerPixel).toBeCloseTo(millimetres, 9);
      expect(bar?.ticks[0]).toBe(0);
      expect(bar?.ticks.at(-1)).toBeCloseTo(bar?.length ?? 0, 9);
    },
  );

  it.each([undefined, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'is not there where a pixel has %s mm',
    (millimetresPerPixel) => {
      expect(scaleBarFor({ millimetresPerPixel, width: 512, printedWidth: 200 })).toBeUndefined();
    },
  );

  it('is not there where no bar would be long enough to be read, or short enough to fit', () => {
    expect(scaleBarFor({ millimetresPerPixel: 10, width: 512, printedWidth: 200 })).toBeUndefined();
    expect(scaleBarFor({ millimetresPerPixel: 0.0001, width: 512, printedWidth: 200 })).toBeUndefined();
  });
});

describe('lines of text', () => {
  const measure = (text: string) => [...text].length;
  it('break between words', () => {
    expect(wrapText('one two three', 8, 9, measure)).toEqual(['one two', 'three']);
  });
  it('break within a word that is longer than a line, and between signs of a script without spaces', () => {
    expect(wrapText('abcdefgh', 3, 9, measure)).toEqual(['abc', 'def', 'gh']);
    expect(wrapText('膝関節左側', 2, 9, measure)).toEqual(['膝関', '節左', '側']);
  });
  it('end with an ellipsis where there is more than has room', () => {
    expect(wrapText('one two three four', 8, 2, measure)).toEqual(['one two', 'three f…']);
  });
  it('are none of no text', () => {
    expect(wrapText(' \n', 8, 2, measure)).toEqual([]);
  });
});
