import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../shared/dicom/index.ts';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { PIXEL_LIMITS } from '../../../shared/pixels/limits.ts';
import { renderPreview } from '../../../shared/pixels/preview.ts';
import { busiestTile } from '../../../shared/pixels/render/mosaic.ts';
import { tiledImage } from '../../../shared/pixels/tiles.ts';
import { encodeJpeg } from './encoders.ts';
import { imageSource, JPEG_BASELINE, numbers, RLE, sequence, text } from './image-object.ts';

const SIDE = 20;
const SLIDE = text(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.77.1.6');
const total = (columns: number, rows: number): NewElement[] => [
  { ...numbers(0x00480006, 'UL', columns) },
  { ...numbers(0x00480007, 'UL', rows) },
];
const full = text(0x00209311, 'CS', 'TILED_FULL');
const place = (column: number, row: number, ...more: NewElement[]): NewElement[] => [
  sequence(0x0048021a, [numbers(0x0048021e, 'SL', column), numbers(0x0048021f, 'SL', row)]),
  ...more,
];
const tile = (value: number) => new Uint8Array(SIDE * SIDE).fill(value);
/** One tile of grey for each value. */
const tiles = (...values: number[]) => Buffer.concat(values.map(tile));
const tiledSource = (frames: number, pixels: Uint8Array, ...more: NewElement[]) =>
  imageSource(
    {
      rows: SIDE,
      columns: SIDE,
      frames,
      more: [SLIDE, ...more, text(TAG.WindowCenter, 'DS', '128'), text(TAG.WindowWidth, 'DS', '256')],
    },
    pixels,
  );
/** The greys in the middle of each place of a picture that is `across` by `down` of them. */
async function greys(picture: Uint8Array, across: number, down: number): Promise<number[][]> {
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: down }, (_, row) =>
    Array.from({ length: across }, (_column, column) => {
      const x = Math.floor(((column + 0.5) * info.width) / across);
      const y = Math.floor(((row + 0.5) * info.height) / down);
      return data[(y * info.width + x) * info.channels] as number;
    }),
  );
}
const preview = async (source: ReturnType<typeof tiledSource>, size = 256) =>
  renderPreview(source, { size, format: 'png' });

describe('the preview of a tiled image', () => {
  it('is the whole of it, row by row, cut at its edges', async () => {
    // 2 x 2 tiles of 20 pixels, of which 35 x 30 are the image.
    const made = await preview(tiledSource(4, tiles(10, 60, 120, 200), full, ...total(35, 30)));
    expect(made).toMatchObject({ width: 35, height: 30 });
    expect(made.placeholder).toBeUndefined();
    expect(await greys(made.bytes, 2, 2)).toEqual([
      [10, 60],
      [120, 200],
    ]);
  });

  it('is as large as was asked for', async () => {
    const made = await preview(tiledSource(4, tiles(10, 60, 120, 200), full, ...total(40, 40)), 16);
    expect(made).toMatchObject({ width: 16, height: 16 });
    expect(await greys(made.bytes, 2, 2)).toEqual([
      [10, 60],
      [120, 200],
    ]);
  });

  it('has each tile where it says that it lies, and nothing where there is none', async () => {
    const places = sequence(TAG.PerFrameFunctionalGroupsSequence, place(21, 1), place(1, 21));
    const made = await preview(tiledSource(2, tiles(90, 180), places, ...total(40, 40)));
    expect(await greys(made.bytes, 2, 2)).toEqual([
      [0, 90],
      [180, 0],
    ]);
  });

  it('shows the middle one of its focal planes', () => {
    const source = tiledSource(
      6,
      tiles(1, 2, 3, 4, 5, 6),
      full,
      ...total(40, 20),
      numbers(0x00480303, 'UL', 3),
    );
    const { dataSet } = source.part10;
    expect(tiledImage(dataSet, readImagePixel(dataSet))?.tiles.map(({ frame, x }) => [frame, x])).toEqual([
      [2, 0],
      [3, 20],
    ]);
  });

  it('is the one frame that was asked for, as it is', async () => {
    const source = tiledSource(4, tiles(10, 60, 120, 200), full, ...total(40, 40));
    const made = await renderPreview(source, { frame: 3, format: 'png' });
    expect([made.width, (await greys(made.bytes, 1, 1))[0]?.[0]]).toEqual([20, 200]);
  });

  it('is of a large image the tile that shows most, by length where it is compressed', async () => {
    const rle = (...coded: number[]) => {
      const frame = Buffer.alloc(64 + coded.length + (coded.length % 2));
      frame.writeUInt32LE(1, 0);
      frame.writeUInt32LE(64, 4);
      frame.set(coded, 64);
      return frame;
    };
    const runs = (value: number) => [0x81, value, 0x81, value, 0x81, value, 0xf1, value];
    const frames = Array.from({ length: 300 }, (_, at) =>
      at === 217
        ? rle(
            ...Array(100)
              .fill([3, at & 255, 7, 9, 200])
              .flat(),
          )
        : rle(...runs(at & 255)),
    );
    const source = imageSource(
      {
        rows: SIDE,
        columns: SIDE,
        frames: 300,
        transferSyntax: RLE,
        more: [SLIDE, full, ...total(400, 300)],
      },
      { fragments: frames },
    );
    const image = readImagePixel(source.part10.dataSet);
    expect(await busiestTile(source, image, PIXEL_LIMITS)).toBe(217);
    expect((await preview(source)).label).toContain('frame 218 of 300');
  });

  it('is of a large image that is not compressed the one of some that differs most within itself', async () => {
    const pixels = Buffer.concat([...Array(300).keys()].map((at) => tile(at === 90 || at === 9 ? 0 : 240)));
    const speckled = 9 + 18 * 6;
    for (let at = 0; at < SIDE * SIDE; at += 2) pixels[speckled * SIDE * SIDE + at] = 20;
    const source = tiledSource(300, pixels, full, ...total(400, 300));
    const image = readImagePixel(source.part10.dataSet);
    expect(await busiestTile(source, image, PIXEL_LIMITS)).toBe(speckled);
  });

  it('is made without a tile that its writer cut short, and not of tiles that are mostly damaged', async () => {
    const jpeg = (columns: number) =>
      encodeJpeg({
        width: columns,
        height: SIDE,
        components: 1,
        bits: 8,
        bytes: tile(70).subarray(0, columns * SIDE),
      });
    const source = async (...columns: number[]) =>
      imageSource(
        {
          rows: SIDE,
          columns: SIDE,
          frames: 4,
          transferSyntax: JPEG_BASELINE,
          more: [SLIDE, full, ...total(40, 40)],
        },
        { fragments: await Promise.all(columns.map(jpeg)) },
      );
    const made = await preview(await source(SIDE, SIDE / 2, SIDE, SIDE));
    expect([made.width, made.placeholder]).toEqual([40, undefined]);
    const [[whole, short] = []] = await greys(made.bytes, 2, 2);
    expect([whole, short]).toEqual([70, 0]);
    expect((await preview(await source(SIDE, 9, 9, SIDE))).width).toBe(20);
  });

  it('shows the segments of a slide where they lie, each in its colour', async () => {
    const segment = (number: number, ...lab: number[]) => [
      numbers(0x00620004, 'US', number),
      numbers(0x0062000d, 'US', ...lab),
    ];
    const source = imageSource(
      {
        rows: SIDE,
        columns: SIDE,
        frames: 8,
        bitsStored: 8,
        more: [
          text(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.66.4'),
          full,
          ...total(40, 40),
          sequence(0x00620002, segment(1, 65535, 32896, 32896), segment(2, 20000, 32896, 32896)),
        ],
      },
      tiles(255, 0, 0, 0, 0, 0, 0, 255),
    );
    const made = await preview(source);
    const [[first, second], [third, fourth]] = (await greys(made.bytes, 2, 2)) as [
      [number, number],
      [number, number],
    ];
    expect([made.width, second, third]).toEqual([40, 0, 0]);
    expect(first).toBeGreaterThan(220);
    expect(fourth).toBeGreaterThan(40);
    expect(fourth).toBeLessThan(120);
  });
});
