/**
 * Plants lines of text on a picture and remembers where their ink went, so that what a mask leaves of it can be counted.
 * The same seed plants the same.
 */
import type { Picture, Region } from '../../shared/pixels/text/find-text.ts';
import { drawLine, FONTS, type Ink, LINES, type Script, turnInk } from './lettering.ts';

/** How ink stands out: grey levels between it and the mean around it, or a shape around it. */
export type Contrast = 'full' | 'grey' | 'faint' | 'outlined' | 'on a panel';

export interface Planted extends Region {
  readonly text: string;
  readonly script: Script;
  readonly font: string;
  /** Pixels to the em. */
  readonly size: number;
  readonly contrast: Contrast;
  readonly upright: boolean;
  /** Positions in the picture that show ink, as `row * width + column`. */
  readonly ink: readonly number[];
}

export interface PlantOptions {
  readonly seed: number;
  /** Lines to plant at most; fewer find room. */
  readonly lines: number;
  readonly sizes: readonly number[];
  readonly scripts: readonly Script[];
  readonly contrasts: readonly Contrast[];
  /** Of how many lines one stands upright. */
  readonly uprightOf: number;
  /** Default those of each script. */
  readonly fonts?: readonly string[];
  /** Where lines are planted; default anywhere. */
  readonly within?: Region;
  /** Colours to write in, red, green and blue, whatever the contrast; default greys that stand out from the ground. */
  readonly colours?: readonly Colour[];
}

export type Colour = readonly [number, number, number];

/** Ink that covers less of a pixel, or changes it by fewer grey levels, is not seen. */
const VISIBLE_COVERAGE = 96;
const VISIBLE_DISTANCE = 30;
const DISTANCES: Readonly<Record<Contrast, number>> = {
  full: 255,
  grey: 110,
  faint: 60,
  outlined: 255,
  'on a panel': 140,
};
/**
 * Ink is legible where it stands out from the mean of its ground by so many deviations of it: thin strokes as they are drawn,
 * not as they were meant. Set by looking: names of 9 pixels are read at 2.25, and not at 2.1.
 */
const LEGIBLE = 2.2;
const MARGIN = 6;
const ATTEMPTS = 40;

/** A generator of numbers from 0 to 1 that is the same everywhere (mulberry32's steps). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy of the ground with lines on it. */
export async function plantText(
  ground: Picture,
  options: PlantOptions,
): Promise<{ picture: Picture; planted: Planted[] }> {
  const random = randomOf(options.seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const picture: Picture = { ...ground, data: Uint8Array.from(ground.data) };
  const planted: Planted[] = [];
  for (let line = 0; line < options.lines; line++) {
    const script = pick(options.scripts);
    const font = pick(options.fonts ?? FONTS[script]);
    const size = pick(options.sizes);
    const contrast = pick(options.contrasts);
    const text = pick(LINES[script]);
    const upright = random() * options.uprightOf < 1;
    const lying = await drawLine(text, font, size);
    const ink = upright ? turnInk(lying) : lying;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const room = options.within ?? { left: 0, top: 0, width: picture.width, height: picture.height };
      const region = {
        left: room.left + MARGIN + Math.floor(random() * (room.width - ink.width - 2 * MARGIN)),
        top: room.top + MARGIN + Math.floor(random() * (room.height - ink.height - 2 * MARGIN)),
        width: ink.width,
        height: ink.height,
      };
      const distance = DISTANCES[contrast];
      if (
        region.left < room.left + MARGIN ||
        region.top < room.top + MARGIN ||
        planted.some((other) => near(other, region))
      )
        continue;
      const colour = options.colours && pick(options.colours);
      const fixed = contrast === 'on a panel' ? 20 : contrast === 'outlined' ? 255 : colour;
      const { mean, deviation } = statisticsOf(ground, region);
      const level = fixed ?? (mean < 128 ? Math.min(255, mean + distance) : Math.max(0, mean - distance));
      const before = { ...picture, data: Uint8Array.from(picture.data) };
      if (contrast === 'on a panel') paint(before, region, panel(ink), 180);
      if (contrast === 'outlined') paint(before, region, outline(ink), 0);
      const after = { ...picture, data: Uint8Array.from(before.data) };
      paint(after, region, { ...ink, by: 0 }, level);
      const visible = visibleInk(before, after, region, ink);
      if (fixed === undefined && !isLegibleInk(after, visible, mean, deviation)) continue;
      picture.data.set(after.data);
      planted.push({
        ...region,
        text,
        script,
        font,
        size,
        contrast,
        upright,
        ink: visible,
      });
      break;
    }
  }
  return { picture, planted };
}

/** The share of a line's visible ink that lies in none of the boxes, in a picture of that width. */
export function visibleShare({ ink }: Planted, boxes: readonly Region[], pictureWidth: number): number {
  const seen = ink.filter((at) => {
    const [x, y] = [at % pictureWidth, Math.floor(at / pictureWidth)];
    return !boxes.some(
      ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
    );
  });
  return ink.length === 0 ? 0 : seen.length / ink.length;
}

/** Where ink is seen: it covers the pixel, and differs from what was there. */
function visibleInk(before: Picture, after: Picture, { left, top, width }: Region, ink: Ink): number[] {
  const positions: number[] = [];
  ink.coverage.forEach((coverage, index) => {
    const at = (top + Math.floor(index / width)) * before.width + left + (index % width);
    let change = 0;
    for (let channel = at * after.channels; channel < (at + 1) * after.channels; channel++)
      change = Math.max(change, Math.abs((after.data[channel] as number) - (before.data[channel] as number)));
    if (coverage >= VISIBLE_COVERAGE && change >= VISIBLE_DISTANCE) positions.push(at);
  });
  return positions;
}

/** Whether a line is too near another to be told apart from it. */
function near(a: Region, b: Region): boolean {
  const gap = 2 * MARGIN;
  return (
    a.left < b.left + b.width + gap &&
    b.left < a.left + a.width + gap &&
    a.top < b.top + b.height + gap &&
    b.top < a.top + a.height + gap
  );
}

/** Whether a person could read ink at these positions, on a ground of that mean and deviation. */
function isLegibleInk(
  { channels, data }: Picture,
  ink: readonly number[],
  mean: number,
  deviation: number,
): boolean {
  const distances = ink.map((at) => Math.abs((data[at * channels] as number) - mean));
  const distance = distances.reduce((sum, one) => sum + one, 0) / Math.max(1, ink.length);
  return distance >= LEGIBLE * deviation;
}

function statisticsOf(ground: Picture, region: Region): { mean: number; deviation: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (let y = region.top; y < region.top + region.height; y++) {
    for (let x = region.left; x < region.left + region.width; x++) {
      const value = ground.data[(y * ground.width + x) * ground.channels] as number;
      count++;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Ink that reaches `by` pixels beyond the region it belongs to. */
interface Spread extends Ink {
  readonly by: number;
}

function paint(
  { width, height, channels, data }: Picture,
  region: Region,
  ink: Spread,
  level: number | Colour,
): void {
  for (let row = 0; row < ink.height; row++) {
    for (let column = 0; column < ink.width; column++) {
      const [x, y] = [region.left - ink.by + column, region.top - ink.by + row];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const share = (ink.coverage[row * ink.width + column] as number) / 255;
      for (let channel = 0; channel < channels; channel++) {
        const at = (y * width + x) * channels + channel;
        const aim = typeof level === 'number' ? level : (level[channel] as number);
        data[at] = Math.round((data[at] as number) * (1 - share) + aim * share);
      }
    }
  }
}

function panel({ width, height }: Ink): Spread {
  const by = 4;
  const size = (width + 2 * by) * (height + 2 * by);
  return { width: width + 2 * by, height: height + 2 * by, coverage: new Uint8Array(size).fill(255), by };
}

function outline({ width, height, coverage }: Ink): Spread {
  const by = 1;
  const wide = width + 2 * by;
  const spread = new Uint8Array(wide * (height + 2 * by));
  coverage.forEach((value, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let down = 0; down <= 2 * by; down++)
      for (let across = 0; across <= 2 * by; across++) {
        const to = (y + down) * wide + x + across;
        spread[to] = Math.max(spread[to] as number, value);
      }
  });
  return { width: wide, height: height + 2 * by, coverage: spread, by };
}
