import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { renderDose } from '../../../../shared/pixels/documents/dose.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import { PIXEL_LIMITS } from '../../../../shared/pixels/limits.ts';
import { renderPreview } from '../../../../shared/pixels/preview.ts';
import { imageSource, numbers, text } from '../image-object.ts';

const RT_DOSE = '1.2.840.10008.5.1.4.1.1.481.2';
const [ROWS, COLUMNS, FRAMES] = [20, 30, 9];

/** A ball of dose around the middle of the grid, highest in frame `hot`. */
function dose({ hot = 4, type = 'PHYSICAL', peak = 50_000 } = {}) {
  const values = Uint32Array.from({ length: ROWS * COLUMNS * FRAMES }, (_, at) => {
    const [x, y, z] = [at % COLUMNS, Math.floor(at / COLUMNS) % ROWS, Math.floor(at / COLUMNS / ROWS)];
    return peak * Math.exp(-((x - 14.5) ** 2 + (y - 9.5) ** 2 + (3 * (z - hot)) ** 2) / 40);
  });
  return imageSource(
    {
      rows: ROWS,
      columns: COLUMNS,
      frames: FRAMES,
      bitsAllocated: 32,
      bitsStored: 32,
      vr: 'OW',
      more: [
        text(0x00080016, 'UI', RT_DOSE),
        text(0x00080060, 'CS', 'RTDOSE'),
        numbers(0x00280030, 'DS', 2, 2),
        text(0x30040002, 'CS', 'GY'),
        text(0x30040004, 'CS', type),
        text(0x3004000e, 'DS', '0.001'),
      ],
    },
    new Uint8Array(values.buffer),
  );
}

const drawn = (source: ReturnType<typeof dose>, maximumDoseFrames = 64) =>
  renderDose(source, readImagePixel(source.part10.dataSet), 300, PIXEL_LIMITS, {
    maximumDoseFrames,
  } as Parameters<typeof renderDose>[4]);

describe('a dose', () => {
  it('is hot in the middle, cold around it and dark where there is none', async () => {
    const picture = await drawn(dose());

    expect(picture?.size).toEqual({ width: 300, height: 200 });
    const at = (x: number, y: number) =>
      Array.from(picture!.raster.data.subarray((y * 300 + x) * 3, (y * 300 + x) * 3 + 3));
    expect(at(150, 100)).toEqual([225, 40, 30]);
    expect(at(205, 100)).toEqual([30, 110, 230]);
    expect(at(299, 199)).toEqual([0, 0, 0]);
  });

  it('is shown in the slice where it is highest, and told by that maximum', async () => {
    const high = await drawn(dose({ hot: 7 }));
    const low = await drawn(dose({ hot: 7 }), 1);

    // The only frame that was looked at, the fifth, has nearly none of it: its own maximum is what its colours are of.
    expect(high?.raster.data.filter((byte) => byte > 0).length).toBeGreaterThan(10_000);
    expect(high?.drawing).not.toBe(low?.drawing);
  });

  it('of errors, and of nothing but zeros, is left to the renderer of images', async () => {
    expect(await drawn(dose({ type: 'ERROR' }))).toBeUndefined();
    expect(await drawn(dose({ peak: 0 }))).toBeUndefined();
    expect(await renderPreview(dose({ peak: 0 }))).not.toHaveProperty('placeholder');
  });

  it('is the preview of the object, in colour', async () => {
    const { bytes, width, placeholder } = await renderPreview(dose(), { size: 256 });

    const { channels } = await sharp(bytes).stats();
    expect({ width, placeholder }).toEqual({ width: 256, placeholder: undefined });
    expect(channels[0]?.mean).not.toBeCloseTo(channels[2]?.mean ?? 0, 0);
  });
});
