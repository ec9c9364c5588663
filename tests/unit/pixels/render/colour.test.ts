import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { decodeFrame } from '../../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import type { Size } from '../../../../shared/pixels/raster.ts';
import { renderFrame } from '../../../../shared/pixels/render/render.ts';
import { expandSegments } from '../../../../shared/pixels/render/segmented-palette.ts';
import { bytes, type ImageDescription, imageSource, numbers, text, words } from '../image-object.ts';

async function pixels(image: ImageDescription, stored: Uint8Array, atLeast?: Size): Promise<number[]> {
  const source = imageSource(image, stored);
  const { dataSet } = source.part10;
  const described = readImagePixel(dataSet);
  return Array.from(
    renderFrame(dataSet, described, await decodeFrame(source, described, 0), 0, atLeast).data,
  );
}

const colour = (photometric: string, more: Partial<ImageDescription> = {}): ImageDescription => ({
  rows: 1,
  columns: 2,
  samplesPerPixel: 3,
  planar: 0,
  photometric,
  ...more,
});

describe('colour frames', () => {
  it('of RGB are shown as they are', async () => {
    expect(await pixels(colour('RGB'), bytes(1, 2, 3, 4, 5, 6))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('of 16 and 32 bits are shown by their Bits Stored', async () => {
    expect(await pixels(colour('RGB', { bitsAllocated: 16 }), words(0, 257, 65535, 0, 0, 32896))).toEqual([
      0, 1, 255, 0, 0, 128,
    ]);
    expect(
      await pixels(colour('RGB', { bitsAllocated: 16, bitsStored: 10 }), words(0, 1023, 0, 0, 0, 0)),
    ).toEqual([0, 255, 0, 0, 0, 0]);
    const wide = new Uint8Array(Uint32Array.of(4294967295, 0, 0, 0, 2147483648, 0).buffer);
    expect(await pixels(colour('RGB', { bitsAllocated: 32 }), wide)).toEqual([255, 0, 0, 0, 128, 0]);
  });

  // ITU-R BT.601: red is Y 76, Cb 85, Cr 255; green 150, 44, 21; blue 29, 255, 107.
  it.each([
    ['red', [76, 85, 255], [254, 0, 0]],
    ['green', [150, 44, 21], [0, 255, 1]],
    ['blue', [29, 255, 107], [0, 0, 254]],
    ['grey', [90, 128, 128], [90, 90, 90]],
    ['white', [255, 128, 128], [255, 255, 255]],
  ])('of YBR_FULL are converted: %s', async (_, ybr, rgb) => {
    expect(await pixels(colour('YBR_FULL'), bytes(...ybr, ...ybr))).toEqual([...rgb, ...rgb]);
  });

  it('of YBR_PARTIAL_422 have black at 16 and white at 235', async () => {
    expect(await pixels(colour('YBR_PARTIAL_422'), bytes(16, 235, 128, 128))).toEqual([
      0, 0, 0, 255, 255, 255,
    ]);
  });

  it('are scaled down by means', async () => {
    const image = colour('RGB', { rows: 2 });

    expect(
      await pixels(image, bytes(0, 10, 100, 2, 10, 200, 4, 10, 100, 6, 10, 200), { width: 1, height: 1 }),
    ).toEqual([3, 10, 150]);
  });
});

describe('palette frames', () => {
  const channels = [
    [TAG.RedPaletteColorLookupTableDescriptor, TAG.RedPaletteColorLookupTableData],
    [TAG.GreenPaletteColorLookupTableDescriptor, TAG.GreenPaletteColorLookupTableData],
    [TAG.BluePaletteColorLookupTableDescriptor, TAG.BluePaletteColorLookupTableData],
  ] as const;
  const palette = (descriptor: [number, number, number], ...tables: Uint8Array[]): NewElement[] =>
    channels.flatMap(([descriptorTag, dataTag], index) => [
      numbers(descriptorTag, 'US', ...descriptor),
      { tag: dataTag, vr: 'OW', value: tables[index] as Uint8Array },
    ]);
  const image = (more: NewElement[]): ImageDescription => ({
    rows: 1,
    columns: 4,
    photometric: 'PALETTE COLOR',
    more,
  });

  it.each([
    {
      name: '16 bits',
      bits: 16,
      tables: [words(0, 65535), words(32896, 0), words(257, 514)],
      expected: [0, 128, 1, 255, 0, 2],
    },
    {
      name: '8 bits as bytes',
      bits: 8,
      tables: [bytes(0, 255), bytes(128, 0), bytes(1, 2)],
      expected: [0, 128, 1, 255, 0, 2],
    },
    {
      name: '8 bits as words',
      bits: 8,
      tables: [words(0, 255), words(128, 0), words(1, 2)],
      expected: [0, 128, 1, 255, 0, 2],
    },
    {
      name: '16 bits by name, 8 by content',
      bits: 16,
      tables: [words(0, 255), words(128, 0), words(1, 2)],
      expected: [0, 128, 1, 255, 0, 2],
    },
  ])('look up tables of $name, ends held', async ({ bits, tables, expected }) => {
    const [first, second] = [expected.slice(0, 3), expected.slice(3)];

    expect(await pixels(image(palette([2, 10, bits], ...tables)), bytes(0, 10, 11, 200))).toEqual(
      [first, first, second, second].flat(),
    );
  });

  it('average colours, not indices, when scaled down', async () => {
    const more = palette([3, 0, 8], bytes(0, 9, 200, 0), bytes(0, 9, 0, 0), bytes(0, 9, 0, 0));

    expect(
      await pixels({ ...image(more), rows: 2, columns: 2 }, bytes(0, 2, 0, 2), { width: 1, height: 1 }),
    ).toEqual([100, 0, 0]);
  });

  it('without tables are refused', async () => {
    await expect(pixels(image([]), bytes(0, 0, 0, 0))).rejects.toMatchObject({
      reason: 'unsupported-pixel-format',
    });
  });

  it('colour the greatest values of a grey frame, the others stay grey', async () => {
    const more = [
      text(TAG.PixelPresentation, 'CS', 'COLOR'),
      ...palette([2, 200, 8], bytes(9, 255), bytes(1, 0), bytes(0, 7)),
    ];

    expect(await pixels({ ...image(more), photometric: 'MONOCHROME2' }, bytes(0, 100, 200, 255))).toEqual([
      0, 0, 0, 100, 100, 100, 9, 1, 0, 255, 0, 7,
    ]);
  });

  it('are not used by a grey frame that is not said to be in colour', async () => {
    const more = palette([2, 200, 8], bytes(9, 255), bytes(1, 0), bytes(0, 7));

    expect(await pixels({ ...image(more), photometric: 'MONOCHROME2' }, bytes(0, 100, 200, 255))).toEqual([
      0, 100, 200, 255,
    ]);
  });

  it('expand segments', async () => {
    const more = [
      [TAG.RedPaletteColorLookupTableDescriptor, TAG.SegmentedRedPaletteColorLookupTableData],
      [TAG.GreenPaletteColorLookupTableDescriptor, TAG.SegmentedGreenPaletteColorLookupTableData],
      [TAG.BluePaletteColorLookupTableDescriptor, TAG.SegmentedBluePaletteColorLookupTableData],
    ].flatMap(([descriptor, data]): NewElement[] => [
      numbers(descriptor as number, 'US', 4, 0, 16),
      { tag: data as number, vr: 'OW', value: words(0, 1, 0, 1, 3, 65535) },
    ]);

    expect((await pixels(image(more), bytes(0, 1, 2, 3))).filter((_, at) => at % 3 === 0)).toEqual([
      0, 85, 170, 255,
    ]);
  });
});

describe('a segmented palette', () => {
  it.each([
    { name: 'discrete', segments: [0, 3, 7, 8, 9], count: 3, expected: [7, 8, 9] },
    {
      name: 'linear, from the entry before',
      segments: [0, 1, 10, 1, 4, 50],
      count: 5,
      expected: [10, 20, 30, 40, 50],
    },
    {
      name: 'indirect, referring back by bytes',
      segments: [0, 2, 5, 6, 2, 1, 0, 0],
      count: 4,
      expected: [5, 6, 5, 6],
    },
    {
      name: 'shorter than announced: the last entry is held',
      segments: [0, 2, 5, 6],
      count: 4,
      expected: [5, 6, 6, 6],
    },
    { name: 'longer than announced: cut', segments: [1, 60000, 100], count: 2, expected: [0, 0] },
  ])('expands: $name', ({ segments, count, expected }) => {
    expect(Array.from(expandSegments(Uint16Array.from(segments), count))).toEqual(expected);
  });

  it.each([
    ['of an unknown kind', [9, 1, 0]],
    ['that refers to one that refers', [0, 1, 5, 2, 1, 6, 0, 0, 0]],
    ['without entries', []],
  ])('is refused: %s', (_, segments) => {
    expect(() => expandSegments(Uint16Array.from(segments), 8)).toThrow(/segment/);
  });
});
