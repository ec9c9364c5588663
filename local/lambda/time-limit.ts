/**
 * Ends what takes too long by the time that it could have worked. Limits of AWS are meant for a processor of one's own; here the
 * machine may sleep, the process may be stopped, and many may share few cores. Time in which nothing ran is not counted, time
 * on a crowded machine in part: what is slow for that is answered late, not with an error.
 */
import { availableParallelism, loadavg } from 'node:os';

export interface Surroundings {
  /** Milliseconds that only grow. */
  now(): number;
  /** How many work for each that can at the same time; 1 or less on a machine that is not crowded. */
  crowd(): number;
}

const TICK_MS = 500;
/** Longer between two ticks is time in which this process did not run. */
const LONGEST_TICK_MS = 2 * TICK_MS;

/** Zero on systems that do not count. */
const REAL: Surroundings = {
  now: () => performance.now(),
  crowd: () => (loadavg()[0] ?? 0) / availableParallelism(),
};

/** Calls `onEnd` when so much time was to be had; the returned function takes that back. */
export function afterWorkingTime(
  milliseconds: number,
  onEnd: () => void,
  { now, crowd }: Surroundings = REAL,
): () => void {
  let left = milliseconds;
  let last = now();
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(tick, Math.min(TICK_MS, left));
    // Whoever waits for the work keeps the process alive; its limit does not.
    timer.unref();
  };
  const tick = () => {
    const at = now();
    left -= Math.min(at - last, LONGEST_TICK_MS) / Math.max(1, crowd());
    last = at;
    if (left < 1) onEnd();
    else wait();
  };
  wait();
  return () => clearTimeout(timer);
}
