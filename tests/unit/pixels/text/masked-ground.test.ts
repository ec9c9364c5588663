import { describe, expect, it } from 'vitest';
import { fillFromAround, outsideMasks } from '../../../../shared/pixels/text/masked-ground.ts';
import type { Picture } from '../../../../shared/pixels/text/picture.ts';

const region = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

/** A slope of grey with black masks on it. */
function masked(masks: readonly ReturnType<typeof region>[], channels: 1 | 3 = 1): Picture {
  const data = Uint8Array.from({ length: 60 * 40 * channels }, (_, at) => {
    const [x, y] = [Math.floor(at / channels) % 60, Math.floor(at / channels / 60)];
    const isHidden = masks.some(
      ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
    );
    return isHidden ? 0 : 100 + x;
  });
  return { width: 60, height: 40, channels, data };
}

describe('the ground under masks', () => {
  it.each([
    ['one mask', [region(20, 10, 20, 12)], 1],
    ['masks that touch', [region(20, 10, 10, 12), region(30, 10, 10, 12)], 1],
    ['a mask at the corner, in colour', [region(0, 0, 20, 12)], 3],
  ] as const)('is like what surrounds it: %s', (_, masks, channels) => {
    const given = masked(masks, channels);
    const before = Uint8Array.from(given.data);
    const { data } = fillFromAround(given, masks);
    expect(given.data).toEqual(before);
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < 60; x++)
        expect(Math.abs((data[(y * 60 + x) * channels] as number) - 100 - x)).toBeLessThanOrEqual(15);
  });

  it('stays black where the whole picture is masked', () => {
    const all = [region(0, 0, 60, 40)];
    expect(fillFromAround(masked(all), all).data.every((level) => level === 0)).toBe(true);
  });

  it('holds no lines, while what only reaches into it is one', () => {
    const masks = [region(20, 10, 20, 12)];
    const [within, beside] = [region(22, 11, 24, 10), region(34, 11, 24, 10)];
    expect(outsideMasks([within, beside], masks)).toEqual([beside]);
  });
});
