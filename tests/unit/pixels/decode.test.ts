import { deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import type { PreviewSource } from '../../../shared/pixels/preview.ts';
import { type Samples, storedValue } from '../../../shared/pixels/samples.ts';
import { encodeRle } from './encoders.ts';
import {
  BIG_ENDIAN,
  bytes,
  DEFLATED,
  DEFLATED_FRAME,
  type ImageDescription,
  imageSource,
  JPEG_LOSSLESS,
  numbers,
  RLE,
  words,
} from './image-object.ts';

async function decode(source: PreviewSource, index = 0): Promise<Samples> {
  return decodeFrame(source, readImagePixel(source.part10.dataSet), index);
}

function valuesOf(samples: Samples): number[] {
  return Array.from(samples.data, (cell) => (samples.kind === 'cells' ? storedValue(cell, samples) : cell));
}

const grey = (more: Partial<ImageDescription> = {}): ImageDescription => ({ rows: 2, columns: 2, ...more });
const rgb = (more: Partial<ImageDescription> = {}): ImageDescription => ({
  rows: 1,
  columns: 2,
  samplesPerPixel: 3,
  photometric: 'RGB',
  planar: 0,
  ...more,
});

describe('native frames decode to their stored values', () => {
  const cases: { name: string; image: ImageDescription; pixels: Uint8Array; values: number[] }[] = [
    { name: '8 bits', image: grey(), pixels: bytes(0, 1, 254, 255), values: [0, 1, 254, 255] },
    {
      name: '8 bits signed',
      image: grey({ signed: true }),
      pixels: bytes(0, 1, 128, 255),
      values: [0, 1, -128, -1],
    },
    {
      name: '16 bits',
      image: grey({ bitsAllocated: 16 }),
      pixels: words(0, 1, 40000, 65535),
      values: [0, 1, 40000, 65535],
    },
    {
      name: '16 bits signed',
      image: grey({ bitsAllocated: 16, signed: true }),
      pixels: words(0, -1, -32768, 32767),
      values: [0, -1, -32768, 32767],
    },
    {
      name: '12 bits stored in 16, whatever lies above them',
      image: grey({ bitsAllocated: 16, bitsStored: 12 }),
      pixels: words(0xf000, 0x1fff, 0x8001, 0x0800),
      values: [0, 0xfff, 1, 0x800],
    },
    {
      name: '12 bits signed in 16, the sign extended',
      image: grey({ bitsAllocated: 16, bitsStored: 12, signed: true }),
      pixels: words(0x0fff, 0x0800, 0x07ff, 0x1000),
      values: [-1, -2048, 2047, 0],
    },
    {
      name: '12 bits stored below a high bit of 15',
      image: grey({ bitsAllocated: 16, bitsStored: 12, highBit: 15 }),
      pixels: words(0xfff0, 0x001f, 0x8000, 0x0010),
      values: [0xfff, 1, 0x800, 1],
    },
    {
      name: '1 bit, least significant first',
      image: { rows: 2, columns: 5, bitsAllocated: 1 },
      pixels: bytes(0b10100001, 0b11),
      values: [1, 0, 0, 0, 0, 1, 0, 1, 1, 1],
    },
    {
      name: '12 bits packed',
      image: { rows: 1, columns: 3, bitsAllocated: 12 },
      pixels: bytes(0x23, 0x61, 0x45, 0x89, 0x07, 0),
      values: [0x123, 0x456, 0x789],
    },
    {
      name: '32 bits',
      image: { rows: 1, columns: 2, bitsAllocated: 32 },
      pixels: new Uint8Array(Uint32Array.of(7, 4294967295).buffer),
      values: [7, 4294967295],
    },
    {
      name: '32 bits signed',
      image: { rows: 1, columns: 2, bitsAllocated: 32, signed: true },
      pixels: new Uint8Array(Int32Array.of(-7, 2147483647).buffer),
      values: [-7, 2147483647],
    },
    { name: 'RGB by pixel', image: rgb(), pixels: bytes(1, 2, 3, 4, 5, 6), values: [1, 2, 3, 4, 5, 6] },
    {
      name: 'RGB by plane',
      image: rgb({ planar: 1 }),
      pixels: bytes(1, 4, 2, 5, 3, 6),
      values: [1, 2, 3, 4, 5, 6],
    },
    {
      name: 'YBR_FULL_422, the chrominance of a pair given to both',
      image: rgb({ photometric: 'YBR_FULL_422' }),
      pixels: bytes(10, 20, 30, 40),
      values: [10, 30, 40, 20, 30, 40],
    },
    {
      name: 'YBR_FULL_422 whose writer stored all samples',
      image: rgb({ photometric: 'YBR_FULL_422' }),
      pixels: bytes(1, 2, 3, 4, 5, 6),
      values: [1, 2, 3, 4, 5, 6],
    },
  ];

  it.each(cases)('$name', async ({ image, pixels, values }) => {
    expect(valuesOf(await decode(imageSource(image, pixels)))).toEqual(values);
  });

  it.each([
    {
      name: '16 bits',
      image: grey({ bitsAllocated: 16 }),
      pixels: words(1, 256, 65535, 4660),
      values: [1, 256, 65535, 4660],
    },
    { name: '8 bits as words', image: grey({ vr: 'OW' }), pixels: bytes(1, 2, 3, 4), values: [1, 2, 3, 4] },
    { name: '8 bits as bytes', image: grey({ vr: 'OB' }), pixels: bytes(1, 2, 3, 4), values: [1, 2, 3, 4] },
    {
      name: '32 bits',
      image: { rows: 1, columns: 1, bitsAllocated: 32, vr: 'OL' as const },
      pixels: new Uint8Array(Uint32Array.of(0x01020304).buffer),
      values: [0x01020304],
    },
  ])('$name in big endian', async ({ image, pixels, values }) => {
    const source = imageSource({ ...image, transferSyntax: BIG_ENDIAN } as ImageDescription, pixels);

    expect(valuesOf(await decode(source))).toEqual(values);
  });

  it('reads words of 8-bit samples right where a big-endian frame begins within one', async () => {
    const image = { rows: 1, columns: 3, frames: 2, vr: 'OW' as const, transferSyntax: BIG_ENDIAN };

    expect(valuesOf(await decode(imageSource(image, bytes(1, 2, 3, 4, 5, 6)), 1))).toEqual([4, 5, 6]);
  });

  it('takes the inflated bytes of a deflated data set', async () => {
    const source = imageSource(grey({ transferSyntax: DEFLATED }), bytes(9, 8, 7, 6));

    expect(valuesOf(await decode(source))).toEqual([9, 8, 7, 6]);
    expect(source.ranges).toEqual([]);
  });

  it.each([
    {
      name: 'float',
      tag: TAG.FloatPixelData,
      vr: 'OF' as const,
      pixels: new Uint8Array(Float32Array.of(0.5, -2).buffer),
    },
    {
      name: 'double',
      tag: TAG.DoubleFloatPixelData,
      vr: 'OD' as const,
      pixels: new Uint8Array(Float64Array.of(0.5, -2).buffer),
    },
  ])('$name pixel data', async ({ tag, vr, pixels }) => {
    const source = imageSource({ rows: 1, columns: 2, more: [{ tag, vr, value: pixels }] }, undefined);

    expect(valuesOf(await decode(source))).toEqual([0.5, -2]);
  });

  it('a 1-bit frame that begins within a byte', async () => {
    const image = { rows: 1, columns: 3, bitsAllocated: 1, frames: 3 };

    const frames = [0, 1, 2].map(async (index) =>
      valuesOf(await decode(imageSource(image, bytes(0b11_101_011, 0b1)), index)),
    );

    expect(await Promise.all(frames)).toEqual([
      [1, 1, 0],
      [1, 0, 1],
      [1, 1, 1],
    ]);
  });
});

describe('RLE frames', () => {
  it('join the byte planes of 16-bit samples, the high one first', async () => {
    const frame = encodeRle([bytes(0x12, 0xff, 0, 0), bytes(0x34, 0xff, 1, 2)]);

    const samples = await decode(
      imageSource(grey({ bitsAllocated: 16, transferSyntax: RLE }), { fragments: [frame] }),
    );

    expect(valuesOf(samples)).toEqual([0x1234, 0xffff, 1, 2]);
  });

  it('give any bytes back that were packed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 24, maxLength: 24 }), async (plane) => {
        const image = { rows: 4, columns: 6, transferSyntax: RLE };
        const samples = await decode(imageSource(image, { fragments: [encodeRle([plane])] }));
        expect(Array.from(samples.data)).toEqual(Array.from(plane));
      }),
    );
  });

  it('interleave three planes', async () => {
    const frame = encodeRle([bytes(1, 4), bytes(2, 5), bytes(3, 6)]);

    const samples = await decode(
      imageSource(rgb({ planar: 1, transferSyntax: RLE }), { fragments: [frame] }),
    );

    expect(valuesOf(samples)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('may lie in several fragments when there is one frame', async () => {
    const frame = encodeRle([bytes(1, 2, 3, 4)]);
    const fragments = [frame.subarray(0, 30), frame.subarray(30)];

    expect(valuesOf(await decode(imageSource(grey({ transferSyntax: RLE }), { fragments })))).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it.each([
    ['is shorter than its header', (frame: Uint8Array) => frame.subarray(0, 40), 'undecodable'],
    [
      'names other segments than the frame has',
      (frame: Uint8Array) => frame.fill(3, 0, 1),
      'pixel-data-mismatch',
    ],
    ['has a segment behind its end', (frame: Uint8Array) => frame.fill(0xff, 4, 6), 'undecodable'],
    ['ends within a run', (frame: Uint8Array) => frame.subarray(0, 66), 'undecodable'],
  ])('is refused with a reason when it %s', async (_, damage, reason) => {
    const frame = damage(encodeRle([bytes(1, 2, 3, 4)]));

    await expect(
      decode(imageSource(grey({ transferSyntax: RLE }), { fragments: [frame] })),
    ).rejects.toMatchObject({ reason });
  });
});

describe('deflated frames', () => {
  const image = grey({ transferSyntax: DEFLATED_FRAME });
  const deflated = (...values: number[]) => {
    const packed = deflateRawSync(Uint8Array.from(values));
    return { fragments: [packed.length % 2 === 0 ? packed : Buffer.concat([packed, Buffer.alloc(1)])] };
  };

  it('are inflated', async () => {
    expect(valuesOf(await decode(imageSource(image, deflated(1, 2, 3, 4))))).toEqual([1, 2, 3, 4]);
  });

  it('are inflated no further than their size', async () => {
    const bomb = deflated(...new Array(100_000).fill(0));

    await expect(decode(imageSource(image, bomb))).rejects.toMatchObject({ reason: 'undecodable' });
  });

  it('are refused when they are too short', async () => {
    await expect(decode(imageSource(image, deflated(1, 2)))).rejects.toMatchObject({
      reason: 'pixel-data-mismatch',
    });
  });
});

describe('what cannot be decoded', () => {
  it('is a known transfer syntax without a decoder', async () => {
    const source = imageSource(grey({ transferSyntax: JPEG_LOSSLESS }), { fragments: [bytes(0xff, 0xd8)] });

    await expect(decode(source)).rejects.toMatchObject({ reason: 'unsupported-transfer-syntax' });
  });

  it.each([
    ['Rows 0', grey({ rows: 0 }), 'pixel-data-mismatch'],
    ['3 samples of MONOCHROME2', rgb({ photometric: 'MONOCHROME2' }), 'unsupported-pixel-format'],
    ['an unknown Photometric Interpretation', grey({ photometric: 'CMYK' }), 'unsupported-pixel-format'],
    ['17 bits', grey({ bitsAllocated: 17 }), 'unsupported-pixel-format'],
    ['4 gigapixels', grey({ rows: 65535, columns: 65535 }), 'too-large'],
    ['more frames than bytes', grey({ frames: 2_000_000_000 }), 'pixel-data-mismatch'],
    ['a frame one byte short', { rows: 1, columns: 5 }, 'pixel-data-mismatch'],
  ] as const)('is %s, and no byte of it is read', async (_, image, reason) => {
    const source = imageSource(image, bytes(0, 0, 0, 0));

    await expect((async () => decode(source))()).rejects.toMatchObject({ reason });
    expect(source.ranges).toEqual([]);
  });

  it('takes a Bits Stored or High Bit that cannot be for the usual one', () => {
    const { dataSet } = imageSource(
      grey({ bitsStored: 9, highBit: 3, more: [numbers(TAG.BitsStored, 'US', 9)] }),
      bytes(0, 0, 0, 0),
    ).part10;

    expect(readImagePixel(dataSet)).toMatchObject({ bitsStored: 8, highBit: 7 });
  });
});
