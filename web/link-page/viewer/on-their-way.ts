/**
 * What is being fetched, and for how many: who asks for the same waits for the same, and what nobody waits for any more is given up,
 * so that on a slow line what was scrolled to last comes first.
 */
export interface OnTheirWay<Thing> {
  /** Fetches it; `wanted` ends when who asked does not want it any more. */
  fetch(id: string, wanted?: AbortSignal): Promise<Thing>;
}

interface One<Thing> {
  readonly thing: Promise<Thing>;
  readonly fetching: AbortController;
  waiting: number;
}

export function openOnTheirWay<Thing>(
  load: (id: string, signal: AbortSignal) => Promise<Thing>,
): OnTheirWay<Thing> {
  const all = new Map<string, One<Thing>>();
  const forget = (id: string, one: One<Thing>): void => {
    if (all.get(id) === one) all.delete(id);
  };
  const begin = (id: string): One<Thing> => {
    const fetching = new AbortController();
    const one = { thing: load(id, fetching.signal), fetching, waiting: 0 };
    const end = () => forget(id, one);
    one.thing.then(end, end);
    all.set(id, one);
    return one;
  };
  return {
    async fetch(id, wanted) {
      wanted?.throwIfAborted();
      const one = all.get(id) ?? begin(id);
      one.waiting++;
      const leave = (): void => {
        one.waiting--;
        if (one.waiting > 0) return;
        // Who asks from now on asks anew.
        forget(id, one);
        one.fetching.abort();
      };
      wanted?.addEventListener('abort', leave, { once: true });
      try {
        return await one.thing;
      } finally {
        wanted?.removeEventListener('abort', leave);
      }
    },
  };
}
