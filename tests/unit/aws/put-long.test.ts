import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openObjectStore } from '../../../shared/aws/object-store.ts';
import { putLong } from '../../../shared/aws/put-long.ts';
import { type LocalAws, startLocalAws } from '../../helpers/local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  aws.s3.createBucket({ name: 'vault' });
});
afterAll(() => aws.close());

const MiB = 1024 * 1024;
const PIECES = 45;

/** 45 MiB in pieces of a MiB, each another; `taken` counts how many were asked for. */
function pieces(taken = { count: 0 }) {
  return (async function* () {
    for (let index = 0; index < PIECES; index++) {
      taken.count++;
      yield Buffer.alloc(MiB, index + 1);
    }
  })();
}

async function digestOf(key: string): Promise<string> {
  const { bytes } = await openObjectStore('vault').read({ key });
  return createHash('sha256').update(bytes).digest('hex');
}

const whole = createHash('sha256');
for (let index = 0; index < PIECES; index++) whole.update(Buffer.alloc(MiB, index + 1));
const expected = whole.digest('hex');

describe('an object that takes longer than a call', () => {
  it('is written at once where there is time', async () => {
    expect(
      await putLong(openObjectStore('vault'), 'once', pieces(), { isLate: () => false }),
    ).toBeUndefined();
    expect(await digestOf('once')).toBe(expected);
  });

  it('is left and gone on with, as often as it takes, and none of it is seen before its end', async () => {
    const store = openObjectStore('vault');
    let writing: string | undefined;
    let calls = 0;
    do {
      let asked = 0;
      const taken = { count: 0 };
      // Late on the third part of each call: parts that stand are passed over, so that each call comes further.
      const late = () => ++asked >= 2 * (calls + 1);
      writing = await putLong(store, 'often', pieces(taken), {
        isLate: late,
        ...(writing ? { writing } : {}),
      });
      calls++;
      if (writing) expect(await store.head({ key: 'often' })).toBeUndefined();
    } while (writing && calls < 20);
    expect(calls).toBeGreaterThan(1);
    expect(await digestOf('often')).toBe(expected);
  });

  it('leaves nothing behind when its pieces end in a fault', async () => {
    const broken = (async function* () {
      yield* pieces();
      throw new Error('damaged');
    })();
    const store = openObjectStore('vault');
    await expect(putLong(store, 'broken', broken, { isLate: () => false })).rejects.toThrow('damaged');
    expect(await store.head({ key: 'broken' })).toBeUndefined();
  });
});
