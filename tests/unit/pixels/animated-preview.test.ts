import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseFrames, frameDelay, isMoving } from '../../../shared/pixels/animated-preview.ts';
import { ANIMATION_LIMITS } from '../../../shared/pixels/animation-limits.ts';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { firstFrame } from '../../../shared/pixels/first-frame.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { renderPreview } from '../../../shared/pixels/preview.ts';
import { encodeJpeg } from './encoders.ts';
import { imageBytes, imageSource, JPEG_BASELINE, numbers, sourceOf, text } from './image-object.ts';

afterAll(stopCodecWorker);

const SIDE = 16;
/** Frames of one level each. */
const cine = (levels: readonly number[]) =>
  Uint8Array.from(levels.flatMap((level) => new Array<number>(SIDE * SIDE).fill(level)));
const levels = (count: number) =>
  Array.from({ length: count }, (_, index) => Math.round((250 * index) / count));
const cineSource = (count: number, more: Parameters<typeof imageSource>[0]['more'] = []) =>
  imageSource({ rows: SIDE, columns: SIDE, frames: count, more }, cine(levels(count)));

async function levelsOf(webp: Uint8Array): Promise<number[]> {
  const { pages = 1 } = await sharp(webp).metadata();
  return Promise.all(
    Array.from({ length: pages }, async (_, page) =>
      Math.round((await sharp(webp, { page }).stats()).channels[0]?.mean ?? Number.NaN),
    ),
  );
}

describe('the moving preview of a cine', () => {
  it('shows its frames in their order, from the one that stands for all', async () => {
    const { bytes, frames, label } = await renderPreview(cineSource(6), { animated: true });
    expect([frames, label]).toEqual([6, 'OT, 6 of 6 frames']);
    const expected = [3, 4, 5, 0, 1, 2].map((index) => levels(6)[index] as number);
    (await levelsOf(bytes)).forEach((level, index) => {
      expect(Math.abs(level - (expected[index] as number))).toBeLessThan(4);
    });
  });

  it('begins with what the still preview shows', async () => {
    const more = [numbers(TAG.RepresentativeFrameNumber, 'US', 2)];
    const moving = await renderPreview(cineSource(5, more), { animated: true });
    const still = await renderPreview(cineSource(5, more));
    const [first] = await levelsOf(firstFrame(moving.bytes));
    expect(first).toBeCloseTo((await levelsOf(still.bytes))[0] as number, -1);
  });

  it('reads only the frames that it shows', async () => {
    const source = cineSource(100);
    const { frames } = await renderPreview(source, { animated: true });
    expect(frames).toBe(ANIMATION_LIMITS.maximumFrames);
    expect(source.ranges.map(([, length]) => length)).toEqual(new Array(24).fill(SIDE * SIDE));
  });

  it('stays under its size, with less quality or fewer frames', async () => {
    const side = 128;
    const noise = Uint8Array.from({ length: side * side * 12 }, (_, at) => (at * 2654435761) >>> 24);
    const of = (maximumPreviewBytes: number) =>
      renderPreview(imageSource({ rows: side, columns: side, frames: 12 }, noise), {
        animated: true,
        animationLimits: { ...ANIMATION_LIMITS, maximumPreviewBytes },
      });
    const free = await of(10_000_000);
    const tight = await of(free.bytes.length >> 2);
    expect(tight.bytes.length).toBeLessThanOrEqual(free.bytes.length >> 2);
    expect(tight.frames).toBeGreaterThan(2);
    expect(tight.width).toBeLessThan(free.width);
    // Where nothing helps it stands still.
    expect((await of(100)).frames).toBeUndefined();
  });

  it('leaves out a damaged frame, and stands still where too few are left', async () => {
    const good = await encodeJpeg({
      width: SIDE,
      height: SIDE,
      components: 1,
      bits: 8,
      bytes: Uint8Array.from({ length: SIDE * SIDE }, (_, at) => at),
    });
    const bad = good.slice(0, 40);
    const of = (fragments: Uint8Array[]) =>
      renderPreview(
        imageSource(
          { rows: SIDE, columns: SIDE, frames: fragments.length, transferSyntax: JPEG_BASELINE, vr: 'OB' },
          { fragments },
        ),
        { animated: true },
      );
    expect((await of([good, bad, good, good])).frames).toBe(3);
    expect(await of([good, good, bad, bad])).toMatchObject({ placeholder: 'undecodable' });
    const still = await of([bad, bad, good, bad]);
    expect([still.frames, still.placeholder]).toEqual([undefined, undefined]);
  });

  it('looks at fragments once, where no table says where frames begin', async () => {
    const encoded = await encodeJpeg({
      width: SIDE,
      height: SIDE,
      components: 1,
      bits: 8,
      bytes: new Uint8Array(SIDE * SIDE).fill(9),
    });
    const cut = 64;
    const fragments = Array.from({ length: 8 }, () => [encoded.slice(0, cut), encoded.slice(cut)]).flat();
    const source = sourceOf(
      imageBytes(
        { rows: SIDE, columns: SIDE, frames: 8, transferSyntax: JPEG_BASELINE, vr: 'OB' },
        { fragments },
      ),
    );
    await renderPreview(source, { animated: true });
    expect(source.ranges.filter(([, length]) => length <= 4)).toHaveLength(fragments.length);
  });

  it('shows all frames by one window where the object names none, so that it does not flicker', async () => {
    // Twelve bits: a bright block on a ground that rises, which a window for each frame would hide.
    const count = 6;
    const cells = Uint16Array.from({ length: SIDE * SIDE * count }, (_, at) => {
      const frame = Math.floor(at / (SIDE * SIDE));
      return (at % SIDE) * 60 + frame * 300;
    });
    const { bytes } = await renderPreview(
      imageSource(
        { rows: SIDE, columns: SIDE, frames: count, bitsAllocated: 16, bitsStored: 12 },
        new Uint8Array(cells.buffer),
      ),
      { animated: true },
    );
    const [middle, , , first] = await levelsOf(bytes);
    expect((middle as number) - (first as number)).toBeGreaterThan(80);
  });

  it('is still where it is asked for as PNG, or by its frame', async () => {
    expect((await renderPreview(cineSource(6), { animated: true, format: 'png' })).frames).toBeUndefined();
    expect((await renderPreview(cineSource(6), { animated: true, frame: 2 })).frames).toBeUndefined();
  });
});

describe('what does not move', () => {
  const moves = (count: number, ...more: ReturnType<typeof text>[]) => {
    const { dataSet } = cineSource(count, more).part10;
    return isMoving(dataSet, readImagePixel(dataSet));
  };

  it.each([
    ['a cine', 3, [], true],
    ['two views', 2, [], false],
    ['a slide', 9, [text(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.77.1.6')], false],
    ['tiles', 9, [text(0x00209311, 'CS', 'TILED_FULL')], false],
    ['static views of nuclear medicine', 4, [text(TAG.ImageType, 'CS', 'ORIGINAL\\PRIMARY\\STATIC')], false],
  ])('%s: %i frames', (_, count, more, expected) => {
    expect(moves(count, ...more)).toBe(expected);
  });
});

describe('the frames that are chosen', () => {
  it.each([
    ['all of a few', { rows: 10, columns: 10, frames: 4 }, 400, 0, [0, 1, 2, 3]],
    ['a loop from the one that stands for all', { rows: 10, columns: 10, frames: 4 }, 400, 3, [3, 0, 1, 2]],
    ['none of frames that are over a limit', { rows: 9_000, columns: 9_000, frames: 50 }, 400, 0, []],
    ['fewer of large ones', { rows: 4_096, columns: 4_096, frames: 8 }, 400, 0, [0, 2, 4, 6]],
    ['fewer of what is long to read', { rows: 10, columns: 10, frames: 8 }, 64 * 2 ** 20, 0, [0, 2, 4, 6]],
  ])('are %s', (_, image, bytes, first, expected) => {
    expect(chooseFrames(image, bytes, first)).toEqual(expected);
  });

  it('are each another one, and never more than the limits allow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.nat(),
        (frames, side, bytes, at) => {
          const chosen = chooseFrames({ rows: side, columns: side, frames }, bytes, at % frames);
          expect(new Set(chosen).size).toBe(chosen.length);
          expect(chosen.every((index) => index >= 0 && index < frames)).toBe(true);
          expect(chosen.length * side * side).toBeLessThanOrEqual(ANIMATION_LIMITS.maximumPixels);
          expect((chosen.length * bytes) / frames).toBeLessThanOrEqual(ANIMATION_LIMITS.maximumBytes);
        },
      ),
    );
  });
});

describe('the pace of a loop', () => {
  const delay = (frames: number, shown: number, ...more: ReturnType<typeof text>[]) =>
    frameDelay(cineSource(3, more).part10.dataSet, frames, shown);

  it.each([
    [
      'Recommended Display Frame Rate first',
      24,
      [text(0x00082144, 'IS', '10'), text(0x00181063, 'DS', '50')],
      100,
    ],
    ['Cine Rate', 24, [text(0x00180040, 'IS', '20')], 50],
    ['Frame Time', 24, [text(0x00181063, 'DS', '66')], 66],
    ['the mean of Frame Time Vector', 24, [text(0x00181065, 'DS', '0\\60\\80')], 70],
    ['a tenth of a second where nothing is said', 24, [], 100],
    ['what it takes to keep the pace with half the frames', 48, [text(0x00181063, 'DS', '33')], 66],
    ['no less than an eye can follow', 24, [text(0x00181063, 'DS', '1')], 40],
    ['no more than looks like a still', 240, [text(0x00181063, 'DS', '100')], 200],
  ])('is %s', (_, frames, more, expected) => {
    expect(delay(frames, 24, ...more)).toBe(expected);
  });
});

describe('the first frame', () => {
  it('of anything else is the picture as it stands, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(firstFrame(bytes)).toBe(bytes);
        const container = Buffer.concat([Buffer.from('RIFF0000WEBP'), bytes]);
        expect(firstFrame(container).length).toBeGreaterThan(0);
      }),
    );
  });
});
