/**
 * A masked picture as it would look without the masks' outlines: each mask is filled from what surrounds it, as a black
 * rectangle on a bright ground looks like the stroke of a letter. What was hidden stays so; only the detector sees the result.
 */
import type { Picture, Region } from './picture.ts';
import { coversMost } from './text-box.ts';

/** Pixels along a border whose mean stands for the ground there. */
const BORDER = 4;

/** A copy of the picture in which each mask is filled from its four borders, the nearer the more. */
export function fillFromAround(picture: Picture, masks: readonly Region[]): Picture {
  const filled: Picture = { ...picture, data: Uint8Array.from(picture.data) };
  const hidden = new Uint8Array(picture.width * picture.height);
  for (const { left, top, width, height } of masks)
    for (let row = top; row < top + height; row++)
      hidden.fill(1, row * picture.width + left, row * picture.width + left + width);
  for (const mask of masks) fillMask(filled, hidden, mask);
  return filled;
}

/** The lines that are not merely what is left of masks: most of such a box lies in them. */
export function outsideMasks<T extends Region>(lines: readonly T[], masks: readonly Region[]): T[] {
  return lines.filter((line) => !coversMost(masks, line));
}

function fillMask(picture: Picture, hidden: Uint8Array, { left, top, width, height }: Region): void {
  const { channels, data } = picture;
  const [right, bottom] = [left + width, top + height];
  for (let channel = 0; channel < channels; channel++) {
    const level = (x: number, y: number): number | undefined => {
      if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return undefined;
      const at = y * picture.width + x;
      // Under another mask is no ground.
      return hidden[at] === 1 ? undefined : data[at * channels + channel];
    };
    const rows = [...Array(height).keys()].map((row) => top + row);
    const columns = [...Array(width).keys()].map((column) => left + column);
    const west = smooth(rows.map((y) => level(left - 1, y)));
    const east = smooth(rows.map((y) => level(right, y)));
    const north = smooth(columns.map((x) => level(x, top - 1)));
    const south = smooth(columns.map((x) => level(x, bottom)));
    rows.forEach((y, row) => {
      columns.forEach((x, column) => {
        let [sum, share] = [0, 0];
        for (const [border, distance] of [
          [west[row], column + 1],
          [east[row], width - column],
          [north[column], row + 1],
          [south[column], height - row],
        ] as const) {
          if (border === undefined) continue;
          sum += border / distance;
          share += 1 / distance;
        }
        if (share > 0) data[(y * picture.width + x) * channels + channel] = Math.round(sum / share);
      });
    });
  }
}

/** The mean of the known levels around each; undefined where there is none. */
function smooth(levels: readonly (number | undefined)[]): (number | undefined)[] {
  return levels.map((_, index) => {
    const near = levels
      .slice(Math.max(0, index - BORDER), index + BORDER + 1)
      .filter((one) => one !== undefined);
    return near.length === 0 ? undefined : near.reduce((sum, one) => sum + one, 0) / near.length;
  });
}
