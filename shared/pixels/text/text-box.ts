/** Boxes around text in whole pixels of the picture, and how those that several passes found become few. */
import type { Region } from './picture.ts';

/** A line of text, closely; `score` is the detector's, 0 to 1. */
export interface TextLine extends Region {
  readonly score: number;
}

/** A box that covers a line of text to the last pixel of its outline and its tails. */
export interface TextBox extends TextLine {
  /** The line itself, which is read better without what is around it. */
  readonly line?: Region;
}

/** Pixels added on each side, whatever the size of the letters: anti-aliased edges and outlines. */
const PADDING = 3;
/** What is added besides, in units of the line's height: accents and tails, */
const SIDE_PADDING = 0.1;
/** and at both ends, where the last letter is the one that is found last, and of joined scripts the last two. */
const END_PADDING = 1;

/** The box that covers a line, within the picture. */
export function coverLine({ score, ...line }: TextLine, picture: { width: number; height: number }): TextBox {
  const { left, top, width, height } = line;
  const share = (along: boolean): number =>
    Math.ceil(PADDING + (along ? END_PADDING : SIDE_PADDING) * Math.min(width, height));
  const [across, down] = [share(width > height), share(height > width)];
  const box = { left: Math.max(0, left - across), top: Math.max(0, top - down) };
  return {
    ...box,
    width: Math.min(picture.width, left + width + across) - box.left,
    height: Math.min(picture.height, top + height + down) - box.top,
    score,
    line,
  };
}

/** A box of a picture that was turned clockwise, in the picture of that height before. */
export function turnBoxBack({ left, top, width, height, score }: TextLine, pictureHeight: number): TextLine {
  return { left: top, top: pictureHeight - left - width, width: height, height: width, score };
}

/** A box that holds all of both. */
function union(a: TextLine, b: TextLine): TextLine {
  const left = Math.min(a.left, b.left);
  const top = Math.min(a.top, b.top);
  return {
    left,
    top,
    width: Math.max(a.left + a.width, b.left + b.width) - left,
    height: Math.max(a.top + a.height, b.top + b.height) - top,
    score: Math.max(a.score, b.score),
  };
}

const area = ({ width, height }: Region): number => width * height;

/** Two boxes of one line share this much of the lower one's height. */
const SHARED_HEIGHT = 0.6;
/** Lines so much unequal in height are two, even where one lies in the other. */
const LIKE_HEIGHT = 1.6;

/** Whether two boxes overlap as parts of one line do, lying or upright: stacked lines, which may overlap a little, do not. */
function isSameLine(a: Region, b: Region): boolean {
  const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (across <= 0 || down <= 0) return false;
  const like = (shared: number, one: number, other: number): boolean =>
    shared >= SHARED_HEIGHT * Math.min(one, other) &&
    Math.max(one, other) <= LIKE_HEIGHT * Math.min(one, other);
  const lying = a.width + b.width >= a.height + b.height;
  return lying ? like(down, a.height, b.height) : like(across, a.width, b.width);
}

/**
 * Joins boxes that are parts of one line: found by two passes, or cut by the edge of a tile. From the largest to the
 * smallest, so that the order of passes does not matter; the result is sorted from the top left.
 */
export function joinLines(boxes: readonly TextLine[]): TextLine[] {
  const pending = [...boxes].sort((a, b) => area(b) - area(a) || a.top - b.top || a.left - b.left);
  const joined: TextLine[] = [];
  for (let box = pending.shift(); box !== undefined; box = pending.shift()) {
    const current = box;
    const at = joined.findIndex((other) => isSameLine(current, other));
    if (at < 0) joined.push(current);
    // What has grown may now meet others: it is looked at again.
    else pending.unshift(union(current, joined.splice(at, 1)[0] as TextLine));
  }
  return joined
    .filter(
      (box) =>
        !joined.some((line) => line !== box && elongation(line) >= LINE_ELONGATION && holds(line, box)),
    )
    .sort((a, b) => a.top - b.top || a.left - b.left);
}

/** Another box is the same line where it has at least so much of its length. */
const SAME_LENGTH = 0.6;

/** Whether a box that was found on its own shows the line, or nearly all of it, too. */
export function showsLine(box: Region, line: Region): boolean {
  if (elongation(box) < CONFIRMING_ELONGATION || !isSameLine(box, line)) return false;
  const [of, shared] =
    line.width >= line.height
      ? [line.width, Math.min(box.left + box.width, line.left + line.width) - Math.max(box.left, line.left)]
      : [line.height, Math.min(box.top + box.height, line.top + line.height) - Math.max(box.top, line.top)];
  return shared >= SAME_LENGTH * of;
}

/** The widest gap between the words of a line, in units of its height. */
const GAP = 2;

/** Whether a box is a piece of a line beside it: as high, at the same height, and no further than a word is from the next. */
export function continuesLine(line: Region, box: Region): boolean {
  const gap = GAP * Math.min(line.width, line.height);
  const reach: Region =
    line.width >= line.height
      ? { ...line, left: line.left - gap, width: line.width + 2 * gap }
      : { ...line, top: line.top - gap, height: line.height + 2 * gap };
  return isSameLine(reach, box);
}

/** Blots of anatomy are found at the same place more than once, lines of it are not. */
const CONFIRMING_ELONGATION = 2;

/** From this share on, what lies in others is theirs. */
const MOST = 0.6;

/** Whether regions, each by itself or together, cover most of a box; where they overlap they count once at most. */
export function coversMost(regions: readonly Region[], box: Region): boolean {
  const near = regions.filter((region) => isMeeting(region, box));
  let covered = 0;
  for (let y = box.top; near.length > 0 && y < box.top + box.height; y++)
    for (let x = box.left; x < box.left + box.width; x++)
      if (
        near.some(
          ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
        )
      )
        covered++;
  return covered >= MOST * area(box);
}

function isMeeting(a: Region, b: Region): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

/** How much longer than high a box is, or higher than wide. */
export function elongation({ width, height }: Region): number {
  return Math.max(width, height) / Math.min(width, height);
}

/** From here on a box is a line, and what lies in it is one of its letters; a square one may hold several lines. */
const LINE_ELONGATION = 2.5;

function holds(outer: Region, inner: Region): boolean {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.left + inner.width <= outer.left + outer.width &&
    inner.top + inner.height <= outer.top + outer.height
  );
}
