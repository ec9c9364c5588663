/** Ctrl-C and a polite kill: the first asks the work to end in order, the second ends it. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `act` at the first interruption; the returned function takes that back. */
export function whenInterrupted(act: () => void): () => void {
  let isFirst = true;
  const listener = () => {
    if (!isFirst) process.exit(1);
    isFirst = false;
    act();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}

/** Resolves at the first interruption. */
export function untilInterrupted(): Promise<void> {
  // A pending promise alone does not keep a process alive, should the stack run in another one.
  const alive = setInterval(() => {}, 1 << 30);
  return new Promise((resolve) => {
    const forget = whenInterrupted(() => {
      forget();
      clearInterval(alive);
      resolve();
    });
  });
}
