import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isUnprocessable } from '../../../shared/errors.ts';
import { encapsulated, JPEG_BASELINE, segment, treat, withSegments } from './pixel-bytes.ts';

/** The treated object by windows of a length, or the reason of its refusal. */
async function outcome(object: Uint8Array, windowBytes: number | undefined): Promise<string> {
  try {
    const { written } = await treat(object, undefined, windowBytes);
    return Buffer.from(written).toString('latin1');
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    return error.reason;
  }
}

describe('codestreams gone through by windows', () => {
  it('come out as in one piece, and end in a reason at worst, whatever is wrong with them', async () => {
    const plain = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#777' } })
      .jpeg({ progressive: true })
      .toBuffer();
    const frame = withSegments(plain, segment(0xfe, 'WEATHERWAX'), segment(0xe1, 'Exif\0\0WEATHERWAX'));
    const change = fc.tuple(fc.nat(frame.length - 1), fc.integer({ min: 0, max: 255 }));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: (frame.length >> 1) - 1 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 4 }),
        cuts,
        fc.integer({ min: 1, max: 300 }),
        async (changes, at, windowBytes) => {
          const mutated = Buffer.from(frame);
          for (const [where, value] of changes) mutated[where] = value;
          const ends = [...at.map((half) => half * 2).sort((a, b) => a - b), mutated.length];
          const fragments = ends.map((end, index) => mutated.subarray(ends[index - 1] ?? 0, end));
          const object = encapsulated([...fragments, frame], JPEG_BASELINE, 2);
          expect((await outcome(object, windowBytes)) === (await outcome(object, undefined))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
