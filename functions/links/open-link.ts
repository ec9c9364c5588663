/**
 * Opens a link: token and passcode for a session. A passcode has five tries, then the link is locked for a while; a try is taken
 * before the passcode is looked at, so that guesses made at the same time count as well; each lock lasts twice as long as the one
 * before. Every opening and denial is kept, and a token of no link costs the same work as a wrong one of a link.
 */

import type { z } from 'zod';
import type { Link, LinksTable } from '../../shared/aws/links-table.ts';
import type { OpenedLink, OpenFailure, OpenLink } from '../../shared/contract/api.ts';
import type { Audit, AuditFacts } from '../../shared/contract/audit.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';
import { SESSION_SECONDS } from '../../shared/runtime/link-session.ts';
import { hashToken, isPasscode, isSameHash, newToken } from '../../shared/runtime/secrets.ts';
import { linkOfToken } from './create-link.ts';

/** Wrong passcodes before the link is locked. */
export const TRIES = 5;
/** How long it stays locked the first time. */
export const LOCK_SECONDS = 15 * 60;
/** And at most: who guesses for ninety days has some 500 tries, of 10,000 passcodes of four digits. */
export const LONGEST_LOCK_SECONDS = 24 * 60 * 60;
/** Openings of one link in a minute: a doctor who reloads has one every few seconds. */
export const OPENINGS_A_MINUTE = 30;

/** Compared with where a token belongs to no link. */
const NO_HASH = hashToken('');

export interface OpenPorts {
  readonly links: Pick<
    LinksTable,
    'link' | 'takeTry' | 'lock' | 'countOpened' | 'openSession' | 'renewSession' | 'session'
  >;
  readonly audit: Audit;
  /** Earlier studies of the patient of a study. */
  priorsOf(study: string): Promise<readonly string[]>;
  now(): Date;
}

export type Opening =
  | { readonly session: string; readonly opened: z.infer<typeof OpenedLink> }
  | { readonly failure: z.infer<typeof OpenFailure> };

/** A new session, or why there is none; with `renew` the one that came along as `held` goes on, where it is of this link and not over. */
export async function openLink(
  { token, passcode, renew }: z.infer<typeof OpenLink>,
  ports: OpenPorts,
  by: Pick<AuditFacts, 'address' | 'run'>,
  held?: string,
): Promise<Opening> {
  const link = await ports.links.link(linkOfToken(token));
  const fits = isSameHash(link?.tokenHash ?? NO_HASH, hashToken(token));
  const facts = link ? { ...by, link: link.link, study: link.study, patient: link.patient } : by;
  const deny = (reason: string) => ports.audit({ ...facts, kind: 'deny', reason });
  if (!link || !fits) {
    await deny('unknown-link');
    return { failure: 'unknown-link' };
  }
  const now = ports.now();
  const refused = async (failure: z.infer<typeof OpenFailure>) => {
    await deny(failure);
    return { failure };
  };
  if (link.revokedAt !== undefined) return refused('revoked');
  if (link.expiresAt <= now.toISOString()) return refused('expired');
  // Asked each time: a prior that came since is shown, one that was removed is not.
  const granted = async () => [link.study, ...(link.priors ? await ports.priorsOf(link.study) : [])];
  const ends = Math.min(now.getTime() + SESSION_SECONDS * 1000, Date.parse(link.expiresAt));
  const expiresAt = new Date(ends).toISOString();
  const opened = { study: link.study, linkExpiresAt: link.expiresAt, sessionExpiresAt: expiresAt };
  const { identified } = link;
  if (renew && held !== undefined) {
    const hash = hashToken(held);
    const before = await ports.links.session(hash);
    // Whoever has it gave the passcode: a link that was locked by guesses since does not close what is open.
    if (before?.link === link.link && before.expiresAt > now.toISOString()) {
      await ports.audit({ ...facts, kind: 'renew', session: hash, identified });
      const going = { link: link.link, studies: await granted(), expiresAt };
      if (await ports.links.renewSession(hash, going)) return { session: held, opened };
    }
  }
  const failure = link.passcode && (await checkPasscode(link, link.passcode, passcode, ports));
  if (failure) return refused(failure);
  if (!(await ports.links.countOpened(link.link, now.toISOString().slice(0, 16), OPENINGS_A_MINUTE))) {
    await deny('too-many-openings');
    throw new HttpRefusal(429, 'too-many-openings');
  }
  const studies = await granted();
  const session = newToken();
  const hash = hashToken(session);
  await ports.audit({ ...facts, kind: 'open', session: hash, identified });
  await ports.links.openSession(hash, {
    link: link.link,
    study: link.study,
    studies,
    patient: link.patient,
    identified,
    expiresAt,
  });
  return { session, opened };
}

async function checkPasscode(
  { link, locks }: Link,
  expected: Parameters<typeof isPasscode>[1],
  passcode: string | undefined,
  ports: OpenPorts,
): Promise<z.infer<typeof OpenFailure> | undefined> {
  if (passcode === undefined) return 'passcode-required';
  const now = ports.now();
  const attempt = await ports.links.takeTry(link, now.toISOString());
  if (attempt === undefined) return 'locked';
  const seconds = Math.min(LOCK_SECONDS * 2 ** locks, LONGEST_LOCK_SECONDS);
  const until = new Date(now.getTime() + seconds * 1000).toISOString();
  const lock = () => ports.links.lock(link, now.toISOString(), until);
  if (attempt > TRIES) {
    await lock();
    return 'locked';
  }
  if (await isPasscode(passcode, expected)) return undefined;
  if (attempt === TRIES) await lock();
  return 'passcode-wrong';
}
