/**
 * Opens a link: token and passcode for a session. A passcode has five tries, then the link is locked for a while; a try is taken
 * before the passcode is looked at, so that guesses made at the same time count as well. Every opening and denial is kept.
 */

import type { z } from 'zod';
import type { LinksTable } from '../../shared/aws/links-table.ts';
import type { OpenedLink, OpenFailure, OpenLink } from '../../shared/contract/api.ts';
import { SESSION_SECONDS } from '../../shared/runtime/link-session.ts';
import { hashToken, isPasscode, isSameHash, newToken } from '../../shared/runtime/secrets.ts';
import { linkOfToken } from './create-link.ts';

/** Wrong passcodes before the link is locked. */
export const TRIES = 5;
/** How long it stays locked. */
export const LOCK_SECONDS = 15 * 60;

export interface OpenPorts {
  readonly links: Pick<LinksTable, 'link' | 'takeTry' | 'lock' | 'countOpened' | 'openSession' | 'audit'>;
  /** Earlier studies of the patient of a study. */
  priorsOf(study: string): Promise<readonly string[]>;
  now(): Date;
}

export type Opening =
  | { readonly session: string; readonly opened: z.infer<typeof OpenedLink> }
  | { readonly failure: z.infer<typeof OpenFailure> };

/** A new session, or why there is none. */
export async function openLink(
  { token, passcode }: z.infer<typeof OpenLink>,
  ports: OpenPorts,
  run: string,
): Promise<Opening> {
  const link = await ports.links.link(linkOfToken(token));
  if (!link || !isSameHash(link.tokenHash, hashToken(token))) return { failure: 'unknown-link' };
  const now = ports.now();
  const failure =
    link.revokedAt !== undefined
      ? 'revoked'
      : link.expiresAt <= now.toISOString()
        ? 'expired'
        : link.passcode
          ? await checkPasscode(link.link, link.passcode, passcode, ports)
          : undefined;
  if (failure) {
    await ports.links.audit(link.link, 'denied', { reason: failure, run });
    return { failure };
  }
  // Asked at each opening: a prior that came since is shown, one that was removed is not.
  const priors = link.priors ? await ports.priorsOf(link.study) : [];
  const session = newToken();
  const ends = Math.min(now.getTime() + SESSION_SECONDS * 1000, Date.parse(link.expiresAt));
  const expiresAt = new Date(ends).toISOString();
  await ports.links.audit(link.link, 'opened', { run });
  await ports.links.countOpened(link.link);
  await ports.links.openSession(hashToken(session), {
    link: link.link,
    study: link.study,
    studies: [link.study, ...priors],
    patient: link.patient,
    identified: link.identified,
    expiresAt,
  });
  return {
    session,
    opened: { study: link.study, linkExpiresAt: link.expiresAt, sessionExpiresAt: expiresAt },
  };
}

async function checkPasscode(
  link: string,
  expected: Parameters<typeof isPasscode>[1],
  passcode: string | undefined,
  ports: OpenPorts,
): Promise<z.infer<typeof OpenFailure> | undefined> {
  if (passcode === undefined) return 'passcode-required';
  const now = ports.now();
  const attempt = await ports.links.takeTry(link, now.toISOString());
  if (attempt === undefined) return 'locked';
  const lock = () => ports.links.lock(link, new Date(now.getTime() + LOCK_SECONDS * 1000).toISOString());
  if (attempt > TRIES) {
    await lock();
    return 'locked';
  }
  if (await isPasscode(passcode, expected)) return undefined;
  if (attempt === TRIES) await lock();
  return 'passcode-wrong';
}
