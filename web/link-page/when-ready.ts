/** Waits for an archive that is prepared on the server. Nothing of the page stands in it. */

export type Readiness = 'ready' | 'no-session' | 'failed';

/** Asks until the archive can be fetched; `tell` is told how much of it is prepared, from 0 to 1. */
export async function whenReady(
  ask: () => Promise<Pick<Response, 'type' | 'status' | 'headers'>>,
  tell: (prepared: number) => void,
  wait: (seconds: number) => Promise<void>,
): Promise<Readiness> {
  for (;;) {
    const { type, status, headers } = await ask();
    // Where it stands ready the answer is an address elsewhere, which is not for this script to follow.
    if (type === 'opaqueredirect' || status === 200) return 'ready';
    if (status === 401) return 'no-session';
    if (status !== 202) return 'failed';
    const [done = 0, parts = 0] = (headers.get('filmroom-prepared') ?? '').split('/').map(Number);
    tell(parts > 0 ? done / parts : 0);
    await wait(Number(headers.get('retry-after') ?? 2) || 2);
  }
}
