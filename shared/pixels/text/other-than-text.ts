/**
 * What a detector took for text and is demonstrably none. A box is excused by what is in it and never by the kind of picture: it
 * is one trace from end to end, and from no side are signs read in it. Anything else is text.
 */
import { cropPicture, type Picture, type Region, turnPicture } from './picture.ts';
import type { Reading } from './recognise.ts';
import { isTrace } from './trace.ts';

/** Two letters or digits read with so much confidence may be somebody's. */
const SIGNS = /[\p{L}\p{N}].*[\p{L}\p{N}]/u;
const CONFIDENT = 0.5;

/** Whether a box, which a detector took for text, shows none. */
export async function isOtherThanText(
  readLine: (picture: Picture, box: Region) => Promise<Reading>,
  picture: Picture,
  line: Region,
): Promise<boolean> {
  if (!isTrace(picture, line)) return false;
  let side = cropPicture(picture, line);
  for (let turn = 0; turn < 4; turn++, side = turnPicture(side, true)) {
    const whole = { left: 0, top: 0, width: side.width, height: side.height };
    const { text, confidence } = await readLine(side, whole);
    if (confidence >= CONFIDENT && SIGNS.test(text)) return false;
  }
  return true;
}
