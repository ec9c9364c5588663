import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { concatSegments, readPart10 } from '../../../../shared/dicom/index.ts';
import { MASKING_LIMITS, maskPixels } from '../../../../shared/pixels/mask/mask-pixels.ts';
import { RewrittenFrames } from '../../../../shared/pixels/mask/rewritten-frames.ts';
import { imageBytes, RLE, sourceOf } from '../image-object.ts';
import { rewritten, valuesOf } from './masking.ts';

const MiB = 2 ** 20;
const frameOf = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 9)) & 255);
const none = new Uint8Array();

describe('frames that were encoded anew', () => {
  it('are the same from memory and from disk, of any length', () => {
    const kept = new RewrittenFrames(3_000);
    const frames = [frameOf(2_000, 1), frameOf(20 * MiB + 3, 2), frameOf(900, 3), frameOf(5_001, 4)];
    const stored = frames.map((frame) => kept.keep(frame));
    expect(
      stored.map(({ segments }) => segments.map((segment) => ('deferred' in segment ? 'disk' : 'memory'))),
    ).toEqual([['memory'], ['disk', 'disk', 'disk'], ['memory'], ['disk']]);
    for (const [index, frame] of frames.entries()) {
      expect(Buffer.compare(stored[index]?.bytes() ?? none, frame)).toBe(0);
      expect(Buffer.compare(concatSegments(stored[index]?.segments ?? [], none), frame)).toBe(0);
    }
    expect(kept.length).toBe(frames.reduce((sum, { length }) => sum + length, 0));
    kept.close();
  });

  it('leave no file behind, not even while they wait', () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('filmroom-frames-'));
    const kept = new RewrittenFrames(0);
    const { bytes } = kept.keep(frameOf(100, 1));
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('filmroom-frames-'))).toEqual(before);
    kept.close();
    kept.close();
    expect(bytes).toThrow();
  });

  it('make the same instance, whether they waited or not', async () => {
    // Eight runs of a colour a row.
    const frame = Buffer.alloc(64 + 16);
    frame.writeUInt32LE(1, 0);
    frame.writeUInt32LE(64, 4);
    for (let row = 0; row < 8; row++) frame.set([0xf9, 40 + row], 64 + row * 2);
    const object = imageBytes(
      { rows: 8, columns: 8, frames: 3, transferSyntax: RLE },
      { fragments: [frame, frame, frame] },
    );
    const mask = { x: 2, y: 1, width: 3, height: 2 };
    const written = await Promise.all(
      [MASKING_LIMITS.heldRewrittenBytes, 0].map(async (heldRewrittenBytes) => {
        const { treatment, decode } = await maskPixels(sourceOf(object), [mask], {
          ...MASKING_LIMITS,
          heldRewrittenBytes,
        });
        const bytes = rewritten(readPart10(object), object, treatment);
        expect((await decode(1)).data).toEqual((await valuesOf(bytes, 1)).samples.data);
        treatment.close?.();
        return bytes;
      }),
    );
    expect(written[0]).toEqual(written[1]);
    expect((await valuesOf(written[1] ?? none, 2)).values.slice(8, 16)).toEqual([
      41, 41, 0, 0, 0, 41, 41, 41,
    ]);
  });
});
