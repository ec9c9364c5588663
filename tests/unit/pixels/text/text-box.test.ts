import { describe, expect, it } from 'vitest';
import {
  continuesLine,
  coverLine,
  coversMost,
  joinLines,
  showsLine,
  type TextLine,
  turnBoxBack,
} from '../../../../shared/pixels/text/text-box.ts';

const box = (left: number, top: number, width: number, height: number): TextLine => ({
  left,
  top,
  width,
  height,
  score: 0.9,
});

describe('the box of a line', () => {
  const picture = { width: 200, height: 100 };

  it('is larger on each side, most at the ends of the line', () => {
    expect(coverLine(box(50, 40, 80, 20), picture)).toEqual({
      ...box(27, 35, 126, 30),
      line: { left: 50, top: 40, width: 80, height: 20 },
    });
    expect(coverLine(box(50, 20, 20, 60), picture)).toMatchObject(box(45, 0, 30, 100));
  });

  it('ends where the picture ends', () => {
    expect(coverLine(box(0, 90, 200, 10), picture)).toMatchObject({
      left: 0,
      top: 86,
      width: 200,
      height: 14,
    });
  });
});

describe('lines that several passes found', () => {
  it.each([
    ['the halves of a line become it', [box(0, 0, 60, 20), box(50, 2, 60, 20)], [box(0, 0, 110, 22)]],
    ['the same line is one', [box(5, 5, 80, 20), box(4, 4, 82, 22)], [box(4, 4, 82, 22)]],
    ['so are the halves of an upright one', [box(0, 0, 20, 60), box(2, 50, 20, 60)], [box(0, 0, 22, 110)]],
    ['stacked lines stay apart, though they overlap', [box(0, 0, 80, 20), box(0, 14, 80, 20)], undefined],
    ['a letter within its line is left out', [box(0, 0, 80, 20), box(30, 4, 10, 10)], [box(0, 0, 80, 20)]],
    ['lines within a block are kept', [box(0, 0, 80, 60), box(4, 4, 70, 16)], undefined],
    ['what does not touch stays', [box(0, 0, 40, 20), box(60, 0, 40, 20)], undefined],
  ])('%s', (_, boxes, expected) => {
    expect(joinLines(boxes)).toEqual(expected ?? boxes);
    expect(joinLines([...boxes].reverse())).toEqual(expected ?? boxes);
  });

  it('are turned back to where they were before the picture was turned', () => {
    // In a picture of 100 x 50, its top left corner goes to the top right when it is turned clockwise.
    expect(turnBoxBack(box(40, 0, 10, 30), 50)).toMatchObject({ left: 0, top: 0, width: 30, height: 10 });
    expect(turnBoxBack(box(0, 70, 10, 30), 50)).toMatchObject({ left: 70, top: 40, width: 30, height: 10 });
  });
});

describe('a box beside a line', () => {
  const line = box(100, 40, 80, 20);

  it.each([
    ['the next word', box(210, 41, 30, 19), true],
    ['what is two words away', box(240, 40, 30, 20), false],
    ['another line', box(190, 62, 30, 20), false],
    ['a blot much larger', box(185, 20, 60, 60), false],
  ])('goes on with it, or not: %s', (_, beside, expected) => {
    expect(continuesLine(line, beside)).toBe(expected);
  });

  it.each([
    ['nearly all of it', box(96, 38, 70, 24), true],
    ['its first letters', box(100, 40, 40, 20), false],
    ['a blot on it', box(120, 30, 40, 40), false],
  ])('shows it too, or not: %s', (_, other, expected) => {
    expect(showsLine(other, line)).toBe(expected);
  });

  it('is covered by regions together, which count once where they overlap', () => {
    expect(coversMost([box(90, 30, 40, 40), box(130, 30, 30, 40)], line)).toBe(true);
    expect(coversMost([box(90, 30, 40, 40), box(95, 30, 35, 40)], line)).toBe(false);
  });
});
