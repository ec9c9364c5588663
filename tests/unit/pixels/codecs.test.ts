import { afterAll, describe, expect, it } from 'vitest';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { PIXEL_LIMITS } from '../../../shared/pixels/limits.ts';
import { type Samples, storedValue } from '../../../shared/pixels/samples.ts';
import { encodeJpeg, encodeJpeg2000, encodeJpegLs, type PlainFrame } from './encoders.ts';
import {
  type ImageDescription,
  imageSource,
  JPEG_2000,
  JPEG_BASELINE,
  JPEG_LS,
  JPEG_LS_NEAR,
} from './image-object.ts';

afterAll(stopCodecWorker);

const SIDE = 64;

function plainFrame(
  components: number,
  bits: number,
  value: (x: number, y: number, component: number) => number,
): PlainFrame {
  const wide = bits > 8;
  const data = wide ? new Uint16Array(SIDE * SIDE * components) : new Uint8Array(SIDE * SIDE * components);
  data.forEach((_, at) => {
    const pixel = Math.floor(at / components);
    data[at] = value(pixel % SIDE, Math.floor(pixel / SIDE), at % components);
  });
  return { width: SIDE, height: SIDE, components, bits, bytes: new Uint8Array(data.buffer) };
}

const ramp12 = plainFrame(1, 12, (x, y) => (x * 61 + y * 7) % 4096);
const ramp8 = plainFrame(1, 8, (x, y) => 2 * x + 2 * y);
const colours = plainFrame(3, 8, (x, y, component) => [4 * x, 4 * y, 255 - 4 * x][component] as number);

const described = (
  frame: PlainFrame,
  transferSyntax: string,
  more: Partial<ImageDescription> = {},
): ImageDescription => ({
  rows: frame.height,
  columns: frame.width,
  samplesPerPixel: frame.components,
  photometric: frame.components === 3 ? 'RGB' : 'MONOCHROME2',
  bitsAllocated: frame.bits > 8 ? 16 : 8,
  bitsStored: frame.bits,
  transferSyntax,
  vr: 'OB',
  ...more,
});

async function decode(
  image: ImageDescription,
  encoded: Uint8Array,
  options: Parameters<typeof decodeFrame>[3] = {},
): Promise<Samples> {
  const source = imageSource(image, { fragments: [encoded] });
  return decodeFrame(source, readImagePixel(source.part10.dataSet), 0, options);
}

const bytesOf = ({ data }: Samples) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('lossless codecs give the very samples back', () => {
  it.each([
    { name: 'JPEG-LS, 12 bits', frame: ramp12, syntax: JPEG_LS, encode: encodeJpegLs },
    { name: 'JPEG-LS, 8 bits', frame: ramp8, syntax: JPEG_LS, encode: encodeJpegLs },
    {
      name: 'JPEG-LS, RGB by pixel',
      frame: colours,
      syntax: JPEG_LS,
      encode: (frame: PlainFrame) => encodeJpegLs(frame, { interleave: 2 }),
    },
    {
      name: 'JPEG-LS, RGB by line',
      frame: colours,
      syntax: JPEG_LS,
      encode: (frame: PlainFrame) => encodeJpegLs(frame, { interleave: 1 }),
    },
    { name: 'JPEG 2000, 12 bits', frame: ramp12, syntax: JPEG_2000, encode: encodeJpeg2000 },
    { name: 'JPEG 2000, 8 bits', frame: ramp8, syntax: JPEG_2000, encode: encodeJpeg2000 },
    {
      name: 'JPEG 2000, RGB by way of the reversible transform',
      frame: colours,
      syntax: JPEG_2000,
      encode: encodeJpeg2000,
    },
  ])('$name', async ({ frame, syntax, encode }) => {
    const samples = await decode(
      described(
        frame,
        syntax,
        frame.components === 3 && syntax === JPEG_2000 ? { photometric: 'YBR_RCT' } : {},
      ),
      await encode(frame),
    );

    expect(samples).toMatchObject({
      width: SIDE,
      height: SIDE,
      channels: frame.components,
      colour: frame.components === 3 ? 'rgb' : 'grey',
    });
    expect(Buffer.compare(bytesOf(samples), frame.bytes)).toBe(0);
  });

  it.each([
    { name: 'JPEG-LS', syntax: JPEG_LS, encode: encodeJpegLs },
    { name: 'JPEG 2000 that calls them unsigned', syntax: JPEG_2000, encode: encodeJpeg2000 },
    {
      name: 'JPEG 2000 that calls them signed',
      syntax: JPEG_2000,
      encode: (frame: PlainFrame) => encodeJpeg2000({ ...frame, signed: true }),
    },
  ])('$name, signed by Pixel Representation', async ({ syntax, encode }) => {
    const frame = plainFrame(1, 16, (x, y) => (x - 32) * 500 + y);

    const samples = await decode(described(frame, syntax, { signed: true }), await encode(frame));

    const at = 5 * SIDE + 3;
    expect(samples.kind === 'cells' && storedValue(samples.data[at] as number, samples)).toBe(
      (3 - 32) * 500 + 5,
    );
  });
});

describe('lossy codecs stay near the samples', () => {
  it('JPEG-LS within the bound it was given', async () => {
    const samples = await decode(described(ramp12, JPEG_LS_NEAR), await encodeJpegLs(ramp12, { near: 3 }));

    const original = new Uint16Array(ramp12.bytes.buffer);
    const furthest = Math.max(
      ...Array.from(original, (value, at) => Math.abs(value - (samples.data[at] as number))),
    );
    expect(furthest).toBeLessThanOrEqual(3);
    expect(furthest).toBeGreaterThan(0);
  });

  it('JPEG-LS that overshoots Bits Stored, without wrapping around', async () => {
    const frame = plainFrame(1, 16, (x, y) => 4090 + ((x * 7 + y * 3) % 6));

    const samples = await decode(
      described(frame, JPEG_LS_NEAR, { bitsStored: 12 }),
      await encodeJpegLs(frame, { near: 5 }),
    );

    const values = Array.from(samples.data, (cell) => samples.kind === 'cells' && storedValue(cell, samples));
    expect(Math.max(...samples.data)).toBeGreaterThan(4095);
    expect(Math.min(...values.map(Number))).toBeGreaterThanOrEqual(4085);
  });

  it('grey JPEG', async () => {
    const samples = await decode(described(ramp8, JPEG_BASELINE), await encodeJpeg(ramp8));

    expect(samples).toMatchObject({ channels: 1, colour: 'grey' });
    expect(meanDifference(bytesOf(samples), ramp8.bytes)).toBeLessThan(2);
  });

  it.each([{ photometric: 'YBR_FULL_422' }, { photometric: 'RGB' }])(
    'colour JPEG that says itself how it is coded, under $photometric',
    async ({ photometric }) => {
      const stating = withJfif(await encodeJpeg(colours, { chromaSubsampling: '4:4:4' }));

      const samples = await decode(described(colours, JPEG_BASELINE, { photometric }), stating);

      expect(samples.colour).toBe('rgb');
      expect(meanDifference(bytesOf(samples), colours.bytes)).toBeLessThan(4);
    },
  );

  it('colour JPEG that does not say so, by Photometric Interpretation', async () => {
    const silent = await encodeJpeg(colours, { chromaSubsampling: '4:4:4' });

    const asYbr = await decode(described(colours, JPEG_BASELINE, { photometric: 'YBR_FULL' }), silent);
    const asRgb = await decode(described(colours, JPEG_BASELINE, { photometric: 'RGB' }), silent);

    expect(meanDifference(bytesOf(asYbr), colours.bytes)).toBeLessThan(4);
    // Taken as it is stored, the third component is not blue but red chrominance.
    expect(meanDifference(bytesOf(asRgb), colours.bytes)).toBeGreaterThan(30);
  });
});

it('colour JPEG with fewer chrominance samples is no RGB, whatever Photometric Interpretation says', async () => {
  const samples = await decode(
    described(colours, JPEG_BASELINE, { photometric: 'RGB' }),
    await encodeJpeg(colours),
  );

  expect(meanDifference(bytesOf(samples), colours.bytes)).toBeLessThan(4);
});

describe('a smaller size', () => {
  it.each([
    {
      name: 'JPEG 2000 leaves resolutions out, keeping twice the size of greys',
      syntax: JPEG_2000,
      frame: ramp12,
      to: 32,
    },
    {
      name: 'JPEG 2000 leaves resolutions out, keeping the size of colours',
      syntax: JPEG_2000,
      frame: colours,
      to: 16,
    },
    { name: 'JPEG-LS has none to leave out', syntax: JPEG_LS, frame: ramp12, to: 64 },
  ])('$name', async ({ syntax, frame, to }) => {
    const encoded = syntax === JPEG_2000 ? await encodeJpeg2000(frame) : await encodeJpegLs(frame);

    const samples = await decode(described(frame, syntax), encoded, { atLeast: { width: 16, height: 16 } });

    expect([samples.width, samples.height, samples.data.length]).toEqual([
      to,
      to,
      to * to * frame.components,
    ]);
  });

  it('colour JPEG is scaled while it is decoded, grey is not: it may have to be windowed first', async () => {
    const atLeast = { width: 20, height: 20 };

    const colour = await decode(described(colours, JPEG_BASELINE), await encodeJpeg(colours), { atLeast });
    const grey = await decode(described(ramp8, JPEG_BASELINE), await encodeJpeg(ramp8), { atLeast });

    expect([colour.width, grey.width]).toEqual([20, 64]);
  });
});

describe('a damaged or foreign frame ends as a reason', () => {
  const cut = (encoded: Uint8Array) => encoded.slice(0, (encoded.length >> 2) * 2);

  it.each([
    ['JPEG cut in half', JPEG_BASELINE, async () => cut(await encodeJpeg(ramp8)), ramp8, 'undecodable'],
    ['JPEG-LS cut in half', JPEG_LS, async () => cut(await encodeJpegLs(ramp12)), ramp12, 'undecodable'],
    [
      'JPEG 2000 cut in its header',
      JPEG_2000,
      async () => (await encodeJpeg2000(ramp12)).slice(0, 60),
      ramp12,
      'undecodable',
    ],
    [
      'JPEG 2000 without a single tile',
      JPEG_2000,
      async () => (await encodeJpeg2000(ramp12)).slice(0, 120),
      ramp12,
      'undecodable',
    ],
    ['no JPEG at all', JPEG_BASELINE, async () => new Uint8Array(64), ramp8, 'undecodable'],
    ['no JPEG 2000 at all', JPEG_2000, async () => new Uint8Array(64), ramp12, 'undecodable'],
    ['baseline JPEG under JPEG-LS', JPEG_LS, async () => encodeJpeg(ramp8), ramp8, 'undecodable'],
    [
      'JPEG-LS under JPEG',
      JPEG_BASELINE,
      async () => encodeJpegLs(ramp8),
      ramp8,
      'unsupported-transfer-syntax',
    ],
    [
      'a codestream of other components',
      JPEG_BASELINE,
      async () => encodeJpeg(colours),
      ramp8,
      'pixel-data-mismatch',
    ],
    [
      '12 bits announced by an 8-bit JPEG',
      JPEG_BASELINE,
      async () => withPrecision(await encodeJpeg(ramp8), 12),
      ramp8,
      'unsupported-transfer-syntax',
    ],
  ])('%s', async (_, syntax, encode, frame, reason) => {
    await expect(decode(described(frame, syntax), await encode())).rejects.toMatchObject({ reason });
  });

  it.each([
    ['JPEG-LS', JPEG_LS, encodeJpegLs],
    ['JPEG 2000', JPEG_2000, encodeJpeg2000],
  ])('%s of another size than Rows and Columns, before a codec sees it', async (_, syntax, encode) => {
    const image = described(ramp12, syntax, { rows: 32 });

    await expect(decode(image, await encode(ramp12))).rejects.toMatchObject({
      reason: 'pixel-data-mismatch',
    });
  });

  it('and the frame after it decodes', async () => {
    const good = await encodeJpegLs(ramp12);
    await expect(decode(described(ramp12, JPEG_LS), cut(good))).rejects.toThrow();

    const samples = await decode(described(ramp12, JPEG_LS), good);

    expect(Buffer.compare(bytesOf(samples), ramp12.bytes)).toBe(0);
  });

  it('one that takes too long is stopped, and the frame after it decodes', async () => {
    const image = described(ramp12, JPEG_2000);
    const encoded = await encodeJpeg2000(ramp12);
    // A thread that has yet to start is late for any deadline this short.
    await stopCodecWorker();

    await expect(
      decode(image, encoded, { limits: { ...PIXEL_LIMITS, codecDeadline: 0 } }),
    ).rejects.toMatchObject({ reason: 'decode-timeout' });

    // Another frame, so that a late answer to the first would be seen.
    const samples = await decode(described(ramp8, JPEG_2000), await encodeJpeg2000(ramp8));
    expect(Buffer.compare(bytesOf(samples), ramp8.bytes)).toBe(0);
  });

  it('and those that wait behind it are not counted late', async () => {
    const image = described(ramp12, JPEG_2000);
    const encoded = await encodeJpeg2000(ramp12);
    await stopCodecWorker();

    const results = await Promise.allSettled([
      decode(image, encoded, { limits: { ...PIXEL_LIMITS, codecDeadline: 0 } }),
      decode(image, encoded),
      decode(image, encoded),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });
});

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] as number)), 0) / one.length;
}

/** With the APP0 segment by which a JPEG file says that its colours are YCbCr. */
function withJfif(jpeg: Uint8Array): Uint8Array {
  const jfif = Buffer.from([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  return Buffer.concat([jpeg.subarray(0, 2), jfif, jpeg.subarray(2)]);
}

function withPrecision(jpeg: Uint8Array, precision: number): Uint8Array {
  const at = jpeg.findIndex((byte, index) => byte === 0xff && jpeg[index + 1] === 0xc0);
  return jpeg.fill(precision, at + 4, at + 5);
}
