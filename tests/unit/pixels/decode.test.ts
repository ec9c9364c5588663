import { describe, expect, it } from 'vitest';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import {
  BIG_ENDIAN,
  bytes,
  DEFLATED,
  ENCAPSULATED_NATIVE,
  type ImageDescription,
  imageSource,
  numbers,
  words,
} from './image-object.ts';
import { decode, grey, rgb, valuesOf } from './stored-values.ts';

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

  it.each([
    { name: '8 bits', image: grey({ frames: 2 }), one: bytes(1, 2, 3, 4), other: bytes(5, 6, 7, 8) },
    {
      name: '1 bit, each frame from its own first byte on',
      image: { rows: 1, columns: 3, bitsAllocated: 1, frames: 2 },
      one: bytes(0b011),
      other: bytes(0b110),
    },
  ])('encapsulated and uncompressed, $name', async ({ image, one, other }) => {
    const described = { ...image, transferSyntax: ENCAPSULATED_NATIVE, vr: 'OB' as const };
    const native = imageSource({ ...image, frames: 1 }, other);

    const second = await decode(imageSource(described, { fragments: [one, other] }), 1);

    expect(valuesOf(second)).toEqual(valuesOf(await decode(native)));
  });

  it('encapsulated and uncompressed, short of bytes, not at all', async () => {
    const image = grey({ rows: 3, transferSyntax: ENCAPSULATED_NATIVE, vr: 'OB' });

    await expect(decode(imageSource(image, { fragments: [bytes(1, 2, 3, 4)] }))).rejects.toMatchObject({
      reason: 'pixel-data-mismatch',
    });
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

describe('what cannot be decoded', () => {
  it.each([
    ['hierarchical JPEG', '1.2.840.10008.1.2.4.59', 'unsupported-transfer-syntax'],
    ['arithmetic-coded JPEG', '1.2.840.10008.1.2.4.52', 'unsupported-transfer-syntax'],
    ['MPEG-2', '1.2.840.10008.1.2.4.100', 'video'],
    ['H.264', '1.2.840.10008.1.2.4.102', 'video'],
    ['HEVC', '1.2.840.10008.1.2.4.107', 'video'],
  ])('is %s: a known transfer syntax without a decoder', async (_, transferSyntax, reason) => {
    const source = imageSource(
      rgb({ transferSyntax, photometric: 'YBR_PARTIAL_420', columns: 2, frames: 9 }),
      { fragments: [bytes(0, 0, 1, 0xb3)] },
    );

    await expect(decode(source)).rejects.toMatchObject({ reason });
    expect(source.ranges).toEqual([]);
  });

  it.each([
    ['JPIP Referenced', '1.2.840.10008.1.2.4.94'],
    ['JPIP HTJ2K Referenced', '1.2.840.10008.1.2.4.204'],
    ['SMPTE ST 2110-20', '1.2.840.10008.1.2.7.1'],
  ])('is %s, whose pixels are elsewhere', async (_, transferSyntax) => {
    await expect(decode(imageSource(grey({ transferSyntax }), undefined))).rejects.toMatchObject({
      reason: 'unsupported-transfer-syntax',
    });
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
