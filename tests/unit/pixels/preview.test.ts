import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { composeContactSheet, contactSheetSelection } from '../../../shared/pixels/contact-sheet.ts';
import { renderPreview } from '../../../shared/pixels/preview.ts';
import { encodeJpeg, encodeJpeg2000, encodeJpegLs, encodeRle } from './encoders.ts';
import {
  bytes,
  imageBytes,
  imageSource,
  JPEG_2000,
  JPEG_BASELINE,
  JPEG_LS,
  numbers,
  RLE,
  sourceOf,
} from './image-object.ts';

afterAll(stopCodecWorker);

const flat = (rows: number, columns: number, value: number, frames = 1) =>
  new Uint8Array(rows * columns * frames).fill(value);

async function levelOf(picture: Uint8Array): Promise<number> {
  return Math.round((await sharp(picture).stats()).channels[0]?.mean ?? Number.NaN);
}

describe('a preview', () => {
  it('is a WebP of at most 256 pixels', async () => {
    const preview = await renderPreview(imageSource({ rows: 300, columns: 600 }, flat(300, 600, 99)));

    expect(preview).toMatchObject({ width: 256, height: 128, label: 'OT' });
    expect(preview.placeholder).toBeUndefined();
    expect(await sharp(preview.bytes).metadata()).toMatchObject({ format: 'webp', width: 256, height: 128 });
  });

  it.each(['png', 'jpeg', 'webp'] as const)('may be a %s of another size', async (format) => {
    const { bytes: picture } = await renderPreview(
      imageSource({ rows: 100, columns: 100 }, flat(100, 100, 50)),
      { size: 64, format },
    );

    expect(await sharp(picture).metadata()).toMatchObject({ format, width: 64, height: 64 });
    expect(await levelOf(picture)).toBe(50);
  });

  const cine = Uint8Array.from(
    [10, 60, 110, 160, 210, 0].flatMap((value) => new Array(16).fill(value)).slice(0, 80),
  );

  it.each([
    ['the middle frame', {}, [], 110, 'OT, frame 3 of 5'],
    [
      'the frame that represents the others',
      {},
      [numbers(TAG.RepresentativeFrameNumber, 'US', 5)],
      210,
      'OT, frame 5 of 5',
    ],
    [
      'the middle frame when none of that number is there',
      {},
      [numbers(TAG.RepresentativeFrameNumber, 'US', 6)],
      110,
      'OT, frame 3 of 5',
    ],
    ['the frame asked for', { frame: 1 }, [], 60, 'OT, frame 2 of 5'],
  ])('shows %s', async (_, options, more, level, label) => {
    const source = imageSource({ rows: 4, columns: 4, frames: 5, more }, cine);

    const preview = await renderPreview(source, { format: 'png', ...options });

    expect(preview.label).toBe(label);
    expect(await levelOf(preview.bytes)).toBe(level);
    expect(source.ranges.map(([, length]) => length)).toEqual([16]);
  });

  it('is a placeholder where there is no image', async () => {
    const source = imageSource({ rows: 4, columns: 4 }, undefined);

    expect(await renderPreview(source)).toMatchObject({ placeholder: 'pixel-data-missing' });
  });

  it('is a placeholder where the pixels are over a limit, and none is read', async () => {
    const source = imageSource({ rows: 60_000, columns: 60_000, bitsAllocated: 16 }, bytes(0, 0));

    expect(await renderPreview(source)).toMatchObject({ placeholder: 'too-large', width: 256, height: 256 });
    expect(source.ranges).toEqual([]);
  });

  it('throws what is a fault of the source, so that it is tried again', async () => {
    const source = imageSource({ rows: 2, columns: 2 }, flat(2, 2, 0));
    const failing = { ...source, read: () => Promise.reject(new Error('connection reset')) };

    await expect(renderPreview(failing)).rejects.toThrow('connection reset');
  });
});

describe('whatever bytes the pixels are', () => {
  const side = 32;
  const noise = Uint8Array.from({ length: side * side }, (_, at) => (at * 2654435761) >>> 24);
  const frame = { width: side, height: side, components: 1, bits: 8, bytes: noise };

  it.each([
    ['RLE', RLE, async () => encodeRle([noise])],
    ['JPEG', JPEG_BASELINE, () => encodeJpeg(frame)],
    ['JPEG-LS', JPEG_LS, () => encodeJpegLs(frame)],
    ['JPEG 2000', JPEG_2000, () => encodeJpeg2000(frame)],
  ])(
    'damaged %s ends as a picture or a placeholder, never as an error',
    async (_, transferSyntax, encode) => {
      const encoded = await encode();
      const change = fc.record({ at: fc.nat(encoded.length - 1), to: fc.nat(255) });

      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 8 }),
          fc.nat(encoded.length),
          async (changes, cut) => {
            const damaged = encoded.slice(0, Math.max(2, cut - (cut % 2)));
            for (const { at, to } of changes) damaged[at % damaged.length] = to;
            const image = { rows: side, columns: side, transferSyntax, vr: 'OB' as const };

            const preview = await renderPreview(imageSource(image, { fragments: [damaged] }));

            expect(preview.bytes.length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('and whatever the description says of them', async () => {
    const described = fc.record({
      rows: fc.integer({ min: 0, max: 70 }),
      columns: fc.integer({ min: 0, max: 70 }),
      samplesPerPixel: fc.integer({ min: 0, max: 4 }),
      photometric: fc.constantFrom(
        'MONOCHROME1',
        'MONOCHROME2',
        'RGB',
        'YBR_FULL',
        'YBR_FULL_422',
        'PALETTE COLOR',
        'HSV',
        '',
      ),
      planar: fc.integer({ min: 0, max: 2 }),
      bitsAllocated: fc.integer({ min: 0, max: 64 }),
      bitsStored: fc.integer({ min: 0, max: 64 }),
      highBit: fc.integer({ min: 0, max: 64 }),
      signed: fc.boolean(),
      frames: fc.integer({ min: -1, max: 5 }),
    });

    await fc.assert(
      fc.asyncProperty(described, fc.uint8Array({ minLength: 0, maxLength: 4096 }), async (image, pixels) => {
        const preview = await renderPreview(imageSource({ ...image, vr: 'OW' }, bytes(...pixels)), {
          size: 16,
        });

        expect(preview.bytes.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a contact sheet', () => {
  const preview = async (value: number, columns = 20) =>
    renderPreview(imageSource({ rows: 20, columns }, flat(20, columns, value)));

  it('lays previews out in a grid, in their order', async () => {
    const previews = await Promise.all([50, 100, 150, 200].map((value) => preview(value)));

    const sheet = await composeContactSheet(previews, { tile: 20, format: 'png' });

    const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([52, 52]);
    const at = (x: number, y: number) => data[(y * info.width + x) * info.channels] as number;
    const centres = [at(14, 14), at(38, 14), at(14, 38), at(38, 38), at(1, 1)];
    expect(centres.map((level) => Math.round(level / 10) * 10)).toEqual([50, 100, 150, 200, 0]);
  });

  it('holds at most so many tiles, evenly taken', () => {
    expect(contactSheetSelection(10, 4)).toEqual([0, 2, 5, 7]);
    expect(contactSheetSelection(3, 4)).toEqual([0, 1, 2]);
    expect(contactSheetSelection(0)).toEqual([]);
  });

  it('is refused without a preview', async () => {
    await expect(composeContactSheet([])).rejects.toThrow(RangeError);
  });
});

it('an object is described by the same bytes it is read from', () => {
  const object = imageBytes({ rows: 2, columns: 2 }, flat(2, 2, 7));

  expect(sourceOf(object).part10.pixelData?.end).toBe(object.length);
});
