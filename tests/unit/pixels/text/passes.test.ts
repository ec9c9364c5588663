import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PASS_LIMITS, type Pass, planPasses } from '../../../../shared/pixels/text/passes.ts';

const scales = (passes: readonly Pass[]): [boolean, number][] =>
  passes.map(({ turned, tiles }) => [turned, Math.round(10 * (tiles[0]?.scale ?? 0)) / 10]);

describe('the passes over a picture', () => {
  it.each([
    ['a slice of MR', 274, 384, [3, 2], [2, 2]],
    ['a slice of CT', 512, 512, [2.1, 1.4], [1.4, 1.4]],
    ['an ultrasound frame', 1024, 768, [2, 1.3], [1]],
    ['a screen', 1920, 1080, [2, 1.3, 0.7], [1]],
    ['a mammogram', 3328, 4096, [1.5, 1, 0.3], [0.8]],
  ])('%s is seen enlarged, smaller, turned, and whole', (_, width, height, lying, turned) => {
    const seen = scales(planPasses(width, height));
    expect(seen.filter(([isTurned]) => !isTurned).map(([, scale]) => scale)).toEqual(lying);
    expect(seen.filter(([isTurned]) => isTurned).map(([, scale]) => scale)).toEqual(turned);
  });

  it('see each picture in more than one tone', () => {
    expect(new Set(planPasses(1024, 768).map(({ tone }) => tone)).size).toBeGreaterThan(1);
  });

  it('cover every pixel by inputs of bounded size, and neighbours overlap', () => {
    const side = fc.integer({ min: 1, max: 6000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        for (const { turned, tiles } of planPasses(width, height)) {
          const [across, down] = turned ? [height, width] : [width, height];
          for (const tile of tiles) {
            expect(tile.left).toBeGreaterThanOrEqual(0);
            expect(tile.left + tile.width).toBeLessThanOrEqual(across);
            expect(tile.top + tile.height).toBeLessThanOrEqual(down);
            expect(Math.max(tile.width, tile.height) * tile.scale).toBeLessThanOrEqual(
              PASS_LIMITS.inputSide + 4,
            );
          }
          const overlap = Math.floor(PASS_LIMITS.overlap / (tiles[0]?.scale ?? 1)) - 1;
          const spans = new Set(tiles.map(({ left, width: columns }) => `${left} ${left + columns}`));
          let reached = overlap;
          for (const span of spans) {
            const [from = 0, to = 0] = span.split(' ').map(Number);
            expect(from).toBeLessThanOrEqual(reached - overlap);
            reached = to;
          }
          expect(reached).toBe(across);
        }
      }),
      { numRuns: 60 },
    );
  });
});
