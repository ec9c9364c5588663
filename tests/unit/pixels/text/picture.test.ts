import { describe, expect, it } from 'vitest';
import { contentOf, type Picture, toPlanes, turnPicture } from '../../../../shared/pixels/text/picture.ts';

const AS_BYTES = { mean: [0, 0, 0], gain: [1, 1, 1] } as const;

function grey(width: number, height: number, level: (x: number, y: number) => number): Picture {
  const data = Uint8Array.from({ length: width * height }, (_, at) =>
    level(at % width, Math.floor(at / width)),
  );
  return { width, height, channels: 1, data };
}

describe('a part of a picture for a network', () => {
  const whole = { left: 0, top: 0, width: 4, height: 4 };

  it.each([
    ['enlarged', 8],
    ['as it is', 4],
    ['made smaller', 2],
  ])('keeps an even level when %s', (_, side) => {
    const target = { columns: side, rows: side, planeColumns: side, planeRows: side };
    const planes = toPlanes(
      grey(4, 4, () => 77),
      whole,
      target,
      AS_BYTES,
    );
    expect(planes).toHaveLength(3 * side * side);
    for (const value of planes) expect(value).toBeCloseTo(77, 4);
  });

  it('has blue first, and zero beyond what is placed', () => {
    const picture: Picture = { width: 1, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30) };
    const region = { left: 0, top: 0, width: 1, height: 1 };
    const planes = toPlanes(
      picture,
      region,
      { columns: 1, rows: 1, planeColumns: 2, planeRows: 1 },
      AS_BYTES,
    );
    expect([...planes]).toEqual([30, 0, 20, 0, 10, 0]);
  });

  it('takes the region asked for', () => {
    const picture = grey(6, 4, (x, y) => 10 * y + x);
    const region = { left: 2, top: 1, width: 3, height: 2 };
    const planes = toPlanes(
      picture,
      region,
      { columns: 3, rows: 2, planeColumns: 3, planeRows: 2 },
      AS_BYTES,
    );
    expect([...planes.subarray(0, 6)]).toEqual([12, 13, 14, 22, 23, 24]);
  });
});

describe('a picture that is turned', () => {
  it('has its left column at the top when turned clockwise, and comes back', () => {
    const picture = grey(3, 2, (x, y) => 10 * y + x);
    const turned = turnPicture(picture, true);
    expect(turned).toMatchObject({ width: 2, height: 3 });
    expect([...turned.data]).toEqual([10, 0, 11, 1, 12, 2]);
    expect(turnPicture(turned, false)).toEqual(picture);
  });
});

describe('the content of a picture', () => {
  const region = { left: 0, top: 0, width: 200, height: 100 };

  it('is none where the ground is even, or a gentle slope', () => {
    expect(
      contentOf(
        grey(200, 100, () => 90),
        region,
      ),
    ).toBeUndefined();
    expect(
      contentOf(
        grey(200, 100, (x) => x),
        region,
      ),
    ).toBeUndefined();
  });

  it('is what has strokes, and some ground around it', () => {
    const stroke = grey(200, 100, (x, y) => (x === 100 && y >= 50 && y < 60 ? 30 : 0));
    expect(contentOf(stroke, region)).toEqual({ left: 76, top: 26, width: 49, height: 57 });
  });
});
