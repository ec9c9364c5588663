import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import { displaySize } from '../../../../shared/pixels/render/display-size.ts';
import { imageSource, sequence, text } from '../image-object.ts';

function size(rows: number, columns: number, more: NewElement[] = [], longest = 256): [number, number] {
  const { dataSet } = imageSource({ rows, columns, more }, undefined).part10;
  const { width, height } = displaySize(dataSet, readImagePixel(dataSet), 0, longest);
  return [width, height];
}

describe('the size of a picture', () => {
  it.each([
    ['a square is scaled down', 512, 512, [], [256, 256]],
    ['the longest side counts', 480, 640, [], [256, 192]],
    ['a small one is left as it is', 64, 48, [], [48, 64]],
    ['a line keeps a pixel of width', 4000, 2, [], [1, 256]],
    ['equal spacing changes nothing', 64, 64, [text(TAG.PixelSpacing, 'DS', '0.5\\0.5')], [64, 64]],
    ['tall pixels make it taller', 100, 100, [text(TAG.PixelSpacing, 'DS', '2\\1')], [100, 200]],
    ['wide pixels make it wider', 100, 100, [text(TAG.PixelSpacing, 'DS', '1\\2')], [200, 100]],
    ['and still fits', 400, 400, [text(TAG.ImagerPixelSpacing, 'DS', '0.1\\0.2')], [256, 128]],
    ['a ratio is vertical to horizontal', 100, 100, [text(TAG.PixelAspectRatio, 'IS', '1\\2')], [200, 100]],
    [
      'spacing goes before the ratio',
      100,
      100,
      [text(TAG.PixelAspectRatio, 'IS', '1\\2'), text(TAG.PixelSpacing, 'DS', '1\\1')],
      [100, 100],
    ],
    ['a ratio of 0 is none', 100, 100, [text(TAG.PixelAspectRatio, 'IS', '0\\0')], [100, 100]],
    ['an absurd one is not believed', 100, 100, [text(TAG.PixelSpacing, 'DS', '1000\\1')], [100, 100]],
  ] as const)('%s', (_, rows, columns, more, expected) => {
    expect(size(rows, columns, [...more])).toEqual(expected);
  });

  it('takes the spacing of functional groups', () => {
    const measures = sequence(TAG.PixelMeasuresSequence, [text(TAG.PixelSpacing, 'DS', '2\\1')]);

    expect(size(100, 100, [sequence(TAG.SharedFunctionalGroupsSequence, [measures])])).toEqual([100, 200]);
  });
});
