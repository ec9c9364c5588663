import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { damaged, randomFrom } from '../../../bench/codec-mutations.ts';
import type { Codec } from '../../../shared/dicom/index.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { ENCODERS, encodeFrame } from '../../../shared/pixels/codecs/encode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { PIXEL_LIMITS } from '../../../shared/pixels/limits.ts';
import { UndisplayableError } from '../../../shared/pixels/undisplayable.ts';
import { bytesOf, colours, decode, described, ramp8, ramp12, SIDE } from './codec-frames.ts';
import { encodeJpeg, type PlainFrame } from './encoders.ts';
import { imageSource, JPEG_BASELINE, TRANSFER_SYNTAX_OF } from './image-object.ts';

const SEED = Number(process.env.FILMROOM_SEED ?? 20_261_122);
const MUTANTS = 40;
const DEADLINE = 1000;
const limits = { ...PIXEL_LIMITS, codecDeadline: DEADLINE };

afterAll(stopCodecWorker);

/** Frames of a real encoder, a few bytes of each made wrong: pictures or reasons, in time, and the process lives. */
describe.each([...Object.keys(ENCODERS), 'jpeg-baseline'] as Codec[])('damaged frames of %s', (codec) => {
  const syntax = TRANSFER_SYNTAX_OF[codec] ?? JPEG_BASELINE;
  const frames: PlainFrame[] = codec === 'jpeg-baseline' ? [ramp8, colours] : [ramp12, colours];
  const originals: Uint8Array[] = [];

  beforeAll(async () => {
    for (const frame of frames) originals.push(await encoded(codec, frame, syntax));
  });

  it('end as a picture of the right size or as a reason, before the deadline', async () => {
    const random = randomFrom(SEED);
    const unexpected: unknown[] = [];
    for (let index = 0; index < MUTANTS; index++) {
      const frame = frames[index % 2] as PlainFrame;
      const mutant = damaged(originals[index % 2] as Uint8Array, random);
      const start = performance.now();
      try {
        const samples = await decode(described(frame, syntax), mutant, { limits });
        expect(samples.data.length).toBe(SIDE * SIDE * frame.components);
      } catch (error) {
        if (!(error instanceof UndisplayableError)) unexpected.push(error);
      }
      // A new thread takes its time on a busy machine.
      expect(performance.now() - start).toBeLessThan(DEADLINE + 4000);
    }
    expect(unexpected).toEqual([]);
  }, 60_000);

  it('leave no trace in the frame after them', async () => {
    const [frame, original] = [frames[0] as PlainFrame, originals[0] as Uint8Array];
    await decode(described(frame, syntax), original.slice(0, original.length >> 1), { limits }).catch(
      () => undefined,
    );

    const samples = await decode(described(frame, syntax), original);

    const isLossless = codec !== 'jpeg-baseline';
    if (isLossless) expect(Buffer.compare(bytesOf(samples), frame.bytes)).toBe(0);
    else expect(samples.width).toBe(SIDE);
  });
});

async function encoded(codec: Codec, frame: PlainFrame, syntax: string): Promise<Uint8Array> {
  if (codec === 'jpeg-baseline') return encodeJpeg(frame);
  const { dataSet } = imageSource(described(frame, syntax), undefined).part10;
  const wide = frame.bits > 8;
  const data = wide ? new Uint16Array(frame.bytes.buffer) : frame.bytes;
  return encodeFrame(
    codec,
    {
      kind: 'cells',
      width: frame.width,
      height: frame.height,
      channels: frame.components as 1 | 3,
      colour: frame.components === 3 ? 'rgb' : 'grey',
      bitsStored: frame.bits,
      shift: 0,
      signed: false,
      data,
    },
    readImagePixel(dataSet),
  );
}
