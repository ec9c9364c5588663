/**
 * The text finder over planted lines, as bench/burned-in.ts measures it at length. The lines are drawn with the project's own
 * strokes, so that no font of this machine matters.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { noise, speckle } from '../../../../bench/burned-in/grounds.ts';
import { STROKES } from '../../../../bench/burned-in/lettering.ts';
import {
  type Contrast,
  type Planted,
  plantText,
  visibleShare,
} from '../../../../bench/burned-in/planted-text.ts';
import { fillBoxes, isLegible } from '../../../../bench/burned-in/reading.ts';
import { openTextFinder, type Picture } from '../../../../shared/pixels/text/find-text.ts';

const finder = openTextFinder();
afterAll(() => finder.close());

const plant = (ground: Picture, contrasts: readonly Contrast[], uprightOf = Infinity, seed = 7) =>
  plantText(ground, {
    seed,
    lines: 5,
    sizes: [12, 14, 18],
    scripts: ['digits'],
    contrasts,
    uprightOf,
    fonts: [STROKES],
  });

/** What takes a second on a processor of its own may take many on a shared one. */
describe('the text finder', { timeout: 120_000 }, () => {
  it.each([
    ['bright, on speckle', speckle(320, 240, 1), ['full', 'grey'], Infinity],
    ['upright', speckle(320, 240, 2), ['full'], 1],
    ['dark on a panel, in colour', noise(320, 240, 3, 3), ['on a panel', 'outlined'], Infinity],
  ] as const)('covers lines that are %s', async (_, ground, contrasts, uprightOf) => {
    const { picture, planted } = await plant(ground, contrasts, uprightOf);
    const boxes = await finder.find(picture);
    const masked = fillBoxes(picture, boxes);
    expect(planted.length).toBeGreaterThanOrEqual(3);
    for (const line of planted) {
      expect(visibleShare(line, boxes, picture.width), line.text).toBeLessThanOrEqual(0.1);
      expect(await isLegible(finder, picture, line), `${line.text} before`).toBe(true);
      expect(await isLegible(finder, masked, line), `${line.text} after`).toBe(false);
    }
  });

  it('finds small letters in a picture larger than a screen', async () => {
    const [width, height] = [2600, 1800];
    const ground: Picture = { width, height, channels: 1, data: new Uint8Array(width * height).fill(30) };
    const options = {
      seed: 11,
      lines: 4,
      sizes: [8, 9, 10],
      scripts: ['digits'],
      uprightOf: Infinity,
    } as const;
    const { picture, planted } = await plantText(ground, {
      ...options,
      contrasts: ['full'],
      fonts: [STROKES],
    });
    const boxes = await finder.find(picture);
    for (const line of planted) expect(visibleShare(line, boxes, width), line.text).toBeLessThanOrEqual(0.1);
  });

  it('finds the same each time, boxes of whole pixels within the picture', async () => {
    const { picture } = await plant(speckle(320, 240, 4), ['full']);
    const boxes = await finder.find(picture);
    expect(await finder.find(picture)).toEqual(boxes);
    expect(boxes.length).toBeGreaterThan(0);
    for (const { left, top, width, height } of boxes) {
      expect([left, top, width, height].every(Number.isInteger)).toBe(true);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(320);
      expect(top + height).toBeLessThanOrEqual(240);
    }
  });

  it('reads a line that lies and one that stands', async () => {
    for (const uprightOf of [Infinity, 1]) {
      const { picture, planted } = await plant(noise(320, 240, 5), ['on a panel'], uprightOf);
      const line = planted.find(({ text }) => text.length >= 8);
      expect(line !== undefined && (await isLegible(finder, picture, line))).toBe(true);
    }
  });

  it.each([
    ['a single pixel', 1, 1],
    ['a row', 300, 1],
    ['black', 200, 150],
  ])('finds nothing in %s', async (_, width, height) => {
    expect(await finder.find({ width, height, channels: 1, data: new Uint8Array(width * height) })).toEqual(
      [],
    );
  });

  it('finds nothing where everything is masked, though masks have outlines', async () => {
    const { picture } = await plant(speckle(240, 180, 8), ['full']);
    const masked = fillBoxes(picture, await finder.find(picture));
    const again = fillBoxes(masked, await finder.find(masked));
    expect(await finder.find(again)).toEqual([]);
  });

  it('sees no text in masks on a bright ground, and still the line beside them', async () => {
    const ground = noise(320, 240, 9);
    const { picture, planted } = await plant(ground, ['on a panel']);
    const [left, ...hidden] = planted as [Planted, ...Planted[]];
    const masked = hidden.map(({ left: x, top, width, height }) => ({
      left: x - 6,
      top: top - 6,
      width: width + 12,
      height: height + 12,
    }));
    const boxes = await finder.find(fillBoxes(picture, masked), { masked });
    expect(hidden.length).toBeGreaterThanOrEqual(2);
    expect(boxes).toHaveLength(1);
    expect(visibleShare(left, boxes, picture.width)).toBeLessThanOrEqual(0.1);
  });

  it('keeps a line that it can read where blots are excused', async () => {
    const { picture, planted } = await plant(speckle(320, 240, 6), ['full']);
    const boxes = await finder.find(picture, { excuseByReading: true });
    for (const line of planted)
      expect(visibleShare(line, boxes, picture.width), line.text).toBeLessThanOrEqual(0.1);
  });
});
