import { afterAll, describe, expect, it } from 'vitest';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { storedValue } from '../../../shared/pixels/samples.ts';
import { bytesOf, colours, decode, described, plainFrame, ramp8, ramp12, SIDE } from './codec-frames.ts';
import { encodeJpeg, encodeJpeg2000, encodeJpegLossless, encodeJpegLs, type PlainFrame } from './encoders.ts';
import { JPEG_2000, JPEG_BASELINE, JPEG_LOSSLESS, JPEG_LS, JPEG_LS_NEAR } from './image-object.ts';

afterAll(stopCodecWorker);

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

describe('JPEG lossless', () => {
  const bits2 = plainFrame(1, 2, (x, y) => (x * 3 + y) & 3);
  const bits16 = plainFrame(1, 16, (x, y) => (x * 40503 + y * 9973) & 0xffff);

  it.each([1, 2, 3, 4, 5, 6, 7])('of predictor %i gives the very samples back', async (predictor) => {
    for (const frame of [bits2, ramp8, ramp12, bits16, colours]) {
      const encoded = await encodeJpegLossless(frame, { predictor });

      const samples = await decode(described(frame, JPEG_LOSSLESS), encoded);

      expect(Buffer.compare(bytesOf(samples), frame.bytes)).toBe(0);
    }
  });

  it('is known by its frame header, whichever JPEG the transfer syntax says', async () => {
    const samples = await decode(described(ramp12, JPEG_BASELINE), await encodeJpegLossless(ramp12));

    expect(Buffer.compare(bytesOf(samples), ramp12.bytes)).toBe(0);
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
    const frame = plainFrame(1, 16, (x, y) => (x % 2 === 0 ? 4095 : (x * 61 + y * 7) % 4096));
    const original = new Uint16Array(frame.bytes.buffer);

    const samples = await decode(
      described(frame, JPEG_LS_NEAR, { bitsStored: 12 }),
      await encodeJpegLs(frame, { near: 5 }),
    );

    const values = Array.from(samples.data, (cell) =>
      samples.kind === 'cells' ? storedValue(cell, samples) : cell,
    );
    expect(Math.max(...values)).toBeGreaterThan(4095);
    expect(
      Math.max(...values.map((value, at) => Math.abs(value - (original[at] as number)))),
    ).toBeLessThanOrEqual(5);
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

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] as number)), 0) / one.length;
}

/** With the APP0 segment by which a JPEG file says that its colours are YCbCr. */
function withJfif(jpeg: Uint8Array): Uint8Array {
  const jfif = Buffer.from([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  return Buffer.concat([jpeg.subarray(0, 2), jfif, jpeg.subarray(2)]);
}
