import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { decodeFrame } from '../../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import { renderFrame } from '../../../../shared/pixels/render/render.ts';
import { bytes, imageSource, numbers, sequence, text } from '../image-object.ts';

const SIDE = 5;

/** The frame as five lines: `#` where the image is seen, `.` where the shutter covers it. */
async function seen(more: NewElement[], index = 0, frames?: number): Promise<string[]> {
  const pixels = bytes(...new Array(SIDE * SIDE * (frames ?? 1)).fill(200));
  const source = imageSource({ rows: SIDE, columns: SIDE, more, ...(frames ? { frames } : {}) }, pixels);
  const { dataSet } = source.part10;
  const image = readImagePixel(dataSet);
  const { data } = renderFrame(dataSet, image, await decodeFrame(source, image, index), index);
  return Array.from({ length: SIDE }, (_, row) =>
    Array.from(data.subarray(row * SIDE, (row + 1) * SIDE), (grey) => (grey === 200 ? '#' : '.')).join(''),
  );
}

const is = (tag: number, ...values: number[]) => text(tag, 'IS', values.join('\\'));
const shape = (...kinds: string[]) => text(TAG.ShutterShape, 'CS', kinds.join('\\'));
const rectangle = (left: number, right: number, upper: number, lower: number) => [
  is(TAG.ShutterLeftVerticalEdge, left),
  is(TAG.ShutterRightVerticalEdge, right),
  is(TAG.ShutterUpperHorizontalEdge, upper),
  is(TAG.ShutterLowerHorizontalEdge, lower),
];
const circle = [is(TAG.CenterOfCircularShutter, 3, 3), is(TAG.RadiusOfCircularShutter, 2)];

describe('a display shutter', () => {
  it.each([
    [
      'rectangular',
      [shape('RECTANGULAR'), ...rectangle(2, 4, 1, 2)],
      ['.###.', '.###.', '.....', '.....', '.....'],
    ],
    ['circular', [shape('CIRCULAR'), ...circle], ['..#..', '.###.', '#####', '.###.', '..#..']],
    [
      'polygonal, its vertices as rows and columns',
      [shape('POLYGONAL'), is(TAG.VerticesOfThePolygonalShutter, 1, 1, 1, 6, 6, 1)],
      ['#####', '####.', '###..', '##...', '#....'],
    ],
    [
      'of two shapes leaves what both leave',
      [shape('RECTANGULAR', 'CIRCULAR'), ...rectangle(1, 5, 3, 5), ...circle],
      ['.....', '.....', '#####', '.###.', '..#..'],
    ],
    [
      'that leaves nothing is not believed',
      [shape('RECTANGULAR'), ...rectangle(4, 2, 1, 5)],
      new Array(5).fill('#####'),
    ],
    ['without its attributes is none', [shape('CIRCULAR')], new Array(5).fill('#####')],
  ])('%s', async (_, more, expected) => {
    expect(await seen([...more])).toEqual(expected);
  });

  it('given by bits covers those that are set', async () => {
    const more = [
      shape('BITMAP'),
      numbers(TAG.ShutterOverlayGroup, 'US', 0x6002),
      numbers(TAG.OverlayRows + 0x20000, 'US', 1),
      numbers(TAG.OverlayColumns + 0x20000, 'US', 5),
      numbers(TAG.OverlayOrigin + 0x20000, 'SS', 1, 1),
      { tag: TAG.OverlayData + 0x20000, vr: 'OW' as const, value: bytes(0b10001) },
    ];

    expect(await seen(more)).toEqual(['.###.', '#####', '#####', '#####', '#####']);
  });

  it('of a frame goes before that of the object', async () => {
    const own = sequence(TAG.FrameDisplayShutterSequence, [shape('RECTANGULAR'), ...rectangle(1, 5, 1, 2)]);
    const perFrame = sequence(TAG.PerFrameFunctionalGroupsSequence, [], [own]);
    const more = [shape('RECTANGULAR'), ...rectangle(1, 2, 1, 5), perFrame];

    expect((await seen(more, 0, 2))[4]).toBe('##...');
    expect((await seen(more, 1, 2))[4]).toBe('.....');
  });

  it('is shown in the grey it names', async () => {
    const more = [
      shape('RECTANGULAR'),
      ...rectangle(2, 5, 1, 5),
      numbers(TAG.ShutterPresentationValue, 'US', 0x8080),
    ];
    const source = imageSource({ rows: 1, columns: 4, more }, bytes(1, 2, 3, 4));
    const image = readImagePixel(source.part10.dataSet);

    const raster = renderFrame(source.part10.dataSet, image, await decodeFrame(source, image, 0), 0);

    expect(Array.from(raster.data)).toEqual([128, 2, 3, 4]);
  });
});
