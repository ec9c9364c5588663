import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { decodeFrame } from '../../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import { automaticWindow } from '../../../../shared/pixels/render/automatic-window.ts';
import { modalityTransform } from '../../../../shared/pixels/render/modality.ts';
import { imageSource, text, words } from '../image-object.ts';

const SIDE = 64;

/** The window of a square of values, as the two ends it maps to black and white. */
async function ends(valueAt: (index: number) => number, more: NewElement[]): Promise<[number, number]> {
  const pixels = words(...Array.from({ length: SIDE * SIDE }, (_, index) => valueAt(index)));
  const source = imageSource({ rows: SIDE, columns: SIDE, bitsAllocated: 16, more }, pixels);
  const { dataSet } = source.part10;
  const image = readImagePixel(dataSet);
  const { map } = modalityTransform(dataSet, 0);
  const { center, width } = automaticWindow(dataSet, image, await decodeFrame(source, image, 0), map);
  return [center - width / 2, center + width / 2];
}

const modality = (name: string) => text(TAG.Modality, 'CS', name);
const hounsfield = [text(TAG.RescaleIntercept, 'DS', '-1024'), text(TAG.RescaleSlope, 'DS', '1')];
/** Half air, half tissue from 0 to 100 HU. */
const slice = (index: number) => (index % 2 === 0 ? 24 : 1024 + (index % 101));

describe('an image without a window', () => {
  it('of CT in Hounsfield units is shown as soft tissue', async () => {
    expect(await ends(slice, [modality('CT'), ...hounsfield])).toEqual([-160, 240]);
  });

  it.each([
    ['a localizer', [text(TAG.ImageType, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER')]],
    ['in other units', [text(TAG.RescaleType, 'LO', 'US')]],
  ])('of CT spans its values where it is %s', async (_, more) => {
    const [low, high] = await ends(slice, [modality('CT'), ...hounsfield, ...more]);

    expect([low, high]).not.toEqual([-160, 240]);
    expect(high).toBeGreaterThanOrEqual(99);
  });

  it('of a radiograph leaves out collimation and saturation', async () => {
    const film = (index: number) => (index % 5 === 0 ? 0 : index % 5 === 1 ? 4095 : 1000 + (index % 1000));

    const [low, high] = await ends(film, [modality('DX')]);

    expect(low).toBeGreaterThanOrEqual(1000);
    expect(high).toBeLessThanOrEqual(2000);
  });

  it('of a mammogram spans the breast, not the air beside it', async () => {
    const film = (index: number) => (index % 2 === 0 ? index % 40 : 2000 + (index % 1000));

    const [low, high] = await ends(film, [modality('MG')]);

    expect(low).toBeGreaterThan(1900);
    expect(high).toBeGreaterThan(2900);
  });

  it('of MR is as bright as its tissue, however large the air around it', async () => {
    const head = (index: number) => (index % 10 === 0 ? 500 + ((index / 10) % 500) : index % 7);

    const [low, high] = await ends(head, [modality('MR')]);

    expect(low).toBeLessThan(10);
    expect(high).toBeGreaterThan(850);
  });

  it('of PET begins at no counts', async () => {
    const [low] = await ends((index) => 100 + (index % 400), [modality('PT')]);

    expect(low).toBe(0);
  });
});
