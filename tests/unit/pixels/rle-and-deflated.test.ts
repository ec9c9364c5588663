import { deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRle } from './encoders.ts';
import { bytes, DEFLATED_FRAME, imageSource, RLE } from './image-object.ts';
import { decode, grey, rgb, valuesOf } from './stored-values.ts';

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
