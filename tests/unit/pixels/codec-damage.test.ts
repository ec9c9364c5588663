import { afterAll, describe, expect, it } from 'vitest';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { PIXEL_LIMITS } from '../../../shared/pixels/limits.ts';
import { bytesOf, colours, decode, described, ramp8, ramp12 } from './codec-frames.ts';
import { encodeJpeg, encodeJpeg2000, encodeJpegLs } from './encoders.ts';
import { JPEG_2000, JPEG_BASELINE, JPEG_LS } from './image-object.ts';

afterAll(stopCodecWorker);

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

function withPrecision(jpeg: Uint8Array, precision: number): Uint8Array {
  const at = jpeg.findIndex((byte, index) => byte === 0xff && jpeg[index + 1] === 0xc0);
  return jpeg.fill(precision, at + 4, at + 5);
}
