import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { afterWorkingTime } from '../../../local/lambda/time-limit.ts';

let clock = 0;
let crowd = 0;
const surroundings = { now: () => clock, crowd: () => crowd };

beforeEach(() => {
  vi.useFakeTimers();
  clock = 0;
  crowd = 0;
});
afterEach(() => void vi.useRealTimers());

/** Lets timers run for so long while the clock goes on with them. */
function pass(milliseconds: number): void {
  for (let step = 0; step < milliseconds; step += 100) {
    clock += 100;
    vi.advanceTimersByTime(100);
  }
}

it('ends what takes longer than its limit on a machine that has time', () => {
  const ended = vi.fn();
  afterWorkingTime(3_000, ended, surroundings);
  pass(2_900);
  expect(ended).not.toHaveBeenCalled();
  pass(200);
  expect(ended).toHaveBeenCalledOnce();
});

it('does not count the time in which the process was stopped', () => {
  const ended = vi.fn();
  afterWorkingTime(3_000, ended, surroundings);
  pass(1_000);
  clock += 3_600_000;
  pass(900);
  expect(ended).not.toHaveBeenCalled();
  pass(1_500);
  expect(ended).toHaveBeenCalledOnce();
});

it('gives more time the more share the machine', () => {
  const ended = vi.fn();
  crowd = 10;
  afterWorkingTime(3_000, ended, surroundings);
  pass(25_000);
  expect(ended).not.toHaveBeenCalled();
  pass(8_000);
  expect(ended).toHaveBeenCalledOnce();
});

it('ends nothing that was done before', () => {
  const ended = vi.fn();
  afterWorkingTime(1_000, ended, surroundings)();
  pass(5_000);
  expect(ended).not.toHaveBeenCalled();
});
