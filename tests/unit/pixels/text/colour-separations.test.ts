/** Text within colour, which the network does not see in the picture itself; strokes are the project's own. */
import { afterAll, describe, expect, it } from 'vitest';
import { colourFlow, speckle } from '../../../../bench/burned-in/grounds.ts';
import { STROKES } from '../../../../bench/burned-in/lettering.ts';
import { type Colour, plantText, visibleShare } from '../../../../bench/burned-in/planted-text.ts';
import { separateColours } from '../../../../shared/pixels/text/colour-separations.ts';
import { openTextFinder } from '../../../../shared/pixels/text/find-text.ts';

const finder = openTextFinder();
afterAll(() => finder.close());

const jetWith = async (colour: Colour) => {
  const { picture: ground, jet } = colourFlow(320, 240, 41);
  return plantText(ground, {
    seed: 3,
    lines: 2,
    sizes: [16, 18],
    scripts: ['digits'],
    contrasts: ['full'],
    uprightOf: Infinity,
    fonts: [STROKES],
    within: jet,
    colours: [colour],
  });
};

describe('letters within colour', { timeout: 120_000 }, () => {
  it.each([
    ['white', [255, 255, 255]],
    ['green', [0, 255, 0]],
    ['magenta', [255, 0, 255]],
  ] as const)('are found in a jet when they are %s', async (_, colour) => {
    const { picture, planted } = await jetWith(colour);
    const boxes = await finder.find(picture);
    expect(planted.length).toBeGreaterThanOrEqual(1);
    for (const line of planted)
      expect(visibleShare(line, boxes, picture.width), line.text).toBeLessThanOrEqual(0.1);
  });

  it('cost nothing where a picture has no colour, or coloured letters alone', () => {
    const grey = speckle(320, 240, 1);
    const data = new Uint8Array(3 * grey.data.length);
    grey.data.forEach((level, at) => {
      data.fill(level, 3 * at, 3 * at + 3);
    });
    // A thin green line, as a trace or an underline is.
    for (let x = 20; x < 300; x++) data.set([0, 255, 0], 3 * (100 * 320 + x));
    expect(separateColours(grey)).toEqual([]);
    expect(separateColours({ ...grey, channels: 3, data })).toEqual([]);
  });

  it('are looked for where the colour is, and no further', () => {
    const { picture, jet } = colourFlow(640, 480, 42);
    const parts = separateColours(picture);
    expect(parts.length).toBeGreaterThanOrEqual(1);
    for (const { left, top, picture: part } of parts) {
      expect(left).toBeLessThanOrEqual(jet.left);
      expect(top).toBeLessThanOrEqual(jet.top);
      expect(part.width).toBeLessThan(jet.width + 140);
      expect(part.height).toBeLessThan(jet.height + 140);
    }
  });
});
