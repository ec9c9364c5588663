/** Whether what masks left of a line can still be read, by the recogniser over the place where the line is known to be. */
import type { Picture, Region, TextFinder } from '../../shared/pixels/text/find-text.ts';
import type { Planted } from './planted-text.ts';

/** Half of the signs in their order tell a name. */
const TELLING = 0.5;
const AROUND = 4;

/** A copy of the picture with the boxes filled. */
export function fillBoxes(picture: Picture, boxes: readonly Region[], value = 0): Picture {
  const { width, channels } = picture;
  const data = Uint8Array.from(picture.data);
  for (const box of boxes)
    for (let row = box.top; row < box.top + box.height; row++) {
      const start = (row * width + box.left) * channels;
      data.fill(value, start, start + box.width * channels);
    }
  return { ...picture, data };
}

/** Whether the recogniser reads at least half of the line. */
export async function isLegible(finder: TextFinder, picture: Picture, line: Planted): Promise<boolean> {
  const left = Math.max(0, line.left - AROUND);
  const top = Math.max(0, line.top - AROUND);
  const region = {
    left,
    top,
    width: Math.min(picture.width, line.left + line.width + AROUND) - left,
    height: Math.min(picture.height, line.top + line.height + AROUND) - top,
  };
  const { text } = await finder.read(picture, region);
  return sharedSigns(signsOf(text), signsOf(line.text)) >= TELLING * signsOf(line.text).length;
}

const signsOf = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The length of the longest common subsequence. */
function sharedSigns(a: string, b: string): number {
  let previous = new Array<number>(b.length + 1).fill(0);
  for (const sign of a) {
    const next = [0];
    for (let at = 0; at < b.length; at++) {
      next.push(
        sign === b[at]
          ? (previous[at] as number) + 1
          : Math.max(previous[at + 1] as number, next[at] as number),
      );
    }
    previous = next;
  }
  return previous[b.length] as number;
}
