import { describe, expect, it } from 'vitest';
import { openOnTheirWay } from '../../../web/link-page/viewer/on-their-way.ts';

function fetching() {
  const begun: { id: string; signal: AbortSignal; arrive: (thing: string) => void }[] = [];
  const { fetch } = openOnTheirWay<string>(
    (id, signal) =>
      new Promise((arrive, give) => {
        begun.push({ id, signal, arrive });
        signal.addEventListener('abort', () => give(signal.reason));
      }),
  );
  return { begun, fetch };
}

describe('what is on its way', () => {
  it('is fetched once for all who wait, and anew for who asks when it has come', async () => {
    const { begun, fetch } = fetching();
    const both = Promise.all([fetch('a'), fetch('a', new AbortController().signal)]);
    expect(begun).toHaveLength(1);
    begun[0]?.arrive('image');
    expect(await both).toEqual(['image', 'image']);
    void fetch('a');
    expect(begun).toHaveLength(2);
  });

  it('is given up when nobody waits for it any more, and not before', async () => {
    const { begun, fetch } = fetching();
    const [one, other] = [new AbortController(), new AbortController()];
    const waits = [fetch('a', one.signal), fetch('a', other.signal)];
    one.abort();
    expect(begun[0]?.signal.aborted).toBe(false);
    other.abort();
    expect(begun[0]?.signal.aborted).toBe(true);
    expect(await Promise.allSettled(waits)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  it('is never given up for who said nothing of not wanting it', () => {
    const { begun, fetch } = fetching();
    const one = new AbortController();
    void fetch('a');
    fetch('a', one.signal).catch(() => undefined);
    one.abort();
    expect(begun[0]?.signal.aborted).toBe(false);
  });

  it('is asked for anew by who wants it just after it was given up', async () => {
    const { begun, fetch } = fetching();
    const one = new AbortController();
    fetch('a', one.signal).catch(() => undefined);
    one.abort();
    const again = fetch('a');
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    begun[1]?.arrive('image');
    expect(await again).toBe('image');
    await expect(fetch('a', one.signal)).rejects.toThrow();
    expect(begun).toHaveLength(2);
  });
});
