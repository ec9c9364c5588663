import { afterAll, describe, expect, it } from 'vitest';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { decodeLossless } from '../../../shared/pixels/jpeg/lossless.ts';
import { colours, plainFrame, ramp8, ramp12 } from './codec-frames.ts';
import { encodeJpegLossless } from './encoders.ts';

afterAll(stopCodecWorker);

const bits2 = plainFrame(1, 2, (x, y) => (x * 3 + y) & 3);
const bits16 = plainFrame(1, 16, (x, y) => (x * 40503 + y * 9973) & 0xffff);

describe('our own decoder of lossless JPEG', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('gives the very samples back for predictor %i', async (predictor) => {
    for (const frame of [bits2, ramp8, ramp12, bits16, colours]) {
      const samples = decodeLossless(await encodeJpegLossless(frame, { predictor }));

      expect(samples && Buffer.from(samples.buffer).equals(frame.bytes)).toBe(true);
    }
  });

  it('begins the prediction anew behind each restart marker', () => {
    const lines = [
      [100, 40_000, 0],
      [65_535, 1, 32_768],
      [7, 8, 9],
    ];

    expect(decodeLossless(written(lines, { restartLines: 1 }))).toEqual(Uint16Array.from(lines.flat()));
    expect(decodeLossless(written(lines, { restartLines: 2 }))).toEqual(Uint16Array.from(lines.flat()));
  });

  it('undoes the point transform', () => {
    expect(decodeLossless(written([[3, 4, 1000]], { pointTransform: 2 }))).toEqual(
      Uint16Array.of(3 << 2, 4 << 2, 1000 << 2),
    );
  });

  it('gives up what is cut off, what has a marker out of turn and what is another process', () => {
    const whole = written([[100, 40_000, 0]], {});
    const restarted = written([[1], [2], [3]], { restartLines: 1 });
    const swapped = restarted.map((byte, at) => (restarted[at - 1] === 0xff && byte === 0xd1 ? 0xd5 : byte));
    const baseline = whole.map((byte, at) => (whole[at - 1] === 0xff && byte === 0xc3 ? 0xc0 : byte));

    expect(decodeLossless(whole.slice(0, -2))).toBeUndefined();
    expect(decodeLossless(Uint8Array.of(...whole.slice(0, -5), 0xff, 0xd9))).toBeUndefined();
    expect(decodeLossless(swapped)).toBeUndefined();
    expect(decodeLossless(baseline)).toBeUndefined();
  });
});

/** A codestream of 16 bits with the first predictor, whose Huffman codes are the sizes themselves in five bits. */
function written(
  lines: readonly (readonly number[])[],
  { restartLines = 0, pointTransform = 0 }: { restartLines?: number; pointTransform?: number },
): Uint8Array {
  const [height, width] = [lines.length, (lines[0] as readonly number[]).length];
  const sizes = Array.from({ length: 17 }, (_, size) => size);
  const out = [0xff, 0xd8];
  out.push(0xff, 0xc4, 0, 19 + 17, 0, 0, 0, 0, 0, 17, ...Array(11).fill(0), ...sizes);
  if (restartLines > 0) out.push(0xff, 0xdd, 0, 4, 0, restartLines * width);
  out.push(0xff, 0xc3, 0, 11, 16, 0, height, 0, width, 1, 1, 0x11, 0);
  out.push(0xff, 0xda, 0, 8, 1, 1, 0, 1, 0, pointTransform);
  let bits = '';
  const flush = (): void => {
    for (const byte of bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? []) {
      out.push(Number.parseInt(byte, 2));
      if (out.at(-1) === 0xff) out.push(0);
    }
    bits = '';
  };
  lines.forEach((line, y) => {
    const isFirst = restartLines > 0 ? y % restartLines === 0 : y === 0;
    if (isFirst && y > 0) {
      flush();
      out.push(0xff, 0xd0 + ((y / restartLines - 1) & 7));
    }
    line.forEach((value, x) => {
      const before = x > 0 ? line[x - 1] : isFirst ? 1 << (15 - pointTransform) : lines[y - 1]?.[0];
      // Modulo 2^16, from -32767 to 32768.
      const difference = ((value - (before as number) + 32767) & 0xffff) - 32767;
      const size = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      bits += size.toString(2).padStart(5, '0');
      const stored = difference < 0 ? difference + 2 ** size - 1 : difference;
      if (size > 0 && size < 16) bits += stored.toString(2).padStart(size, '0');
    });
  });
  flush();
  return Uint8Array.from([...out, 0xff, 0xd9]);
}
