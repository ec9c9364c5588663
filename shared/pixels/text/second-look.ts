/**
 * A second look at where a line was found: its window alone, at the size that the detector sees best, in two other tones. It
 * finds the ends of lines, where letters fade into the ground, and tells lines, which are found again, from what merely
 * looked like one.
 */
import { detectText } from './detect.ts';
import type { Network } from './network.ts';
import { contentOf, cropPicture, type Picture, type Region, turnPicture } from './picture.ts';
import { type TextLine, turnBoxBack } from './text-box.ts';
import type { Tone } from './tone.ts';

/** Two tones that find what the other misses; the first is none of those in which whole pictures are seen. */
const TONES: readonly Tone[] = ['negative', 'soft'];
/** Pixels of the network's input to which the height of a line is brought, and how far at most. */
const LINE_ROWS = 32;
const MINIMUM_SCALE = 0.5;
const MAXIMUM_SCALE = 4;
/** What the window shows beyond a line, in units of its height: at its ends and at its sides, and pixels at the least. */
const BEYOND_ENDS = 3;
const BEYOND_SIDES = 1;
const MINIMUM_BEYOND = 12;
/** Longest side of one input; a longer line is reduced. */
const INPUT_SIDE = 1280;

/** What each tone shows in the window around a line; only one is shown where it is looked at `briefly`. */
export async function lookAgain(
  detector: Network,
  picture: Picture,
  line: Region,
  briefly: boolean,
): Promise<TextLine[][]> {
  const window = windowAround(line, picture);
  const upright = line.height > line.width;
  const height = Math.min(line.width, line.height);
  const sought = Math.min(MAXIMUM_SCALE, Math.max(MINIMUM_SCALE, LINE_ROWS / height));
  const scale = Math.min(sought, INPUT_SIDE / Math.max(window.width, window.height));
  const part = cropPicture(picture, window);
  const shown = upright ? turnPicture(part, true) : part;
  const tile = { left: 0, top: 0, width: shown.width, height: shown.height, scale };
  const looks: TextLine[][] = [];
  for (const tone of briefly ? TONES.slice(0, 1) : TONES) {
    const found = await detectText(detector, shown, tile, tone);
    looks.push(
      found
        .map((box) => (upright ? turnBoxBack(box, part.height) : box))
        .map((box) => ({ ...box, left: window.left + box.left, top: window.top + box.top })),
    );
  }
  return looks;
}

/** Whether the ground is even beyond both ends of a line: there is no more of it. */
export function endsOnEvenGround(picture: Picture, line: Region): boolean {
  const { left, top, width, height } = windowAround(line, picture);
  const upright = line.height > line.width;
  const gap = Math.ceil(END_GAP * Math.min(line.width, line.height));
  const before: Region = upright
    ? { left: line.left, top, width: line.width, height: line.top - gap - top }
    : { left, top: line.top, width: line.left - gap - left, height: line.height };
  const last = upright ? line.top + line.height + gap : line.left + line.width + gap;
  const after: Region = upright
    ? { left: line.left, top: last, width: line.width, height: top + height - last }
    : { left: last, top: line.top, width: left + width - last, height: line.height };
  return [before, after].every(
    (end) => end.width <= 0 || end.height <= 0 || contentOf(picture, end) === undefined,
  );
}

/** What the box of a line leaves to the padding of its mask, in units of its height. */
const END_GAP = 0.3;

function windowAround(line: Region, picture: Picture): Region {
  const height = Math.min(line.width, line.height);
  const ends = Math.ceil(Math.max(MINIMUM_BEYOND, BEYOND_ENDS * height));
  const sides = Math.ceil(Math.max(MINIMUM_BEYOND, BEYOND_SIDES * height));
  const [across, down] = line.height > line.width ? [sides, ends] : [ends, sides];
  const left = Math.max(0, line.left - across);
  const top = Math.max(0, line.top - down);
  return {
    left,
    top,
    width: Math.min(picture.width, line.left + line.width + across) - left,
    height: Math.min(picture.height, line.top + line.height + down) - top,
  };
}
