import { describe, expect, it } from 'vitest';
import {
  apply,
  edgeLetters,
  FITTED,
  invert,
  matrixOf,
  moved,
  type Place,
  scaleBar,
  turned,
  zoomedAt,
} from '../../../web/link-page/viewer/geometry.ts';

const pane = { width: 400, height: 300 };
const square = { columns: 256, rows: 256, aspect: 1 };
const place = (more: Partial<Place>): Place => ({ ...FITTED, ...more });

describe('an image in its pane', () => {
  it('is fitted, in the middle, with pixels as high as they are', () => {
    expect(apply(matrixOf(square, pane, FITTED), { x: 0, y: 0 })).toEqual({ x: 50, y: 0 });
    const tall = { columns: 100, rows: 100, aspect: 3 };
    expect(apply(matrixOf(tall, pane, FITTED), { x: 100, y: 100 })).toEqual({ x: 250, y: 300 });
  });

  it.each([
    [0, false, { x: 50, y: 0 }],
    [90, false, { x: 350, y: 0 }],
    [180, false, { x: 350, y: 300 }],
    [270, false, { x: 50, y: 300 }],
    [0, true, { x: 350, y: 0 }],
    [90, true, { x: 350, y: 300 }],
  ] as const)('turned by %i°, mirrored %s, has its first pixel at %j', (rotation, isMirrored, corner) => {
    const matrix = matrixOf(square, pane, place({ rotation, isMirrored }));
    const found = apply(matrix, { x: 0, y: 0 });
    expect([found.x, found.y]).toEqual([expect.closeTo(corner.x, 6), expect.closeTo(corner.y, 6)]);
    const back = apply(invert(matrix), found);
    expect([back.x, back.y]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  });

  it('keeps the point under the finger where it is, and does not leave its pane', () => {
    const point = { x: 60, y: -40 };
    const zoomed = zoomedAt(place({ scale: 2, x: 30, y: 10 }), 1.5, point, pane);
    expect((point.x - zoomed.x) / 3).toBeCloseTo((60 - 30) / 2, 6);
    expect(moved(place({ scale: 2 }), 9999, -9999, pane)).toMatchObject({ x: 200, y: -150 });
    expect(zoomedAt(place({ scale: 2, x: 50 }), 0.1, point, pane)).toEqual(FITTED);
    expect(turned(place({ rotation: 270 })).rotation).toBe(0);
  });
});

describe('the letters at the edges', () => {
  const axial = { orientation: [1, 0, 0, 0, 1, 0], letters: [] };
  const lettersOf = (
    facts: typeof axial | { orientation: undefined; letters: string[] },
    more: Partial<Place> = {},
  ) => edgeLetters(facts, square, matrixOf(square, pane, place(more)));

  it('of an axial slice are right, left, anterior and posterior', () => {
    expect(lettersOf(axial)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  });

  it('turn and mirror with the image', () => {
    expect(lettersOf(axial, { rotation: 90 })).toEqual({ left: 'P', right: 'A', top: 'R', bottom: 'L' });
    expect(lettersOf(axial, { isMirrored: true })).toEqual({ left: 'L', right: 'R', top: 'A', bottom: 'P' });
  });

  it('of an oblique slice name the greater part first', () => {
    const half = Math.SQRT1_2;
    const oblique = { orientation: [half * 1.2, half * 0.7, 0, 0, 0, -1], letters: [] };
    expect(lettersOf(oblique)).toEqual({ left: 'RA', right: 'LP', top: 'H', bottom: 'F' });
  });

  it('of a projection come from its Patient Orientation, and are none where that says nothing', () => {
    expect(lettersOf({ orientation: undefined, letters: ['A', 'FL'] })).toEqual({
      left: 'P',
      right: 'A',
      top: 'HR',
      bottom: 'FL',
    });
    expect(lettersOf({ orientation: undefined, letters: [] })).toBeUndefined();
    expect(lettersOf({ orientation: undefined, letters: ['<b>', 'F'] })).toBeUndefined();
  });
});

it('a scale bar is one, two or five of something', () => {
  expect(scaleBar(2)).toEqual({ millimetres: 50, pixels: 100 });
  expect(scaleBar(0.3)).toEqual({ millimetres: 200, pixels: 60 });
  expect(scaleBar(30).millimetres).toBe(2);
});
