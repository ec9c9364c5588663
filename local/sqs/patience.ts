/**
 * A wait that ends by a signal or by itself. `AbortSignal.any` of a signal and `AbortSignal.timeout` says the same, but Node.js 20
 * may collect such a signal before it fires, and then nothing ever ends the wait.
 */
export interface Patience {
  readonly signal: AbortSignal;
  /** Lets go of the timer and of the outer signal. */
  end(): void;
}

/** Patience for so many milliseconds, less if the outer signal aborts before. */
export function patience(milliseconds: number, outer: AbortSignal): Patience {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, milliseconds);
  if (outer.aborted) abort();
  outer.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}
