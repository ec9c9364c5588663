import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseWindow, thumbnail } from '../../../cli/commands/thumbnail.ts';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { bytes, imageBytes, numbers } from '../pixels/image-object.ts';

describe('filmroom thumbnail', () => {
  let folder: string;
  let input: string;
  const output = () => join(folder, 'out.webp');

  beforeAll(() => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    folder = mkdtempSync(join(tmpdir(), 'filmroom-thumbnail-'));
    input = join(folder, 'in.dcm');
    const overlay = [
      numbers(TAG.OverlayRows, 'US', 64),
      numbers(TAG.OverlayColumns, 'US', 64),
      numbers(TAG.OverlayOrigin, 'SS', 1, 1),
      { tag: TAG.OverlayData, vr: 'OW' as const, value: new Uint8Array(512).fill(0xff) },
    ];
    const image = { rows: 64, columns: 64, frames: 2, more: overlay };
    writeFileSync(input, imageBytes(image, bytes(...new Array(4096).fill(40), ...new Array(4096).fill(90))));
  });
  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  const grey = async (): Promise<number> =>
    (await sharp(readFileSync(output())).raw().toBuffer())[0] as number;

  it.each([
    ['one frame, counted from 1', { frame: 2 }, 90],
    ['the last frame where it has not so many', { frame: 9 }, 90],
    ['a window', { frame: 1, window: '40,80' }, 129],
    ['low values white', { frame: 1, inverted: true }, 215],
    ['overlays', { frame: 1, overlays: true }, 255],
  ])('shows %s', async (_, options, expected) => {
    await thumbnail(input, output(), { json: false, ...options });

    expect(Math.abs((await grey()) - expected)).toBeLessThanOrEqual(3);
  });

  it('keeps to the size asked for', async () => {
    await thumbnail(input, output(), { size: 32, frame: 1 });

    expect(await sharp(output()).metadata()).toMatchObject({ width: 32, height: 32 });
  });

  it('refuses a file that is no presentation state', async () => {
    await expect(thumbnail(input, output(), { presentation: input })).rejects.toThrow(/presentation state/);
  });
});

describe('a window on the command line', () => {
  it.each([
    ['40,400', { center: 40, width: 400 }],
    ['-600,1500', { center: -600, width: 1500 }],
    ['LUNG', { explanation: 'LUNG' }],
    ['Bone, sharp', { explanation: 'Bone, sharp' }],
  ])('%s', (text, expected) => {
    expect(parseWindow(text)).toEqual(expected);
  });

  it('without a width is refused', () => {
    expect(() => parseWindow('40,0')).toThrow(/width/);
  });
});
