/** How often each stored value of a frame is met; what is no number is left out. */
import type { CellSamples, NumberSamples } from '../samples.ts';
import { storedValue } from '../samples.ts';
import { countNumbers, countWhole, type ValueCount } from '../window/value-counts.ts';

/** Counts the stored values of a frame. */
export function countValues(samples: CellSamples | NumberSamples): ValueCount[] {
  if (samples.kind === 'numbers') return countNumbers(samples.data);
  const { data, bitsStored: bits, signed } = samples;
  return countWhole(data.length, { bits, signed }, (at) => storedValue(data[at] as number, samples));
}
