/** The window of an image that names none: robust percentiles of its values, padding and what is no number left out. */
import type { CellSamples, NumberSamples } from '../samples.ts';
import { storedValue } from '../samples.ts';
import type { PaddingRange } from './padding.ts';

/** Half a percent at each end is left to specks, markers and dead detector elements. */
const LOW = 0.005;
const HIGH = 0.995;
/** Values looked at; more would not move a percentile. */
const MAXIMUM_VALUES = 65_536;

export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** Percentiles of the stored values of a frame. */
export function robustRange(
  samples: CellSamples | NumberSamples,
  padding: PaddingRange | undefined,
): ValueRange {
  const values = sample(samples).filter(
    (value) =>
      Number.isFinite(value) && !(padding !== undefined && value >= padding.low && value <= padding.high),
  );
  if (values.length === 0) return { low: 0, high: 1 };
  values.sort();
  return {
    low: values[Math.floor((values.length - 1) * LOW)] as number,
    high: values[Math.ceil((values.length - 1) * HIGH)] as number,
  };
}

/** Values evenly spread over the frame; the odd step keeps them from falling into few columns. */
function sample(samples: CellSamples | NumberSamples): Float64Array {
  const { data } = samples;
  const step = Math.ceil(data.length / MAXIMUM_VALUES) | 1;
  const values = new Float64Array(Math.ceil(data.length / step));
  for (let at = 0, to = 0; at < data.length; at += step, to++) {
    const cell = data[at] as number;
    values[to] = samples.kind === 'cells' ? storedValue(cell, samples) : cell;
  }
  return values;
}
