import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { renderPreview } from '../../../../shared/pixels/preview.ts';
import { isRgbProfile, readColourProfile } from '../../../../shared/pixels/render/colour-profile.ts';
import { bytes, imageSource, sequence, text } from '../image-object.ts';
import { matrixProfile } from './icc-profile.ts';

/** The primaries of sRGB with red and green exchanged: what it calls red is green to the eye. */
const SWAPPED = matrixProfile([
  [0.3851, 0.7169, 0.0971],
  [0.4361, 0.2225, 0.0139],
  [0.1431, 0.0606, 0.7141],
]);
const SRGB = matrixProfile([
  [0.4361, 0.2225, 0.0139],
  [0.3851, 0.7169, 0.0971],
  [0.1431, 0.0606, 0.7141],
]);

const icc = (value: Uint8Array): NewElement => ({ tag: TAG.ICCProfile, vr: 'OB', value });

/** The colour of a red square as it is shown. */
async function shown(more: NewElement[]): Promise<number[]> {
  const pixels = bytes(...Array.from({ length: 64 }, () => [250, 0, 0]).flat());
  const image = { rows: 8, columns: 8, samplesPerPixel: 3, planar: 0, photometric: 'RGB', more };
  const { bytes: picture } = await renderPreview(imageSource(image, pixels), { format: 'png' });
  return Array.from((await sharp(picture).removeAlpha().raw().toBuffer()).subarray(0, 3));
}

describe('the ICC profile of an image', () => {
  it('is followed to sRGB', async () => {
    const [red, green, blue] = await shown([icc(SWAPPED)]);

    expect(red).toBeLessThan(10);
    expect(green).toBeGreaterThan(240);
    expect(blue).toBeLessThan(10);
  });

  it('that is sRGB changes nothing that is seen', async () => {
    const [red = 0, green = 255] = await shown([icc(SRGB)]);

    expect(Math.abs(red - 250)).toBeLessThanOrEqual(4);
    expect(green).toBeLessThanOrEqual(4);
  });

  it('of the optical path of a whole slide is followed', async () => {
    const path = sequence(TAG.OpticalPathSequence, [
      text(TAG.OpticalPathIdentifier, 'SH', '1'),
      icc(SWAPPED),
    ]);

    expect((await shown([path]))[1]).toBeGreaterThan(240);
  });

  it('is that of the path which the frame names', () => {
    const path = (name: string, profile: Uint8Array) => [
      text(TAG.OpticalPathIdentifier, 'SH', name),
      icc(profile),
    ];
    const named = (name: string) => [
      sequence(TAG.OpticalPathIdentificationSequence, [text(TAG.OpticalPathIdentifier, 'SH', name)]),
    ];
    const more = [
      sequence(TAG.OpticalPathSequence, path('A', SRGB), path('B', SWAPPED)),
      sequence(TAG.PerFrameFunctionalGroupsSequence, named('B'), named('A')),
    ];
    const { dataSet } = imageSource({ rows: 1, columns: 1, frames: 2, more }, bytes(0, 0)).part10;

    expect(Buffer.from(readColourProfile(dataSet, 0) ?? [])).toEqual(Buffer.from(SWAPPED));
    expect(Buffer.from(readColourProfile(dataSet, 1) ?? [])).toEqual(Buffer.from(SRGB));
  });

  it.each([
    ['nonsense', new Uint8Array(400).fill(7)],
    ['cut off', SWAPPED.subarray(0, 150)],
    ['of four inks', Buffer.from(SWAPPED).fill('CMYK', 16, 20)],
    ['a header and no tags', Buffer.concat([SWAPPED.subarray(0, 128), Buffer.alloc(SWAPPED.length - 128)])],
    ['with tags that lead outside', Buffer.from(SWAPPED).fill(0xff, 172, 180)],
  ])('that is no profile is passed over: %s', async (_, profile) => {
    expect(await shown([icc(new Uint8Array(profile))])).toEqual([250, 0, 0]);
  });

  it('is not used where Color Space says that the values are sRGB', async () => {
    expect(await shown([icc(SWAPPED), text(TAG.ColorSpace, 'CS', 'SRGB')])).toEqual([250, 0, 0]);
  });

  it('is bounded', () => {
    const huge = new Uint8Array(9 * 2 ** 20);
    huge.set(SWAPPED);

    expect(isRgbProfile(huge)).toBe(false);
    expect(isRgbProfile(SWAPPED)).toBe(true);
  });
});
