/** How often each value of a frame is met, and percentiles of that; what is no number is left out. */
import type { CellSamples, NumberSamples } from '../samples.ts';
import { storedValue } from '../samples.ts';

/** Values looked at; more would not move a percentile. */
const MAXIMUM_VALUES = 65_536;

/** A value and how often it was met; lists of them are in ascending order. */
export type ValueCount = readonly [value: number, times: number];

/** Counts the stored values of a frame. */
export function countValues(samples: CellSamples | NumberSamples): ValueCount[] {
  return samples.kind === 'cells' ? countCells(samples) : countNumbers(samples);
}

/** The value below which a share of the pixels lies, rounded towards the end that is nearer; 0 where there is none. */
export function percentile(counts: readonly ValueCount[], share: number): number {
  const last = counts.reduce((sum, [, times]) => sum + times, 0) - 1;
  const rank = share < 0.5 ? Math.floor(last * share) : Math.ceil(last * share);
  let passed = 0;
  for (const [value, times] of counts) {
    passed += times;
    if (passed > rank) return value;
  }
  return 0;
}

/** Cells are few enough values to be counted, which costs a tenth of sorting them. */
function countCells(samples: CellSamples): ValueCount[] {
  const { data, bitsStored, signed } = samples;
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  const times = new Uint32Array(2 ** bitsStored);
  const step = stepOver(data);
  for (let at = 0; at < data.length; at += step) {
    const index = storedValue(data[at] as number, samples) - least;
    times[index] = (times[index] as number) + 1;
  }
  const counts: ValueCount[] = [];
  for (let index = 0; index < times.length; index++) {
    const met = times[index] as number;
    if (met > 0) counts.push([index + least, met]);
  }
  return counts;
}

function countNumbers({ data }: NumberSamples): ValueCount[] {
  const step = stepOver(data);
  const values = new Float64Array(Math.ceil(data.length / step));
  for (let at = 0, to = 0; at < data.length; at += step, to++) values[to] = data[at] as number;
  return [...values.filter(Number.isFinite).sort()].map((value) => [value, 1]);
}

/** Values evenly spread over the frame; the odd step keeps them from falling into few columns. */
function stepOver(data: { readonly length: number }): number {
  return Math.ceil(data.length / MAXIMUM_VALUES) | 1;
}
