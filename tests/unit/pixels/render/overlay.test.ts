import { describe, expect, it } from 'vitest';
import type { NewElement, VR } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { decodeFrame } from '../../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import type { Size } from '../../../../shared/pixels/raster.ts';
import { inGroup, readOverlays } from '../../../../shared/pixels/render/overlay.ts';
import { renderFrame } from '../../../../shared/pixels/render/render.ts';
import {
  BIG_ENDIAN,
  bytes,
  type ImageDescription,
  imageSource,
  numbers,
  text,
  words,
} from '../image-object.ts';

interface OverlayDescription {
  readonly group?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly origin?: readonly [row: number, column: number];
  readonly type?: 'G' | 'R';
  readonly frames?: readonly [count: number, origin: number];
  readonly bit?: number;
  readonly bits?: Uint8Array;
}

function overlay(description: OverlayDescription): NewElement[] {
  const { group = 0, rows = 2, columns = 4, origin = [1, 1], type = 'G', frames, bit, bits } = description;
  const us = (tag: number, value: number, vr: VR = 'US') => numbers(inGroup(tag, group), vr, value);
  return [
    us(TAG.OverlayRows, rows),
    us(TAG.OverlayColumns, columns),
    ...(frames === undefined
      ? []
      : [
          text(inGroup(TAG.NumberOfFramesInOverlay, group), 'IS', String(frames[0])),
          us(TAG.ImageFrameOrigin, frames[1]),
        ]),
    text(inGroup(TAG.OverlayType, group), 'CS', type),
    numbers(inGroup(TAG.OverlayOrigin, group), 'SS', ...origin),
    ...(bit === undefined ? [] : [us(TAG.OverlayBitPosition, bit)]),
    ...(bits === undefined ? [] : [{ tag: inGroup(TAG.OverlayData, group), vr: 'OW' as const, value: bits }]),
  ];
}

const image = (more: NewElement[], others: Partial<ImageDescription> = {}): ImageDescription => ({
  rows: 2,
  columns: 4,
  more,
  ...others,
});
const DARK = bytes(...new Array(8).fill(50));

async function painted(
  description: ImageDescription,
  pixels: Uint8Array,
  { index = 0, overlays = true, atLeast }: { index?: number; overlays?: boolean; atLeast?: Size } = {},
): Promise<number[]> {
  const source = imageSource(description, pixels);
  const { dataSet } = source.part10;
  const described = readImagePixel(dataSet);
  const samples = await decodeFrame(source, described, index);
  return Array.from(renderFrame(dataSet, described, samples, index, atLeast, { overlays }).data);
}

describe('overlay planes', () => {
  it('are painted white on request alone', async () => {
    const described = image(overlay({ bits: bytes(0b0010_0001) }));

    expect(await painted(described, DARK)).toEqual([255, 50, 50, 50, 50, 255, 50, 50]);
    expect(await painted(described, DARK, { overlays: false })).toEqual([50, 50, 50, 50, 50, 50, 50, 50]);
  });

  it('run on from row to row without padding, from the lowest bit of each byte', async () => {
    const described = image(overlay({ rows: 2, columns: 3, bits: bytes(0b0000_1100) }));

    expect(await painted(described, DARK)).toEqual([50, 50, 255, 50, 255, 50, 50, 50]);
  });

  it('of big endian words are read by words', async () => {
    const described = image(overlay({ bits: bytes(0b0000_0001, 0) }), { transferSyntax: BIG_ENDIAN });

    expect((await painted(described, DARK))[0]).toBe(255);
  });

  it('lie where their origin says, and end where the image ends', async () => {
    const described = image(overlay({ origin: [2, 4], bits: bytes(0xff) }));
    const before = image(overlay({ origin: [-1, 0], columns: 2, rows: 3, bits: bytes(0b111111) }));

    expect(await painted(described, DARK)).toEqual([50, 50, 50, 50, 50, 50, 50, 255]);
    expect(await painted(before, DARK)).toEqual([255, 50, 50, 50, 50, 50, 50, 50]);
  });

  it('of regions leave the image visible below', async () => {
    const described = image(overlay({ type: 'R', bits: bytes(0b1) }));

    const [marked, plain] = await painted(described, DARK);

    expect(marked).toBe(142);
    expect(plain).toBe(50);
  });

  it('of several frames follow those of the image from their origin on', async () => {
    const bits = bytes(0b0000_0001, 0b0000_0010);
    const described = image(overlay({ frames: [2, 2], bits }), { frames: 3 });
    const three = bytes(...new Array(24).fill(50));
    const whitesOf = async (index: number) =>
      (await painted(described, three, { index })).flatMap((grey, at) => (grey === 255 ? [at] : []));

    expect([await whitesOf(0), await whitesOf(1), await whitesOf(2)]).toEqual([[], [0], [1]]);
  });

  it('in the bits of pixel words that the stored value leaves free are found there', async () => {
    const described = image(overlay({ bit: 12 }), { bitsAllocated: 16, bitsStored: 12 });
    const stored = [0, 4095, 0x1000, 0x1fff, 0x2000, 0, 0, 0];

    const greys = await painted(described, words(...stored));

    expect([greys[2], greys[3]]).toEqual([255, 255]);
    expect([greys[0], greys[4]]).toEqual([0, 0]);
  });

  it('are not taken from bits of the stored value', async () => {
    const described = image(overlay({ bit: 3 }), { bitsAllocated: 16, bitsStored: 12 });
    const source = imageSource(described, words(8, 8, 8, 8, 8, 8, 8, 8));
    const pixel = readImagePixel(source.part10.dataSet);
    const samples = await decodeFrame(source, pixel, 0);

    expect(readOverlays(source.part10.dataSet, 0, { image: pixel, samples })).toEqual([]);
  });

  it('stay visible as lines when the image is scaled down', async () => {
    const row = new Array(8).fill(0b1111_1111);
    const described = image(overlay({ rows: 1, columns: 64, bits: bytes(...row) }), {
      rows: 64,
      columns: 64,
    });

    const greys = await painted(described, bytes(...new Array(4096).fill(0)), {
      atLeast: { width: 8, height: 8 },
    });

    expect(greys.slice(0, 8)).toEqual(new Array(8).fill(255));
    expect(Math.max(...greys.slice(8))).toBe(0);
  });

  it('whose data is cut off are painted as far as it goes', async () => {
    const described = image(overlay({ rows: 65535, columns: 65535, bits: bytes(0xff, 0xff) }));

    expect(await painted(described, DARK)).toEqual([255, 255, 255, 255, 50, 50, 50, 50]);
  });

  it('of all sixteen groups are read', () => {
    const more = [...overlay({ group: 0x00, bits: bytes(1) }), ...overlay({ group: 0x1e, bits: bytes(1) })];
    const { dataSet } = imageSource(image(more), DARK).part10;

    expect(readOverlays(dataSet, 0).map(({ group }) => group)).toEqual([0x00, 0x1e]);
  });
});
