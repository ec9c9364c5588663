/**
 * Progress on standard error: one line a stage, repainted in place on a terminal, one plain line at intervals elsewhere.
 * Standard output is left to the result.
 */
import { byteCount } from './byte-count.ts';
import { duration } from './printable.ts';

export interface Stage {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** @default 'count' */
  readonly unit?: 'count' | 'bytes';
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  update(stages: readonly Stage[]): void;
  /** A line of its own, above the stages. */
  note(line: string): void;
  /** Leaves the last state standing. */
  end(): void;
}

/** Seconds over which the rate is taken. */
const WINDOW = 6;
const REPAINT_MS = 100;
const PLAIN_MS = 5_000;
const BAR = 24;

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** What is known of a stage's pace: instances a second and seconds left. */
export interface Pace {
  readonly rate: number;
  readonly left: number | undefined;
}

/** Follows the counts of the stages over time. */
export function paceKeeper(): (stage: Stage, now: number) => Pace {
  const samples = new Map<string, Sample[]>();
  return ({ name, done, total }, now) => {
    const all = [...(samples.get(name) ?? []), { at: now, done }];
    // The newest sample outside the window stays: the rate is taken from it.
    const start = all.findLastIndex((sample) => now - sample.at >= WINDOW * 1000);
    const kept = start > 0 ? all.slice(start) : all;
    samples.set(name, kept);
    const first = kept[0] ?? { at: now, done };
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? (done - first.done) / seconds : 0;
    return { rate, left: rate > 0 && total > done ? (total - done) / rate : undefined };
  };
}

/** Paints to the output; `clock` counts milliseconds. */
export function startProgress(
  output: ProgressOutput,
  clock: () => number = () => performance.now(),
): Progress {
  const pace = paceKeeper();
  const isTerminal = output.isTTY === true;
  let painted = 0;
  let latest: readonly Stage[] = [];
  let nextAt = 0;
  let lastPlain = '';

  const erase = () => {
    if (painted > 0) output.write(`\u001b[${painted}A\u001b[0J`);
    painted = 0;
  };
  const paint = (now: number) => {
    const lines = latest.map((stage) => stageLine(stage, pace(stage, now)));
    erase();
    if (lines.length > 0) output.write(`${lines.join('\n')}\n`);
    painted = lines.length;
  };
  const plain = (now: number) => {
    const paces = latest.map((stage) => pace(stage, now));
    const counts = latest.map((stage) => `${stage.name} ${countsOf(stage)}`).join(', ');
    if (counts === lastPlain || counts === '') return;
    lastPlain = counts;
    output.write(`${counts}${paceText(paces.at(-1), latest.at(-1)?.unit)}\n`);
  };
  const draw = isTerminal ? paint : plain;

  return {
    update: (stages) => {
      latest = stages;
      const now = clock();
      if (now < nextAt) return;
      nextAt = now + (isTerminal ? REPAINT_MS : PLAIN_MS);
      draw(now);
    },
    note: (line) => {
      erase();
      output.write(`${line}\n`);
      if (isTerminal) paint(clock());
    },
    end: () => {
      draw(clock());
      painted = 0;
      latest = [];
    },
  };
}

function stageLine(stage: Stage, pace: Pace): string {
  const { name, done, total } = stage;
  const filled = total === 0 ? 0 : Math.round((BAR * Math.min(done, total)) / total);
  const bar = '█'.repeat(filled) + '·'.repeat(BAR - filled);
  const counts = countsOf(stage).padStart(13);
  const rest = total > 0 && done >= total ? '  done' : paceText(pace, stage.unit);
  return `  ${name.padEnd(14)}${bar}${counts}${rest}`;
}

function countsOf({ done, total, unit }: Stage): string {
  return unit === 'bytes' ? `${byteCount(done)} of ${byteCount(total)}` : `${done}/${total}`;
}

function paceText(pace: Pace | undefined, unit: Stage['unit'] = 'count'): string {
  if (pace === undefined || pace.rate <= 0) return '';
  const left = pace.left === undefined ? '' : `, ${duration(pace.left)} left`;
  const count = pace.rate < 10 ? pace.rate.toFixed(1) : Math.round(pace.rate);
  return `  ${unit === 'bytes' ? byteCount(pace.rate) : count}/s${left}`;
}
