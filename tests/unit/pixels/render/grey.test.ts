import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { decodeFrame } from '../../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import { renderFrame } from '../../../../shared/pixels/render/render.ts';
import {
  bytes,
  type ImageDescription,
  imageSource,
  numbers,
  sequence,
  text,
  words,
} from '../image-object.ts';

async function greys(image: ImageDescription, pixels: Uint8Array, index = 0): Promise<number[]> {
  const source = imageSource(image, pixels);
  const { dataSet } = source.part10;
  const described = readImagePixel(dataSet);
  return Array.from(renderFrame(dataSet, described, await decodeFrame(source, described, index), index).data);
}

const ds = (tag: number, value: string) => text(tag, 'DS', value);
const window = (center: number, width: number, exact = true): NewElement[] => [
  ds(TAG.WindowCenter, String(center)),
  ds(TAG.WindowWidth, String(width)),
  ...(exact ? [text(TAG.VOILUTFunction, 'CS', 'LINEAR_EXACT')] : []),
];
const row = (more: Partial<ImageDescription> = {}): ImageDescription => ({ rows: 1, columns: 4, ...more });
const row16 = (more: Partial<ImageDescription> = {}): ImageDescription => row({ bitsAllocated: 16, ...more });

describe('grey frames', () => {
  it('rescale, then window', async () => {
    const more = [ds(TAG.RescaleSlope, '2'), ds(TAG.RescaleIntercept, '-1000'), ...window(0, 255)];

    expect(await greys(row16({ more }), words(0, 437, 500, 1000))).toEqual([0, 2, 128, 255]);
  });

  it('window signed values', async () => {
    expect(await greys(row16({ signed: true, more: window(0, 255) }), words(-200, -100, 0, 100))).toEqual([
      0, 28, 128, 228,
    ]);
  });

  it('go through a modality LUT, which takes the place of the rescale', async () => {
    const lut = sequence(TAG.ModalityLUTSequence, [
      numbers(TAG.LUTDescriptor, 'US', 2, 1, 16),
      { tag: TAG.LUTData, vr: 'US', value: words(50, 200) },
    ]);
    const more = [lut, ds(TAG.RescaleSlope, '9'), ds(TAG.RescaleIntercept, '9'), ...window(127.5, 255)];

    expect(await greys(row16({ more }), words(0, 1, 2, 3))).toEqual([50, 50, 200, 200]);
  });

  it('of MONOCHROME1 are inverted', async () => {
    expect(await greys(row({ photometric: 'MONOCHROME1' }), bytes(0, 1, 100, 255))).toEqual([
      255, 254, 155, 0,
    ]);
  });

  it('are inverted once when MONOCHROME1 and an INVERSE shape say so both', async () => {
    const more = [text(TAG.PresentationLUTShape, 'CS', 'INVERSE')];

    expect(await greys(row({ photometric: 'MONOCHROME1', more }), bytes(0, 1, 100, 255))).toEqual([
      255, 254, 155, 0,
    ]);
    expect(await greys(row({ more }), bytes(0, 1, 100, 255))).toEqual([255, 254, 155, 0]);
  });

  it('of 8 bits without a window are shown as they are', async () => {
    expect(await greys(row(), bytes(3, 4, 5, 6))).toEqual([3, 4, 5, 6]);
  });

  it('of 1 bit are black and white', async () => {
    expect(await greys(row({ bitsAllocated: 1 }), bytes(0b0110))).toEqual([0, 255, 255, 0]);
  });

  it('of 16 bits without a window span their own range', async () => {
    expect(await greys(row16(), words(1000, 1100, 1200, 1510))).toEqual([0, 50, 100, 255]);
  });

  it('that are all one value do not divide by their range', async () => {
    expect(new Set(await greys(row16(), words(7, 7, 7, 7))).size).toBe(1);
  });

  it('leave speckles out of the range they span', async () => {
    const pixels = Uint16Array.from({ length: 64 * 64 }, (_, at) => (at === 0 ? 65535 : 100 + (at % 101)));

    const rendered = await greys({ rows: 64, columns: 64, bitsAllocated: 16 }, new Uint8Array(pixels.buffer));

    expect(Math.max(...rendered.slice(1))).toBe(255);
    expect(Math.min(...rendered)).toBe(0);
    expect(rendered[20]).toBe(51);
  });

  it.each([
    ['as signed', numbers(TAG.PixelPaddingValue, 'SS', -2000)],
    ['as the same bits unsigned', numbers(TAG.PixelPaddingValue, 'US', 65536 - 2000)],
  ])('leave padding out of their range and show it black: padding written %s', async (_, padding) => {
    const image = row16({ signed: true, photometric: 'MONOCHROME1', more: [padding] });

    expect(await greys(image, words(-2000, 0, 100, 255))).toEqual([0, 255, 155, 0]);
  });

  it('leave out a range of padding', async () => {
    const more = [numbers(TAG.PixelPaddingValue, 'US', 0), numbers(TAG.PixelPaddingRangeLimit, 'US', 10)];

    expect(await greys(row16({ more }), words(5, 100, 200, 355))).toEqual([0, 0, 100, 255]);
  });

  it('of floats show what is no number black', async () => {
    const more: NewElement[] = [
      {
        tag: TAG.FloatPixelData,
        vr: 'OF',
        value: new Uint8Array(Float32Array.of(Number.NaN, 0, 0.5, 1).buffer),
      },
    ];
    const source = imageSource(row({ more }), undefined);
    const image = readImagePixel(source.part10.dataSet);
    const samples = await decodeFrame(source, image, 0);

    expect(Array.from(renderFrame(source.part10.dataSet, image, samples, 0).data)).toEqual([0, 0, 128, 255]);
  });

  it('of 32 bits go through the same chain', async () => {
    const pixels = new Uint8Array(Uint32Array.of(0, 1_000_000, 1_001_000, 5_000_000).buffer);

    expect(await greys(row({ bitsAllocated: 32, more: window(1_000_500, 1000) }), pixels)).toEqual([
      0, 0, 255, 255,
    ]);
  });
});

describe('functional groups', () => {
  const scaling = (slope: number) =>
    sequence(TAG.PixelValueTransformationSequence, [
      ds(TAG.RescaleSlope, String(slope)),
      ds(TAG.RescaleIntercept, '0'),
    ]);
  const voi = sequence(TAG.FrameVOILUTSequence, window(127.5, 255));
  const image = (more: NewElement[]) => row16({ columns: 1, frames: 2, more: [...window(5000, 1), ...more] });
  const shared = (...macros: NewElement[]) => sequence(TAG.SharedFunctionalGroupsSequence, macros);
  const perFrame = (...frames: NewElement[][]) => sequence(TAG.PerFrameFunctionalGroupsSequence, ...frames);

  it('give each frame its own rescale', async () => {
    const described = image([shared(voi), perFrame([scaling(1)], [scaling(2)])]);

    expect(await greys(described, words(50, 50), 0)).toEqual([50]);
    expect(await greys(described, words(50, 50), 1)).toEqual([100]);
  });

  it('go before the shared ones, those before the top level', async () => {
    const own = sequence(TAG.FrameVOILUTSequence, window(255, 510));
    const described = image([shared(voi, scaling(3)), perFrame([], [own])]);

    expect(await greys(described, words(50, 50), 0)).toEqual([150]);
    expect(await greys(described, words(50, 50), 1)).toEqual([75]);
  });
});

describe('scaled down', () => {
  it('greys are the means of what each pixel would be shown as', async () => {
    // Windowed after the mean, the four would be one mid-grey of 1000, which is white.
    const source = imageSource(
      { rows: 2, columns: 2, bitsAllocated: 16, more: window(100, 200) },
      words(0, 0, 0, 4000),
    );
    const { dataSet } = source.part10;
    const image = readImagePixel(dataSet);

    const raster = renderFrame(dataSet, image, await decodeFrame(source, image, 0), 0, {
      width: 1,
      height: 1,
    });

    expect(raster).toMatchObject({ width: 1, height: 1, channels: 1 });
    expect(Array.from(raster.data)).toEqual([64]);
  });

  it('never go below the size asked for', async () => {
    const source = imageSource({ rows: 5, columns: 7 }, bytes(...new Array(35).fill(9)));
    const { dataSet } = source.part10;
    const image = readImagePixel(dataSet);

    const raster = renderFrame(dataSet, image, await decodeFrame(source, image, 0), 0, {
      width: 3,
      height: 2,
    });

    expect([raster.width, raster.height]).toEqual([3, 2]);
    expect(new Set(raster.data)).toEqual(new Set([9]));
  });
});
