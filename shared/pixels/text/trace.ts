/**
 * Traces: the curve of an electrocardiogram, of breath or of flow looks like a line of writing. Letters stand apart and are of
 * several strokes above each other; a trace is one thin line without a gap or a branch from end to end. Whatever else is in
 * the box makes it none.
 */
import type { Picture, Region } from './picture.ts';

/** Ink differs from the ground by so many levels. */
const INK = 40;
/** A trace is so much longer than high. */
const ELONGATION = 3;
/** Of the columns from its first to its last so many show it, and show nothing else; */
const SINGLE = 0.97;
/** nearly all of them go on where the one before ended, */
const JOINED = 0.98;
/** and half of them no thicker than this. */
const THICKNESS = 4;

/** Whether all that is in the box of a line that lies is one trace. */
export function isTrace(picture: Picture, { left, top, width, height }: Region): boolean {
  if (width < ELONGATION * height) return false;
  const ground = groundOf(picture, { left, top, width, height });
  const runs: { top: number; bottom: number; count: number }[] = [];
  for (let x = left; x < left + width; x++) {
    const run = { top: -1, bottom: -1, count: 0 };
    for (let y = top, inside = false; y < top + height; y++) {
      const isInk = distance(picture, y * picture.width + x, ground) >= INK;
      if (isInk && !inside) run.count++;
      if (isInk && run.top < 0) run.top = y;
      if (isInk) run.bottom = y;
      inside = isInk;
    }
    runs.push(run);
  }
  const first = runs.findIndex(({ count }) => count > 0);
  const shown = runs.slice(first, runs.findLastIndex(({ count }) => count > 0) + 1);
  if (first < 0 || shown.length < ELONGATION * height) return false;
  const single = shown.filter(({ count }) => count === 1);
  if (single.length < SINGLE * shown.length) return false;
  const joined = shown.filter(({ top: above, bottom }, index) => {
    const before = shown[index - 1];
    return before === undefined || (above <= before.bottom + 1 && bottom >= before.top - 1);
  });
  const heights = single.map(({ top: above, bottom }) => bottom - above + 1).sort((a, b) => a - b);
  return joined.length >= JOINED * shown.length && (heights[heights.length >> 1] ?? 0) <= THICKNESS;
}

/** The commonest level of each channel: text and traces are thin. */
function groundOf(
  { width: columns, channels, data }: Picture,
  { left, top, width, height }: Region,
): number[] {
  return Array.from({ length: channels }, (_, channel) => {
    const counts = new Uint32Array(256);
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++)
        tally(counts, data[(y * columns + x) * channels + channel] as number);
    return counts.indexOf(Math.max(...counts));
  });
}

function distance({ channels, data }: Picture, at: number, ground: readonly number[]): number {
  let most = 0;
  for (let channel = 0; channel < channels; channel++)
    most = Math.max(most, Math.abs((data[at * channels + channel] as number) - (ground[channel] as number)));
  return most;
}

function tally(counts: Uint32Array, level: number): void {
  counts[level] = (counts[level] as number) + 1;
}
