/** What the viewer makes of shutters and of the places that presentation states give to images. */
import { describe, expect, it } from 'vitest';
import type { DataSet } from '../../../web/link-page/viewer/dicom-json.ts';
import { apply, type Extent, matrixOf } from '../../../web/link-page/viewer/geometry.ts';
import { statePresets, stateViews } from '../../../web/link-page/viewer/presentation.ts';
import { coverOf, shutterOf } from '../../../web/link-page/viewer/shutter.ts';
import { placeOfState } from '../../../web/link-page/viewer/state-place.ts';

const of = (vr: string, ...Value: unknown[]) => ({ vr, Value });
const IMAGE = { columns: 200, rows: 100, aspect: 1 };
const INSTANCE = { sopInstanceUid: '1.2.3' };
const REFERENCE = of('SQ', { '00081155': of('UI', '1.2.3') });
const stateOf = (more: DataSet): DataSet => ({
  '00081115': of('SQ', { '00081140': REFERENCE }),
  ...more,
});
const placeAskedBy = (more: DataSet) => stateViews([stateOf(more)], INSTANCE, 1, IMAGE)[0]?.place;
const placeIn = (more: DataSet, pane: Extent) => {
  const asked = placeAskedBy(more);
  if (asked === undefined) throw new Error('the state asks for no place');
  return placeOfState(asked, IMAGE, pane);
};

describe('a shutter', () => {
  it('that is a rectangle shows the edges it names', () => {
    const shutter = shutterOf({
      '00181600': of('CS', 'RECTANGULAR'),
      '00181602': of('IS', 11),
      '00181604': of('IS', 190),
      '00181606': of('IS', 6),
      '00181608': of('IS', 95),
      '00181622': of('US', 65_535),
    });
    expect(shutter?.colour).toBe('rgb(255 255 255)');
    expect(shutter?.outlines).toEqual([
      [
        { x: 10, y: 5 },
        { x: 190, y: 5 },
        { x: 190, y: 95 },
        { x: 10, y: 95 },
      ],
    ]);
  });

  it('that is a circle is named by its row first', () => {
    const [outline = []] = shutterOf({
      '00181600': of('CS', 'CIRCULAR'),
      '00181610': of('IS', 50, 100),
      '00181612': of('IS', 20),
    })?.outlines ?? [[]];
    const [xs, ys] = [outline.map(({ x }) => x), outline.map(({ y }) => y)];
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([79.5, 119.5]);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([29.5, 69.5]);
  });

  it('of several shapes shows what lies within all of them, a polygon by pairs of row and column', () => {
    const shutter = shutterOf({
      '00181600': of('CS', 'CIRCULAR', 'POLYGONAL'),
      '00181610': of('IS', 50, 100),
      '00181612': of('IS', 20),
      '00181620': of('IS', 1, 1, 1, 200, 100, 200),
    });
    expect(shutter?.outlines).toHaveLength(2);
    expect(shutter?.outlines[1]?.[1]).toEqual({ x: 199.5, y: 0.5 });
    expect(shutter?.colour).toBe('rgb(0 0 0)');
  });

  it.each<[string, DataSet]>([
    ['says nothing', {}],
    ['has no edges', { '00181600': of('CS', 'RECTANGULAR') }],
    ['is a line', { '00181600': of('CS', 'POLYGONAL'), '00181620': of('IS', 1, 1, 2, 2) }],
    [
      'leaves nothing to see',
      { '00181600': of('CS', 'CIRCULAR'), '00181610': of('IS', 1, 1), '00181612': of('IS', 0) },
    ],
    ['is a bitmap', { '00181600': of('CS', 'BITMAP') }],
  ])('that %s is none', (_, dataSet) => {
    expect(shutterOf(dataSet)).toBeUndefined();
  });

  it('covers the image but what it shows', () => {
    const path = coverOf([{ x: 1, y: 2 }], { columns: 4, rows: 3 }, ({ x, y }) => ({ x: 10 * x, y: 10 * y }));
    expect(path).toBe('M-10.00 -10.00L50.00 -10.00L50.00 40.00L-10.00 40.00ZM10.00 20.00Z');
  });
});

describe('a presentation state', () => {
  it.each<[string, DataSet, number, boolean]>([
    ['a quarter turn', { '00700042': of('US', 90) }, 90, false],
    ['a mirror', { '00700041': of('CS', 'Y') }, 0, true],
    // It turns and mirrors then; the viewer mirrors first.
    ['a quarter turn and a mirror', { '00700042': of('US', 90), '00700041': of('CS', 'Y') }, 270, true],
  ])('gives an image %s', (_, more, rotation, isMirrored) => {
    expect(placeAskedBy(more)).toEqual({ rotation, isMirrored, area: undefined });
  });

  it('turned and mirrored puts the first pixel where the standard says', () => {
    const pane = { width: 100, height: 200 };
    const matrix = matrixOf(
      IMAGE,
      pane,
      placeIn({ '00700042': of('US', 90), '00700041': of('CS', 'Y') }, pane),
    );
    // A quarter turn clockwise takes the upper left to the upper right, the mirror takes it back to the left.
    const corner = apply(matrix, { x: 0, y: 0 });
    expect([Math.round(corner.x), Math.round(corner.y)]).toEqual([0, 0]);
    const end = apply(matrix, { x: 200, y: 0 });
    expect([Math.round(end.x), Math.round(end.y)]).toEqual([0, 200]);
  });

  it('shows a part of the image as large as the pane allows, its middle in the middle', () => {
    const area = of('SQ', {
      '00081140': REFERENCE,
      '00700052': of('SL', 101, 51),
      '00700053': of('SL', 200, 100),
      '00700100': of('CS', 'SCALE TO FIT'),
    });
    const pane = { width: 400, height: 200 };
    const place = placeIn({ '0070005A': area }, pane);
    const matrix = matrixOf(IMAGE, pane, place);
    expect(place.scale).toBe(2);
    expect(apply(matrix, { x: 150, y: 75 })).toEqual({ x: 200, y: 100 });
    const [from, to] = [apply(matrix, { x: 100, y: 50 }), apply(matrix, { x: 200, y: 100 })];
    expect([from, to]).toEqual([
      { x: 0, y: 0 },
      { x: 400, y: 200 },
    ]);
  });

  it.each<[string, DataSet]>([
    [
      'asks for the whole image',
      { '0070005A': of('SQ', { '00700052': of('SL', 1, 1), '00700053': of('SL', 200, 100) }) },
    ],
    [
      'asks for what lies beside it',
      { '0070005A': of('SQ', { '00700052': of('SL', 900, 1), '00700053': of('SL', 950, 50) }) },
    ],
    ['turns by no quarter', { '00700042': of('US', 45) }],
    [
      'is about another image',
      {
        '00081115': of('SQ', { '00081140': of('SQ', { '00081155': of('UI', '9') }) }),
        '00700042': of('US', 90),
      },
    ],
  ])('that %s moves nothing', (_, more) => {
    expect(placeAskedBy(more)).toBeUndefined();
  });

  it('is offered by its number where there are several, and not where it changes nothing', () => {
    const states = [
      stateOf({ '00700042': of('US', 180) }),
      stateOf({}),
      stateOf({ '00283110': of('SQ', { '00281050': of('DS', 40), '00281051': of('DS', 80) }) }),
    ];
    const facts = { ...IMAGE } as never;
    const grey = {} as never;
    expect(
      statePresets(states, INSTANCE, 1, { facts, grey }).map(({ name, window }) => [name, window]),
    ).toEqual([
      ['Presentation state 1', undefined],
      ['Presentation state 2', { center: 40, width: 80 }],
    ]);
    // A colour has no window to be changed.
    expect(statePresets(states, INSTANCE, 1, { facts, grey: undefined })).toHaveLength(1);
  });
});
