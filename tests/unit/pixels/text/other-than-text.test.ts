/** What a detector takes for text and is none: traces, by their pixels; and what is not excused for looking like one. */
import { describe, expect, it } from 'vitest';
import { isOtherThanText } from '../../../../shared/pixels/text/other-than-text.ts';
import { isTrace } from '../../../../shared/pixels/text/trace.ts';

const [WIDTH, HEIGHT] = [120, 24];
const whole = { left: 0, top: 0, width: WIDTH, height: HEIGHT };

/** White ink on black, at each column the rows that are inked. */
function drawn(rowsOf: (x: number) => readonly number[]) {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let x = 0; x < WIDTH; x++) for (const y of rowsOf(x)) data[y * WIDTH + x] = 255;
  return { width: WIDTH, height: HEIGHT, channels: 1 as const, data };
}

const from = (a: number, b: number): number[] =>
  Array.from({ length: Math.abs(b - a) + 1 }, (_, index) => Math.min(a, b) + index);
/** Flat, with a spike in every thirty columns. */
const level = (x: number): number => [18, 12, 3, 12, 21][(x % 30) - 10] ?? 18;
const pulse = (x: number): number[] => from(level(Math.max(0, x - 1)), level(x));

describe('a trace', () => {
  it('is one line without a gap, with spikes', () => {
    expect(isTrace(drawn(pulse), whole)).toBe(true);
  });

  it('is none where something is written above it', () => {
    const written = drawn((x) => (x > 40 && x < 60 && x % 4 < 2 ? [...pulse(x), 0, 1] : pulse(x)));
    expect(isTrace(written, whole)).toBe(false);
  });

  it('is none where it has gaps, as letters have', () => {
    expect(
      isTrace(
        drawn((x) => (x % 10 < 2 ? [] : pulse(x))),
        whole,
      ),
    ).toBe(false);
  });

  it('is none where its strokes are branched or thick', () => {
    expect(
      isTrace(
        drawn((x) => [4, ...pulse(x)]),
        whole,
      ),
    ).toBe(false);
    expect(
      isTrace(
        drawn(() => from(8, 16)),
        whole,
      ),
    ).toBe(false);
  });

  it('is none where there is nothing', () => {
    expect(
      isTrace(
        drawn(() => []),
        whole,
      ),
    ).toBe(false);
  });
});

describe('a box that looks like a trace', () => {
  const readAs = (text: string, confidence: number) => async () => ({ text, confidence });

  it('is excused where nothing is read in it', async () => {
    expect(await isOtherThanText(readAs('', 0), drawn(pulse), whole)).toBe(true);
    expect(await isOtherThanText(readAs('nnn', 0.3), drawn(pulse), whole)).toBe(true);
  });

  it('is text where signs are read in it with confidence, from whichever side', async () => {
    const upright = async (side: { width: number; height: number }) =>
      side.height > side.width ? { text: 'lee', confidence: 0.9 } : { text: '', confidence: 0 };
    expect(await isOtherThanText(upright, drawn(pulse), whole)).toBe(false);
  });

  it('is text where it is no trace, though nothing is read in it', async () => {
    expect(
      await isOtherThanText(
        readAs('', 0),
        drawn(() => from(8, 16)),
        whole,
      ),
    ).toBe(false);
  });
});
