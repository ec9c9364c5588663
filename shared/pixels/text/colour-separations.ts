/**
 * What is written into colours: in a jet of colour Doppler the colours hide letters from the detector that a person reads
 * without trouble. So where a picture is full of colour, that area alone is shown again in grey, once for each colour that devices
 * write in, and the letters stand on what is nearly even ground. What shows nothing costs nothing.
 */
import type { Picture, Region } from './picture.ts';

/** A part of a picture in which one colour is bright and all others are dark. */
export interface Separation {
  readonly left: number;
  readonly top: number;
  readonly picture: Picture;
}

type Colour = readonly [red: number, green: number, blue: number];

/** The colours of letters; white and the greys are what all three channels have. */
const COLOURS: readonly Colour[] = [
  [255, 255, 0],
  [0, 255, 0],
  [0, 255, 255],
  [255, 0, 255],
];
/** A colour that is so far off, in levels of any channel, is another: yellow flow is no yellow letter. */
const OTHER_COLOUR = 85;
/** Channels that differ by so many levels make a colour. */
const SATURATED = 64;
/** Pixels of a side of the cells that a picture is judged in, and the share of one's pixels that makes it coloured: letters alone fill less. */
const CELL = 16;
const COLOURED = 0.4;
/** Fewer cells that hang together hold no line. */
const FEWEST_CELLS = 6;
/** Pixels around an area of colour, as lines may begin beside it. */
const AROUND = 48;
/** Less bright pixels are no letter, and less of them no line. */
const BRIGHT = 96;
const FEWEST_BRIGHT = 24;

/** The separations of a picture's coloured areas; none for one without colour. */
export function separateColours(picture: Picture): Separation[] {
  if (picture.channels !== 3) return [];
  return colouredAreas(picture).flatMap((area) => {
    const greys = separated(picture, area, (red, green, blue) => Math.min(red, green, blue));
    const colours = COLOURS.map(([r, g, b]) =>
      separated(picture, area, (red, green, blue) => {
        const distance = Math.max(Math.abs(red - r), Math.abs(green - g), Math.abs(blue - b));
        return Math.max(0, 255 - (255 / OTHER_COLOUR) * distance);
      }),
    );
    return [greys, ...colours]
      .filter(showsInk)
      .map((part) => ({ left: area.left, top: area.top, picture: part }));
  });
}

function separated(
  { width, data }: Picture,
  area: Region,
  levelOf: (red: number, green: number, blue: number) => number,
): Picture {
  const part = new Uint8Array(area.width * area.height);
  for (let row = 0, to = 0; row < area.height; row++) {
    let from = ((area.top + row) * width + area.left) * 3;
    for (let column = 0; column < area.width; column++, from += 3)
      part[to++] = levelOf(data[from] as number, data[from + 1] as number, data[from + 2] as number);
  }
  return { width: area.width, height: area.height, channels: 1, data: part };
}

function showsInk({ data }: Picture): boolean {
  let bright = 0;
  for (const level of data) if (level >= BRIGHT && ++bright >= FEWEST_BRIGHT) return true;
  return false;
}

/** Bounds of the cells of colour that hang together, grown by what is around; bounds that meet become one. */
function colouredAreas(picture: Picture): Region[] {
  const columns = Math.ceil(picture.width / CELL);
  const rows = Math.ceil(picture.height / CELL);
  const coloured = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      coloured[row * columns + column] = isColoured(picture, column * CELL, row * CELL) ? 1 : 0;
  const areas: Region[] = [];
  for (let start = 0; start < coloured.length; start++) {
    if (coloured[start] !== 1) continue;
    let [left, top, right, bottom] = [columns, rows, 0, 0];
    const pending = [start];
    coloured[start] = 2;
    let cells = 0;
    for (let cell = pending.pop(); cell !== undefined; cell = pending.pop()) {
      cells++;
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      [left, top] = [Math.min(left, column), Math.min(top, row)];
      [right, bottom] = [Math.max(right, column + 1), Math.max(bottom, row + 1)];
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const next = y * columns + x;
          if (coloured[next] !== 1) continue;
          coloured[next] = 2;
          pending.push(next);
        }
    }
    if (cells < FEWEST_CELLS) continue;
    const [west, north] = [Math.max(0, left * CELL - AROUND), Math.max(0, top * CELL - AROUND)];
    const east = Math.min(picture.width, right * CELL + AROUND);
    const south = Math.min(picture.height, bottom * CELL + AROUND);
    areas.push({ left: west, top: north, width: east - west, height: south - north });
  }
  return joined(areas);
}

function isColoured({ width, height, data }: Picture, left: number, top: number): boolean {
  const [right, bottom] = [Math.min(width, left + CELL), Math.min(height, top + CELL)];
  let saturated = 0;
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * 3;
      const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number];
      if (Math.max(red, green, blue) - Math.min(red, green, blue) >= SATURATED) saturated++;
    }
  return saturated >= COLOURED * (right - left) * (bottom - top);
}

function joined(areas: readonly Region[]): Region[] {
  const pending = [...areas];
  const apart: Region[] = [];
  for (let area = pending.pop(); area !== undefined; area = pending.pop()) {
    const { left, top, width, height } = area;
    const at = apart.findIndex(
      (other) =>
        left < other.left + other.width &&
        other.left < left + width &&
        top < other.top + other.height &&
        other.top < top + height,
    );
    if (at < 0) apart.push(area);
    else {
      const [other] = apart.splice(at, 1) as [Region];
      const [west, north] = [Math.min(left, other.left), Math.min(top, other.top)];
      pending.push({
        left: west,
        top: north,
        width: Math.max(left + width, other.left + other.width) - west,
        height: Math.max(top + height, other.top + other.height) - north,
      });
    }
  }
  return apart;
}
