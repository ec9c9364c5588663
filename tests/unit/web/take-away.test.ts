import { describe, expect, it } from 'vitest';
import { whenReady } from '../../../web/link-page/when-ready.ts';

const waits = (prepared: string, seconds = '2') => ({
  type: 'basic' as const,
  status: 202,
  headers: new Headers({ 'filmroom-prepared': prepared, 'retry-after': seconds }),
});
const answers = (status: number) => ({ type: 'basic' as const, status, headers: new Headers() });
const elsewhere = { type: 'opaqueredirect' as const, status: 0, headers: new Headers() };

async function waiting(...all: Awaited<ReturnType<Parameters<typeof whenReady>[0]>>[]) {
  const told: number[] = [];
  const waited: number[] = [];
  const readiness = await whenReady(
    async () => all.shift()!,
    (prepared) => void told.push(prepared),
    async (seconds) => void waited.push(seconds),
  );
  return { readiness, told, waited };
}

describe('a download that has to be prepared', () => {
  it('is asked for until it stands elsewhere, as often as the answer says, and told how far it is', async () => {
    expect(await waiting(waits('0/4'), waits('1/4', '5'), waits('4/4'), elsewhere)).toEqual({
      readiness: 'ready',
      told: [0, 0.25, 1],
      waited: [2, 5, 2],
    });
  });

  it('is asked for once where it is streamed', async () => {
    expect(await waiting(answers(200))).toEqual({ readiness: 'ready', told: [], waited: [] });
  });

  it.each([
    [401, 'no-session'],
    [404, 'failed'],
    [500, 'failed'],
  ])('ends at an answer of %i', async (status, readiness) => {
    expect((await waiting(waits('0/1'), answers(status))).readiness).toBe(readiness);
  });

  it('says nothing wrong of an answer without numbers', async () => {
    expect((await waiting(waits('', 'soon'), answers(200))).told).toEqual([0]);
  });
});
