/** Masks over native frames of every layout: what is inside shows black, what is outside is the bit it was. */
import { describe, expect, it } from 'vitest';
import { concatSegments, isCopied, readPart10 } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { maskPixels } from '../../../../shared/pixels/mask/mask-pixels.ts';
import {
  BIG_ENDIAN,
  DEFLATED,
  EXPLICIT,
  type ImageDescription,
  imageBytes,
  numbers,
} from '../image-object.ts';
import { filled, masked, valuesOf } from './masking.ts';

const MASK = { x: 3, y: 2, width: 5, height: 3 };
const grey = { rows: 7, columns: 11 };
const rgb = { ...grey, samplesPerPixel: 3, photometric: 'RGB' };

interface Layout {
  readonly image: ImageDescription;
  readonly black: readonly number[];
}

const LAYOUTS: readonly (readonly [string, Layout])[] = [
  ['8 bits', { image: grey, black: [0] }],
  ['1 bit, frames that end within a byte', { image: { ...grey, bitsAllocated: 1, frames: 3 }, black: [0] }],
  ['12 bits packed', { image: { ...grey, bitsAllocated: 12, frames: 2 }, black: [0] }],
  ['16 bits', { image: { ...grey, bitsAllocated: 16 }, black: [0] }],
  [
    '12 of 16 bits, signed',
    { image: { ...grey, bitsAllocated: 16, bitsStored: 12, signed: true }, black: [-2048] },
  ],
  [
    '12 bits at the top of 16',
    { image: { ...grey, bitsAllocated: 16, bitsStored: 12, highBit: 15 }, black: [0] },
  ],
  [
    'MONOCHROME1',
    { image: { ...grey, photometric: 'MONOCHROME1', bitsAllocated: 16, bitsStored: 10 }, black: [1023] },
  ],
  [
    'MONOCHROME1, signed',
    { image: { ...grey, photometric: 'MONOCHROME1', bitsAllocated: 16, signed: true }, black: [32767] },
  ],
  ['32 bits', { image: { ...grey, bitsAllocated: 32, signed: true }, black: [-(2 ** 31)] }],
  ['RGB', { image: rgb, black: [0, 0, 0] }],
  ['RGB by plane', { image: { ...rgb, planar: 1, frames: 2 }, black: [0, 0, 0] }],
  ['RGB of 16 bits', { image: { ...rgb, bitsAllocated: 16 }, black: [0, 0, 0] }],
  ['YBR_FULL', { image: { ...rgb, photometric: 'YBR_FULL' }, black: [0, 128, 128] }],
  [
    '16 bits, big endian',
    {
      image: {
        ...grey,
        bitsAllocated: 16,
        bitsStored: 12,
        photometric: 'MONOCHROME1',
        transferSyntax: BIG_ENDIAN,
      },
      black: [4095],
    },
  ],
  [
    '8 bits in big endian words, odd frames',
    { image: { ...grey, frames: 3, vr: 'OW', transferSyntax: BIG_ENDIAN }, black: [0] },
  ],
  [
    'RGB by plane in big endian words',
    { image: { ...rgb, planar: 1, vr: 'OW', transferSyntax: BIG_ENDIAN }, black: [0, 0, 0] },
  ],
  [
    '1 bit in big endian words',
    { image: { ...grey, bitsAllocated: 1, frames: 2, vr: 'OW', transferSyntax: BIG_ENDIAN }, black: [0] },
  ],
  ['deflated', { image: { ...grey, bitsAllocated: 16, transferSyntax: DEFLATED }, black: [0] }],
];

function randomPixels({
  rows,
  columns,
  samplesPerPixel = 1,
  bitsAllocated = 8,
  frames = 1,
}: ImageDescription) {
  const bits = rows * columns * samplesPerPixel * bitsAllocated * frames;
  const length = 2 * Math.ceil(bits / 16);
  return Uint8Array.from({ length }, (_, at) => ((at + 7) * 2654435761) >>> 13);
}

describe('masks over native frames', () => {
  it.each(LAYOUTS)('hide the rectangle and nothing else: %s', async (_, { image, black }) => {
    const bytes = imageBytes(image, randomPixels(image));
    const written = await masked(bytes, [MASK]);
    for (let frame = 0; frame < (image.frames ?? 1); frame++) {
      const after = await valuesOf(written, frame);
      expect(after.values).toEqual(filled(await valuesOf(bytes, frame), MASK, black));
    }
  });

  it('hide one frame only where a mask names it', async () => {
    const image = { ...grey, frames: 3, bitsAllocated: 16 };
    const bytes = imageBytes(image, randomPixels(image));
    const written = await masked(bytes, [{ ...MASK, frame: 1 }]);
    expect((await valuesOf(written, 0)).values).toEqual((await valuesOf(bytes, 0)).values);
    expect((await valuesOf(written, 1)).values).toEqual(filled(await valuesOf(bytes, 1), MASK, [0]));
    expect((await valuesOf(written, 2)).values).toEqual((await valuesOf(bytes, 2)).values);
  });

  it('take whole pairs of pixels of subsampled colour', async () => {
    const image = { ...rgb, rows: 6, columns: 10, photometric: 'YBR_FULL_422' };
    const bytes = imageBytes(image, randomPixels({ ...image, samplesPerPixel: 2 }));
    const after = await valuesOf(await masked(bytes, [MASK]));
    const pairs = { x: 2, y: 2, width: 6, height: 3 };
    expect(after.values).toEqual(filled(await valuesOf(bytes), pairs, [0, 128, 128]));
  });

  it('fill a palette with its darkest entry', async () => {
    const entries = Uint8Array.from({ length: 256 }, (_, entry) => Math.abs(entry - 37));
    const palette = [
      [TAG.RedPaletteColorLookupTableDescriptor, TAG.RedPaletteColorLookupTableData],
      [TAG.GreenPaletteColorLookupTableDescriptor, TAG.GreenPaletteColorLookupTableData],
      [TAG.BluePaletteColorLookupTableDescriptor, TAG.BluePaletteColorLookupTableData],
    ] as const;
    const more = palette.flatMap(([descriptor, data]) => [
      numbers(descriptor, 'US', 256, 0, 8),
      { tag: data, vr: 'OW' as const, value: entries },
    ]);
    const image = { ...grey, photometric: 'PALETTE COLOR', more };
    const bytes = imageBytes(image, randomPixels(image));
    const after = await valuesOf(await masked(bytes, [MASK]));
    expect(after.values).toEqual(filled(await valuesOf(bytes), MASK, [37]));
  });

  it('give the same bytes however the value is cut into runs', async () => {
    for (const [, { image }] of LAYOUTS) {
      if (image.transferSyntax === DEFLATED) continue;
      const bytes = imageBytes(image, randomPixels(image));
      const part10 = readPart10(bytes);
      const source = {
        part10,
        read: async (start: number, length: number) => bytes.subarray(start, start + length),
      };
      const { rewrite } = (await maskPixels(source, [MASK])).treatment;
      const [first] = rewrite.segments;
      if (first === undefined || !isCopied(first) || first.through === undefined)
        throw new Error('no filter');
      const whole = concatSegments([first], bytes);
      for (const length of [1, 3, 16]) {
        const runs: Uint8Array[] = [];
        for (let at = first.copy.start; at < first.copy.start + first.copy.length; at += length) {
          const end = Math.min(at + length, first.copy.start + first.copy.length);
          runs.push(first.through(bytes.subarray(at, end), at));
        }
        expect(Buffer.concat(runs)).toEqual(Buffer.from(whole));
      }
    }
  });

  it('lie outside of the frame in part without harm', async () => {
    const image = { ...grey, transferSyntax: EXPLICIT };
    const bytes = imageBytes(image, randomPixels(image));
    const mask = { x: -4, y: 5, width: 100, height: 100 };
    expect((await valuesOf(await masked(bytes, [mask]))).values).toEqual(
      filled(await valuesOf(bytes), mask, [0]),
    );
  });
});
