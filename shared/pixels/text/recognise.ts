/**
 * Reading a box: its part of the picture, brought to the height that the recogniser takes, to a line of text and how sure it
 * is. Upright boxes are read turned to either side. It knows Chinese, Latin letters and digits; of other scripts it gives
 * look-alikes with little confidence.
 */
import type { Network } from './network.ts';
import { cropPicture, type Picture, type Region, type Scaling, toPlanes, turnPicture } from './picture.ts';

export interface Reading {
  readonly text: string;
  /** The mean of the signs' probabilities, 0 to 1; 0 where nothing is read. */
  readonly confidence: number;
}

const SCALING: Scaling = {
  mean: [127.5, 127.5, 127.5],
  gain: [1 / 127.5, 1 / 127.5, 1 / 127.5],
};
/** The height of a line that the recogniser was trained on. */
const ROWS = 48;
/** Its inputs are at least so wide as in training, and no wider than 40 times their height: longer lines are squeezed. */
const MINIMUM_COLUMNS = 320;
const MAXIMUM_COLUMNS = 40 * ROWS;
/** A box so much higher than wide stands upright. */
const UPRIGHT = 1.5;

/** Reads the line of text in a box. */
export async function recogniseText(
  recogniser: Network,
  signs: readonly string[],
  picture: Picture,
  box: Region,
): Promise<Reading> {
  if (box.height < UPRIGHT * box.width) return readLine(recogniser, signs, picture, box);
  const part = cropPicture(picture, box);
  const whole = { left: 0, top: 0, width: box.height, height: box.width };
  const up = await readLine(recogniser, signs, turnPicture(part, true), whole);
  const down = await readLine(recogniser, signs, turnPicture(part, false), whole);
  return up.confidence >= down.confidence ? up : down;
}

async function readLine(
  recogniser: Network,
  signs: readonly string[],
  picture: Picture,
  region: Region,
): Promise<Reading> {
  const columns = Math.min(MAXIMUM_COLUMNS, Math.max(8, Math.round((region.width * ROWS) / region.height)));
  const planeColumns = Math.max(MINIMUM_COLUMNS, columns);
  const target = { columns, rows: ROWS, planeColumns, planeRows: ROWS };
  const values = toPlanes(picture, region, target, SCALING);
  const output = await recogniser.run({ values, dimensions: [1, 3, ROWS, planeColumns] });
  return decode(output.values, signs);
}

/** Connectionist temporal classification: of each column the likeliest sign, repeats and blanks left out. */
function decode(values: Float32Array, signs: readonly string[]): Reading {
  let text = '';
  let [sum, count, previous] = [0, 0, 0];
  for (let start = 0; start + signs.length <= values.length; start += signs.length) {
    let best = 0;
    for (let sign = 1; sign < signs.length; sign++) {
      if ((values[start + sign] as number) > (values[start + best] as number)) best = sign;
    }
    if (best !== 0 && best !== previous) {
      text += signs[best];
      sum += values[start + best] as number;
      count++;
    }
    previous = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}
