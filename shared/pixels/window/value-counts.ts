/** How often each value of a frame is met, and percentiles of that. Import-free: server and browser count alike. */

/** Values looked at; more would not move a percentile. */
const MAXIMUM_VALUES = 65_536;

/** A value and how often it was met; lists of them are in ascending order. */
export type ValueCount = readonly [value: number, times: number];

/** Counts whole values of so many bits, which costs a tenth of sorting them. */
export function countWhole(
  length: number,
  { bits, signed }: { readonly bits: number; readonly signed: boolean },
  valueAt: (at: number) => number,
): ValueCount[] {
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const times = new Uint32Array(2 ** bits);
  const step = stepOver(length);
  for (let at = 0; at < length; at += step) {
    const index = valueAt(at) - least;
    times[index] = (times[index] as number) + 1;
  }
  const counts: ValueCount[] = [];
  for (let index = 0; index < times.length; index++) {
    const met = times[index] as number;
    if (met > 0) counts.push([index + least, met]);
  }
  return counts;
}

/** Counts numbers of any kind; what is no number is left out. */
export function countNumbers(data: ArrayLike<number>): ValueCount[] {
  const step = stepOver(data.length);
  const values = new Float64Array(Math.ceil(data.length / step));
  for (let at = 0, to = 0; at < data.length; at += step, to++) values[to] = data[at] as number;
  return [...values.filter(Number.isFinite).sort()].map((value) => [value, 1]);
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

/** Values evenly spread over the frame; the odd step keeps them from falling into few columns. */
function stepOver(length: number): number {
  return Math.ceil(length / MAXIMUM_VALUES) | 1;
}
