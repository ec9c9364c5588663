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
  const counts = samples.kind === 'cells' ? countCells(samples) : countNumbers(samples);
  return rangeOf(counts.filter(([value]) => !(padding && value >= padding.low && value <= padding.high)));
}

/** A value and how often it was met; lists of them are in ascending order. */
type Count = readonly [value: number, times: number];

function rangeOf(counts: readonly Count[]): ValueRange {
  const last = counts.reduce((sum, [, times]) => sum + times, 0) - 1;
  if (last < 0) return { low: 0, high: 1 };
  return { low: valueAt(counts, Math.floor(last * LOW)), high: valueAt(counts, Math.ceil(last * HIGH)) };
}

function valueAt(counts: readonly Count[], rank: number): number {
  let passed = 0;
  for (const [value, times] of counts) {
    passed += times;
    if (passed > rank) return value;
  }
  throw new Error('a rank beyond the values');
}

/** Cells are few enough values to be counted, which costs a tenth of sorting them. */
function countCells(samples: CellSamples): Count[] {
  const { data, bitsStored, signed } = samples;
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  const times = new Uint32Array(2 ** bitsStored);
  const step = stepOver(data);
  for (let at = 0; at < data.length; at += step) {
    const index = storedValue(data[at] as number, samples) - least;
    times[index] = (times[index] as number) + 1;
  }
  const counts: Count[] = [];
  for (let index = 0; index < times.length; index++) {
    const met = times[index] as number;
    if (met > 0) counts.push([index + least, met]);
  }
  return counts;
}

function countNumbers({ data }: NumberSamples): Count[] {
  const step = stepOver(data);
  const values = new Float64Array(Math.ceil(data.length / step));
  for (let at = 0, to = 0; at < data.length; at += step, to++) values[to] = data[at] as number;
  return [...values.filter(Number.isFinite).sort()].map((value) => [value, 1]);
}

/** Values evenly spread over the frame; the odd step keeps them from falling into few columns. */
function stepOver(data: { readonly length: number }): number {
  return Math.ceil(data.length / MAXIMUM_VALUES) | 1;
}
