import { describe, expect, it } from 'vitest';
import { mapInParallel, settleInParallel } from '../../../shared/runtime/in-parallel.ts';
import { routeMessages } from '../../../shared/runtime/route-messages.ts';

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('running in parallel', () => {
  it('keeps the order of the inputs and the bound', async () => {
    let running = 0;
    let most = 0;
    const doubled = await mapInParallel([3, 1, 2, 0], 2, async (value) => {
      most = Math.max(most, ++running);
      await wait(value);
      running--;
      return 2 * value;
    });
    expect(doubled).toEqual([6, 2, 4, 0]);
    expect(most).toBe(2);
  });

  it('settles every input', async () => {
    const settled = await settleInParallel([1, 2, 3], 2, async (value) => {
      if (value === 2) throw new Error('two');
      return value;
    });
    expect(settled).toMatchObject([{ value: 1 }, { reason: { message: 'two' } }, { value: 3 }]);
  });

  it('begins none after a failure, waits for those that had begun, and throws the first', async () => {
    const begun: number[] = [];
    let ended = 0;
    let fail = () => {};
    const failed = new Promise<void>((resolve) => {
      fail = resolve;
    });
    const mapping = mapInParallel([0, 1, 2, 3, 4], 2, async (value) => {
      begun.push(value);
      if (value === 0) await failed.then(() => wait(1));
      else fail();
      ended++;
      if (value === 1) throw new Error('one');
    });
    await expect(mapping).rejects.toThrow('one');
    expect(begun).toEqual([0, 1]);
    expect(ended).toBe(2);
  });

  it('throws even what is undefined', async () => {
    await expect(mapInParallel([1], 1, () => Promise.reject(undefined))).rejects.toBeUndefined();
  });
});

describe('messages for two queues', () => {
  const taken = (messages: readonly { to: string }[]) =>
    messages.map(({ to }) =>
      to === 'lost'
        ? { status: 'rejected' as const, reason: 'lost' }
        : { status: 'fulfilled' as const, value: undefined },
    );

  it('each go to their own, and their outcomes come back in order', async () => {
    const a: string[] = [];
    const b: string[] = [];
    const queue = (into: string[]) => async (messages: readonly { to: string }[]) => {
      into.push(...messages.map(({ to }) => to));
      return taken(messages);
    };
    const send = routeMessages(({ to }: { to: string }) => to.startsWith('a'), queue(a), queue(b));
    const outcomes = await send([{ to: 'b1' }, { to: 'a1' }, { to: 'lost' }, { to: 'a2' }]);
    expect([a, b]).toEqual([
      ['a1', 'a2'],
      ['b1', 'lost'],
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });
});
