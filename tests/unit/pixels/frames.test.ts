import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../shared/dicom/index.ts';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { type PreviewSource, readFrame } from '../../../shared/pixels/frames.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from '../../../shared/pixels/limits.ts';
import {
  bytes,
  imageBytes,
  imageSource,
  JPEG_BASELINE,
  JPEG_LS,
  numbers,
  RLE,
  sourceOf,
} from './image-object.ts';

const SOI = [0xff, 0xd8, 0xff, 0xe0];

function frame(source: PreviewSource, index: number, limits: PixelLimits = PIXEL_LIMITS) {
  return readFrame(source, readImagePixel(source.part10.dataSet), index, limits);
}

/** An encapsulated image whose Pixel Data is written by hand, so that its offset table can be any. */
function encapsulated(
  frames: number,
  offsetTable: readonly number[],
  fragments: readonly Uint8Array[],
  { more = [], transferSyntax = RLE }: { more?: NewElement[]; transferSyntax?: string } = {},
): Uint8Array {
  const header = imageBytes({ rows: 2, columns: 2, frames, more, transferSyntax }, undefined);
  const item = (value: Uint8Array) => {
    const tag = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    tag.writeUInt32LE(value.length, 4);
    return Buffer.concat([tag, value]);
  };
  return Buffer.concat([
    header,
    Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]),
    item(new Uint8Array(Uint32Array.from(offsetTable).buffer)),
    ...fragments.map(item),
    Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
  ]);
}

const four = [bytes(1, 1), bytes(2, 2, 2, 2), bytes(3, 3), bytes(4, 4)];

describe('a native frame', () => {
  it('costs its own bytes', async () => {
    const source = imageSource({ rows: 2, columns: 2, frames: 3 }, bytes(0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0));

    const { bytes: read } = await frame(source, 1);

    expect(Array.from(read)).toEqual([1, 2, 3, 4]);
    expect(source.ranges.map(([, length]) => length)).toEqual([4]);
  });

  it.each([-1, 3])('of index %i of 3 is refused', async (index) => {
    const source = imageSource({ rows: 2, columns: 2, frames: 3 }, bytes(...new Array(12).fill(0)));

    await expect(frame(source, index)).rejects.toMatchObject({ reason: 'pixel-data-mismatch' });
  });

  it('is refused under an encapsulated transfer syntax', async () => {
    const source = imageSource({ rows: 1, columns: 2, transferSyntax: JPEG_BASELINE }, bytes(1, 2));

    await expect(frame(source, 0)).rejects.toMatchObject({ reason: 'pixel-data-mismatch' });
  });
});

describe('the fragments of a frame', () => {
  it.each([
    {
      name: 'all, when there is one frame',
      frames: 1,
      table: [],
      index: 0,
      expected: [1, 1, 2, 2, 2, 2, 3, 3, 4, 4],
    },
    { name: 'one, when there are as many as frames', frames: 4, table: [], index: 1, expected: [2, 2, 2, 2] },
    { name: 'by the basic offset table', frames: 2, table: [0, 22], index: 0, expected: [1, 1, 2, 2, 2, 2] },
    {
      name: 'by the basic offset table, the last frame',
      frames: 2,
      table: [0, 22],
      index: 1,
      expected: [3, 3, 4, 4],
    },
  ])('are $name', async ({ frames, table, index, expected }) => {
    const source = sourceOf(encapsulated(frames, table, four));

    expect(Array.from((await frame(source, index)).bytes)).toEqual(expected);
  });

  it('are found by the extended offset table', async () => {
    const offsets = new Uint8Array(BigUint64Array.of(0n, 10n).buffer);
    const more: NewElement[] = [
      { tag: TAG.ExtendedOffsetTable, vr: 'OV', value: offsets },
      {
        tag: TAG.ExtendedOffsetTableLengths,
        vr: 'OV',
        value: new Uint8Array(BigUint64Array.of(2n, 8n).buffer),
      },
    ];
    const source = sourceOf(encapsulated(2, [], four, { more }));

    expect(Array.from((await frame(source, 1)).bytes)).toEqual([2, 2, 2, 2, 3, 3, 4, 4]);
  });

  it('are read as one range, the item headers between them left out', async () => {
    const source = sourceOf(encapsulated(2, [0, 22], four));

    await frame(source, 0);

    expect(source.ranges.map(([, length]) => length)).toEqual([8, 2 + 8 + 4]);
  });

  const jpegs = [bytes(...SOI, 1, 1), bytes(9, 9), bytes(...SOI, 2, 2), bytes(8, 8)];

  it.each([
    ['there is no table', []],
    ['the table points between fragments', [0, 5]],
    ['the table goes backwards', [14, 0]],
  ])('are found by how they begin when %s', async (_, table) => {
    const source = sourceOf(encapsulated(2, table, jpegs, { transferSyntax: JPEG_LS }));

    expect(Array.from((await frame(source, 1)).bytes)).toEqual([...SOI, 2, 2, 8, 8]);
  });

  it('are looked at up to a limit', async () => {
    const source = sourceOf(encapsulated(2, [], jpegs, { transferSyntax: JPEG_LS }));

    await expect(frame(source, 1, { ...PIXEL_LIMITS, maximumProbedFragments: 3 })).rejects.toMatchObject({
      reason: 'too-large',
    });
  });

  it.each([
    ['fewer than frames', 5, four],
    ['more than frames and none begins one', 2, four],
    ['none', 1, []],
    ['empty', 1, [new Uint8Array(0)]],
  ])('are refused when they are %s', async (_, frames, fragments) => {
    const source = sourceOf(encapsulated(frames, [], fragments));

    await expect(frame(source, 0)).rejects.toMatchObject({
      reason: expect.stringMatching(/^pixel-data-(mismatch|missing)$/),
    });
  });

  it('are refused above the limit of an encoded frame before they are read', async () => {
    const source = sourceOf(encapsulated(1, [], four));

    await expect(frame(source, 0, { ...PIXEL_LIMITS, maximumEncodedBytes: 9 })).rejects.toMatchObject({
      reason: 'too-large',
    });
    expect(source.ranges).toEqual([]);
  });
});

describe('a number of frames', () => {
  it.each([
    ['0', 1],
    ['-4', 1],
    ['3', 3],
  ])('of %s is taken as %i', (stated, expected) => {
    const { dataSet } = imageSource(
      { rows: 1, columns: 1, more: [numbers(TAG.NumberOfFrames, 'IS', Number(stated))] },
      bytes(0, 0),
    ).part10;

    expect(readImagePixel(dataSet).frames).toBe(expected);
  });
});
