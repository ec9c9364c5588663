import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RegionOptions, textRegions } from '../../../../shared/pixels/text/text-regions.ts';

const OPTIONS: RegionOptions = {
  cellThreshold: 0.3,
  boxThreshold: 0.5,
  growth: 0,
  minimumSide: 2,
  maximumSide: 8,
  stricter: [0.6],
};

/** A map drawn as rows of digits: tenths of probability. */
function mapOf(...rows: string[]): [Float32Array, number, number] {
  const cells = rows.flatMap((row) => Array.from(row, (digit) => Number(digit) / 10));
  return [Float32Array.from(cells), (rows[0] as string).length, rows.length];
}

const bounds = (boxes: ReturnType<typeof textRegions>): number[][] =>
  boxes.map(({ left, top, right, bottom }) => [left, top, right, bottom]);

describe('regions of a map of probabilities', () => {
  it('are what hangs together, without corners touching', () => {
    const map = mapOf('0990000', '0990000', '0009900', '0009900');
    expect(bounds(textRegions(...map, OPTIONS))).toEqual([
      [1, 0, 3, 2],
      [3, 2, 5, 4],
    ]);
  });

  it.each([
    ['too thin', mapOf('00000', '09990', '00000')],
    ['too unsure', mapOf('44440', '44440', '00000')],
    ['nothing', mapOf('00000', '02220', '02220')],
  ])('are none where all is %s', (_, map) => {
    expect(textRegions(...map, OPTIONS)).toEqual([]);
  });

  it('grow by the area over the perimeter', () => {
    const [box] = textRegions(...mapOf('000000', '099990', '099990', '000000'), { ...OPTIONS, growth: 1.5 });
    const margin = (1.5 * 4 * 2) / (2 * (4 + 2));
    expect(box).toMatchObject({ left: 1 - margin, right: 5 + margin, top: 1 - margin, bottom: 3 + margin });
  });

  it('are split with a stricter threshold where lines run together', () => {
    const line = '9999999999';
    const map = mapOf(
      line,
      line,
      '5555555555',
      '5555555555',
      line,
      line,
      '5555555555',
      '5555555555',
      line,
      line,
    );
    expect(bounds(textRegions(...map, { ...OPTIONS, maximumSide: 4 }))).toEqual([
      [0, 0, 10, 2],
      [0, 4, 10, 6],
      [0, 8, 10, 10],
    ]);
  });

  it('are left out where they stay larger than letters', () => {
    const row = '999999999999';
    expect(textRegions(...mapOf(...Array.from({ length: 12 }, () => row)), OPTIONS)).toEqual([]);
  });

  it('hold every cell that is surely text, where nothing is too small or too large', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (cells) => {
        const map = Float32Array.from(cells, (isText) => (isText ? 0.9 : 0.1));
        const boxes = textRegions(map, 8, 8, { ...OPTIONS, minimumSide: 1 });
        cells.forEach((isText, at) => {
          const [x, y] = [at % 8, Math.floor(at / 8)];
          const held = boxes.some(
            ({ left, top, right, bottom }) => x >= left && x < right && y >= top && y < bottom,
          );
          if (isText) expect(held).toBe(true);
        });
      }),
    );
  });
});
