/** Text in pictures, found by a finder that sees what the test planted, is masked in all frames and read again. */
import { describe, expect, it } from 'vitest';
import { readPart10 } from '../../../../shared/dicom/index.ts';
import { cleanPixels } from '../../../../shared/pixels/burned-in/clean-pixels.ts';
import { decide } from '../../../../shared/pixels/burned-in/decide.ts';
import type { TextBox, TextFinder } from '../../../../shared/pixels/text/find-text.ts';
import { type ImageDescription, imageBytes, numbers, sequence, text } from '../image-object.ts';
import { rewritten, valuesOf } from '../mask/masking.ts';

const IMAGE: ImageDescription = { rows: 40, columns: 60 };
const judge = { isIdentifier: (read: string) => read.includes('4711'), isKnownWord: () => false };

/** Sees every bright pixel of a picture as one box, and reads what it is told. */
function finderOf(readings: Readonly<Record<string, string>> = {}, confidence = 0.9): TextFinder {
  return {
    find: async ({ width, height, channels, data }) => {
      const boxes: TextBox[] = [];
      for (let top = 0; top < height; top += 10)
        for (let left = 0; left < width; left += 20) {
          let bright = false;
          for (let y = top; y < top + 10; y++)
            for (let x = left; x < left + 20; x++)
              bright ||= (data[(y * width + x) * channels] as number) > 250;
          if (bright) boxes.push({ left, top, width: 20, height: 10, score: 1 });
        }
      return boxes;
    },
    read: async (_, { left, top }) => ({ text: readings[`${left},${top}`] ?? 'DOE', confidence }),
    close: async () => {},
  };
}

/** Frames of grey 100 with text, 255, at the given pixels. */
function object(
  frames: number,
  marks: readonly (readonly [frame: number, x: number, y: number])[],
  more = IMAGE.more,
) {
  const pixels = new Uint8Array(40 * 60 * frames).fill(100);
  for (const [frame, x, y] of marks) pixels[frame * 2400 + y * 60 + x] = 255;
  const stated = frames > 1 ? { frames } : {};
  return imageBytes({ ...IMAGE, ...stated, ...(more === undefined ? {} : { more }) }, pixels);
}

async function clean(bytes: Uint8Array, finder: TextFinder, limits = {}) {
  const part10 = readPart10(bytes);
  const source = {
    part10,
    read: async (start: number, length: number) => bytes.subarray(start, start + length),
  };
  const decision = decide(part10, 'asked for');
  if (decision.outcome === 'spared') throw new Error(decision.why);
  const cleaned = await cleanPixels(source, decision, { finder, judge, limits });
  const { rewrite } = cleaned.treatment;
  return {
    ...cleaned,
    written: rewrite === undefined ? undefined : rewritten(part10, bytes, { ...cleaned.treatment, rewrite }),
  };
}

const region = (x: number, y: number, right: number, bottom: number) => [
  text(0x00080060, 'CS', 'US'),
  sequence(0x00186011, [
    numbers(0x00186018, 'UL', x),
    numbers(0x0018601a, 'UL', y),
    numbers(0x0018601c, 'UL', right),
    numbers(0x0018601e, 'UL', bottom),
  ]),
];

describe('cleaning of pictures', () => {
  it('masks what is found and says so in the instance', async () => {
    const { written, treatment, rounds } = await clean(object(1, [[0, 25, 15]]), finderOf());
    const { values } = await valuesOf(written as Uint8Array);
    expect(values[15 * 60 + 25]).toBe(0);
    expect(values[0]).toBe(100);
    expect(rounds).toBe(1);
    expect(treatment.cleaned).toBe(true);
    expect(readPart10(written as Uint8Array).dataSet.text(0x00280301)).toBe('NO');
  });

  it('rewrites nothing where nothing is found', async () => {
    const { written, treatment } = await clean(object(1, []), finderOf());
    expect(written).toBeUndefined();
    expect(treatment).toMatchObject({ cleaned: true, operations: [] });
  });

  it('finds text that one frame of a cine shows, and masks it in all', async () => {
    const { written } = await clean(object(30, [[13, 45, 35]]), finderOf());
    for (const frame of [0, 13, 29]) {
      const { values } = await valuesOf(written as Uint8Array, frame);
      expect(values[35 * 60 + 45]).toBe(0);
      expect(values[5]).toBe(100);
    }
  });

  it('keeps labels of the examination within an ultrasound region, and no identity', async () => {
    const marks = [
      [0, 25, 15],
      [0, 5, 25],
      [0, 45, 25],
    ] as const;
    const bytes = object(1, marks, region(0, 10, 59, 39));
    const readings = { '20,10': 'Sag Liver 12 cm', '0,20': 'Quillfeather', '40,20': '4711' };
    const { written } = await clean(bytes, finderOf(readings));
    const { values } = await valuesOf(written as Uint8Array);
    expect(values[15 * 60 + 25]).toBe(255);
    expect(values[25 * 60 + 5]).toBe(0);
    expect(values[25 * 60 + 45]).toBe(0);
  });

  it('masks outside of the region whatever it says', async () => {
    const bytes = object(1, [[0, 25, 5]], region(0, 20, 59, 39));
    const { written } = await clean(bytes, finderOf({ '20,0': 'Sag Liver' }));
    expect((await valuesOf(written as Uint8Array)).values[5 * 60 + 25]).toBe(0);
  });

  it('is refused where the instance says that there is text and none is found', async () => {
    const bytes = object(1, [], [text(0x00280301, 'CS', 'YES')]);
    await expect(clean(bytes, finderOf())).rejects.toMatchObject({ reason: 'burned-in-annotation' });
  });

  it('is refused where text is still found after the last round', async () => {
    let at = 0;
    const moving: TextFinder = {
      ...finderOf(),
      find: async () => [{ left: at++ % 20, top: 0, width: 4, height: 4, score: 1 }],
    };
    await expect(clean(object(1, []), moving)).rejects.toMatchObject({
      reason: 'burned-in-annotation',
      where: 'text after 3 rounds of masking',
    });
  });

  it.each([
    ['frames', { maximumFrames: 29 }],
    ['pixels', { maximumSearchedPixels: 2400 }],
  ])('is refused over the limit of %s', async (_, limits) => {
    await expect(clean(object(30, []), finderOf(), limits)).rejects.toMatchObject({
      reason: 'burned-in-annotation',
    });
  });
});
