import { afterAll, describe, expect, it } from 'vitest';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { encodeFrame } from '../../../shared/pixels/codecs/encode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { PIXEL_LIMITS } from '../../../shared/pixels/limits.ts';
import { bytesOf, decode, described, ramp8, ramp12, SIDE } from './codec-frames.ts';
import { encodeJpeg } from './encoders.ts';
import {
  bytes,
  imageBytes,
  imageSource,
  JPEG_BASELINE,
  sourceOf,
  TRANSFER_SYNTAX_OF,
} from './image-object.ts';

afterAll(stopCodecWorker);

const CODESTREAMS = ['jpeg-lossless', 'jpeg-ls', 'jpeg-2000', 'htj2k', 'jpeg-xl'] as const;

async function encoded(codec: (typeof CODESTREAMS)[number]): Promise<Uint8Array> {
  const image = described(ramp12, TRANSFER_SYNTAX_OF[codec] as string);
  const { dataSet } = imageSource(image, undefined).part10;
  const data = new Uint16Array(ramp12.bytes.buffer);
  const samples = { kind: 'cells', width: SIDE, height: SIDE, channels: 1, colour: 'grey' } as const;
  return encodeFrame(
    codec,
    { ...samples, bitsStored: 12, shift: 0, signed: false, data },
    readImagePixel(dataSet),
  );
}

describe('an object of 97 KB that claims 3 GB', () => {
  it('costs nothing: it is refused by arithmetic, and nothing is read', async () => {
    const image = { rows: 1024, columns: 1024, frames: 1500, bitsAllocated: 16 };
    const source = sourceOf(imageBytes(image, new Uint8Array(97 * 1024)));
    const before = process.memoryUsage().arrayBuffers;

    const { decodeFrame } = await import('../../../shared/pixels/decode.ts');
    const decoding = decodeFrame(source, readImagePixel(source.part10.dataSet), 0);

    await expect(decoding).rejects.toMatchObject({ reason: 'pixel-data-mismatch' });
    expect(source.ranges).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it('is no better where each fragment claims a frame of its own', async () => {
    const image = { ...described(ramp8, JPEG_BASELINE), frames: 3000 };
    const source = imageSource(image, { fragments: [await encodeJpeg(ramp8)] });
    const { decodeFrame } = await import('../../../shared/pixels/decode.ts');

    const decoding = decodeFrame(source, readImagePixel(source.part10.dataSet), 2000);

    await expect(decoding).rejects.toMatchObject({ reason: 'pixel-data-mismatch' });
  });
});

describe('a codestream that claims another size than the data set', () => {
  it.each(CODESTREAMS)('is refused before %s is decoded', async (codec) => {
    const image = described(ramp12, TRANSFER_SYNTAX_OF[codec] as string, { rows: SIDE / 2 });
    // No codec could answer within this.
    const limits = { ...PIXEL_LIMITS, codecDeadline: 0 };

    await expect(decode(image, await encoded(codec), { limits })).rejects.toMatchObject({
      reason: 'pixel-data-mismatch',
    });
  });

  it('is refused before JPEG is decoded', async () => {
    const image = described(ramp8, JPEG_BASELINE, { columns: 2 * SIDE });

    await expect(decode(image, await encodeJpeg(ramp8))).rejects.toMatchObject({
      reason: 'pixel-data-mismatch',
    });
  });

  it('is refused by RLE and deflate, which have no size, for the bytes they give', async () => {
    for (const codec of ['rle', 'deflated-frame'] as const) {
      const image = described(ramp8, TRANSFER_SYNTAX_OF[codec] as string);
      await expect(decode(image, bytes(...new Array(80).fill(0)))).rejects.toMatchObject({
        reason: expect.stringMatching(/undecodable|pixel-data-mismatch/),
      });
    }
  });
});

describe('a JPEG 2000 codestream in more parts than its frame is worth', () => {
  const limits = { ...PIXEL_LIMITS, codecDeadline: 0 };

  it('is refused by its tiles', async () => {
    const stream = await encoded('jpeg-2000');
    const view = new DataView(stream.buffer, stream.byteOffset);
    // XTsiz and YTsiz of zero: as many tiles as there can be.
    view.setUint32(24, 0);
    view.setUint32(28, 0);

    const decoding = decode(described(ramp12, TRANSFER_SYNTAX_OF['jpeg-2000'] as string), stream, { limits });

    await expect(decoding).rejects.toMatchObject({ reason: 'undecodable' });
  });

  it('is refused by its code-blocks', async () => {
    const decoding = decode(
      described(ramp12, TRANSFER_SYNTAX_OF['jpeg-2000'] as string),
      await encoded('jpeg-2000'),
      { limits: { ...limits, maximumCodeBlocks: 0 } },
    );

    await expect(decoding).rejects.toMatchObject({ reason: 'too-large' });
  });
});

describe('a codec that wants more memory than its limit', () => {
  it.each(CODESTREAMS)('fails as a reason, and decodes the next frame: %s', async (codec) => {
    const image = described(ramp12, TRANSFER_SYNTAX_OF[codec] as string);
    const stream = await encoded(codec);
    // Enough for no frame: whatever it asks for beyond what it began with is refused.
    const starved = { ...PIXEL_LIMITS, maximumCodecBytes: 1 };

    await decode(image, stream, { limits: starved }).catch((error) =>
      expect(error).toMatchObject({ reason: 'undecodable' }),
    );
    const samples = await decode(image, stream);

    expect(Buffer.compare(bytesOf(samples), ramp12.bytes)).toBe(0);
  });
});
