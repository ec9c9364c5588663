/**
 * Waiting for a network that is gone, for as long as it takes: a workstation sleeps, a cable is pulled, a proxy restarts.
 * What a person must do something about is a failure of another kind and ends the work at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { duration } from '../terminal/printable.ts';

/** A failure that may pass by itself: no connection, a server that is busy or restarting. */
export class PassingFailure extends Failure {}

export interface Patience {
  /** Runs the work until it succeeds or fails for good. */
  patiently<T>(work: () => Promise<T>): Promise<T>;
}

export interface PatienceOptions {
  /** Hears when the network is gone and when it is back. */
  readonly note: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** @default 500 */
  readonly firstPauseMs?: number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A hiccup is not worth a line. */
const TOLD_AFTER_MS = 3_000;

/** Patience that all calls of an upload share, so that one line tells of them all. */
export function startPatience({ note, signal, firstPauseMs = FIRST_PAUSE_MS }: PatienceOptions): Patience {
  let goneSince: number | undefined;
  let isTold = false;
  const failed = (error: PassingFailure) => {
    goneSince ??= performance.now();
    if (isTold || performance.now() - goneSince < TOLD_AFTER_MS) return;
    isTold = true;
    note(`${error.message}: trying again until it answers; nothing is lost, and Ctrl-C may be pressed`);
  };
  const succeeded = () => {
    if (isTold && goneSince !== undefined)
      note(`it answers again after ${duration((performance.now() - goneSince) / 1000)}`);
    goneSince = undefined;
    isTold = false;
  };
  return {
    async patiently(work) {
      for (let attempt = 0; ; attempt++) {
        signal?.throwIfAborted();
        try {
          const result = await work();
          succeeded();
          return result;
        } catch (error) {
          if (!(error instanceof PassingFailure)) throw error;
          failed(error);
        }
        const pause = Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** attempt) * (0.5 + Math.random() / 2);
        await sleep(pause, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
      }
    },
  };
}
