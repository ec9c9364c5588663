/** JPEG frames masked among their coefficients: outside of the MCUs that a mask meets every pixel is the one it was. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import { decodeJpegBlocks } from '../../../../shared/pixels/jpeg/segments.ts';
import type { BlackContext } from '../../../../shared/pixels/mask/black.ts';
import { maskJpeg } from '../../../../shared/pixels/mask/mask-jpeg.ts';

const WIDTH = 83;
const HEIGHT = 61;
const MASK = { x: 20, y: 18, width: 23, height: 9 };
const BLACK: BlackContext = { isInverse: false, darkest: 0, isInteger: true };

const image = (channels: 1 | 3, photometric: ImagePixel['photometric']): ImagePixel => ({
  rows: HEIGHT,
  columns: WIDTH,
  frames: 1,
  samplesPerPixel: channels,
  photometric,
  planar: false,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  signed: false,
  number: 'integer',
});

function picture(channels: 1 | 3) {
  const data = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / channels);
    const x = pixel % WIDTH;
    const y = Math.floor(pixel / WIDTH);
    data[at] = 128 + 100 * Math.sin(x / 3 + (at % channels)) * Math.cos(y / 5) + ((at * 7919) % 23);
  }
  const raw = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } });
  return channels === 1 ? raw.toColourspace('b-w') : raw;
}

async function pixels(jpeg: Uint8Array, channels: 1 | 3): Promise<Buffer> {
  const decoded = sharp(jpeg);
  return (channels === 1 ? decoded.toColourspace('b-w') : decoded).raw().toBuffer();
}

/** Differences outside of the rectangle grown to `unit`, and the brightest value within the mask. */
function compare(before: Buffer, after: Buffer, channels: number, unit: number, rim: number) {
  const left = Math.floor(MASK.x / unit) * unit - rim;
  const top = Math.floor(MASK.y / unit) * unit - rim;
  const right = Math.ceil((MASK.x + MASK.width) / unit) * unit + rim;
  const bottom = Math.ceil((MASK.y + MASK.height) / unit) * unit + rim;
  let differences = 0;
  let brightest = 0;
  for (let at = 0; at < before.length; at++) {
    const pixel = Math.floor(at / channels);
    const x = pixel % WIDTH;
    const y = Math.floor(pixel / WIDTH);
    if (x < left || x >= right || y < top || y >= bottom) {
      if (before[at] !== after[at]) differences++;
    } else if (x >= MASK.x && x < MASK.x + MASK.width && y >= MASK.y && y < MASK.y + MASK.height)
      brightest = Math.max(brightest, after[at] as number);
  }
  return { differences, brightest };
}

const KINDS = [
  ['grey', 1, {}, 8, 0],
  ['grey, progressive', 1, { progressive: true }, 8, 0],
  ['colour 4:4:4', 3, { chromaSubsampling: '4:4:4' }, 8, 0],
  ['colour 4:4:4, progressive', 3, { chromaSubsampling: '4:4:4', progressive: true }, 8, 0],
  // Chrominance is interpolated by decoders: one pixel beside a masked MCU takes from within it.
  ['colour 4:2:0', 3, { chromaSubsampling: '4:2:0' }, 16, 2],
  ['colour 4:2:0, progressive', 3, { chromaSubsampling: '4:2:0', progressive: true }, 16, 2],
  ['colour 4:2:0, fine quantisation', 3, { chromaSubsampling: '4:2:0', quality: 100 }, 16, 2],
  ['grey, finest quantisation', 1, { quality: 100 }, 8, 0],
  ['grey, coarse quantisation and own tables', 1, { quality: 5, optimiseCoding: true }, 8, 0],
] as const;

describe('a JPEG frame that is masked', () => {
  it.each(KINDS)('keeps what is outside: %s', async (_, channels, options, unit, rim) => {
    const jpeg = await picture(channels)
      .jpeg({ quality: 80, ...options })
      .toBuffer();
    const masked = maskJpeg(
      jpeg,
      [MASK],
      image(channels, channels === 1 ? 'MONOCHROME2' : 'YBR_FULL_422'),
      BLACK,
    );
    const { differences, brightest } = compare(
      await pixels(jpeg, channels),
      await pixels(masked, channels),
      channels,
      unit,
      rim,
    );
    expect(differences).toBe(0);
    expect(brightest).toBe(0);
  });

  it.each(KINDS)('keeps every coefficient when nothing is masked: %s', async (_, channels, options) => {
    const jpeg = await picture(channels)
      .jpeg({ quality: 80, ...options })
      .toBuffer();
    const again = maskJpeg(jpeg, [], image(channels, channels === 1 ? 'MONOCHROME2' : 'YBR_FULL_422'), BLACK);
    const before = decodeJpegBlocks(jpeg).frame.components;
    const after = decodeJpegBlocks(again).frame.components;
    expect(after.map(({ values }) => values)).toEqual(before.map(({ values }) => values));
    expect(await pixels(again, channels)).toEqual(await pixels(jpeg, channels));
  });

  it('shows white as black where MONOCHROME1 says so', async () => {
    const jpeg = await picture(1).jpeg().toBuffer();
    const inverse = { ...BLACK, isInverse: true };
    const after = await pixels(maskJpeg(jpeg, [MASK], image(1, 'MONOCHROME1'), inverse), 1);
    for (let x = MASK.x; x < MASK.x + MASK.width; x++) expect(after[20 * WIDTH + x]).toBe(255);
  });

  it('carries no comment and no application data over', async () => {
    const jpeg = await picture(1)
      .withExif({ IFD0: { Copyright: 'DOE^JANE' } })
      .jpeg()
      .toBuffer();
    const comment = Buffer.from('DOE^JANE', 'latin1');
    const commented = Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from([0xff, 0xfe, 0, comment.length + 2]),
      comment,
      jpeg.subarray(2),
    ]);
    const masked = maskJpeg(commented, [MASK], image(1, 'MONOCHROME2'), BLACK);
    expect(Buffer.from(masked).includes('DOE')).toBe(false);
  });

  it.each(['cut off', 'not a JPEG', 'of another size'])('is refused where it is %s', async (what) => {
    const jpeg = await picture(1).jpeg().toBuffer();
    const bytes =
      what === 'cut off' ? jpeg.subarray(0, 700) : what === 'not a JPEG' ? Buffer.alloc(100) : jpeg;
    const shape = { ...image(1, 'MONOCHROME2'), ...(what === 'of another size' ? { rows: 60 } : {}) };
    expect(() => maskJpeg(bytes, [MASK], shape, BLACK)).toThrow();
  });
});
