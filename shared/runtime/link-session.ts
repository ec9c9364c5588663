/**
 * The session of who opened a link: a cookie of 256 random bits, kept as a hash, for minutes. It is checked at each request
 * and the link with it, so that what is revoked or has expired shows nothing more. For viewers that carry no cookie a segment of
 * the path, made from a session, stands for it.
 */
import { cookieIn, HttpRefusal } from './http-handler.ts';
import { hashToken } from './secrets.ts';

/** How long one opening lasts. */
export const SESSION_SECONDS = 15 * 60;
/** How long a segment of a path stands for a session: a viewer in another window is not opened again by itself. */
export const SEGMENT_SECONDS = 15 * 60;
/** `__Host-` binds it to this host, to TLS and to the path `/` (RFC 6265bis 4.1.3.2). */
export const SESSION_COOKIE = '__Host-filmroom';

/** What a session may see: fixed when the link was opened. */
export interface Grant {
  readonly link: string;
  /** The study that the link is for. */
  readonly study: string;
  /** That study first, then those of the same patient that the link grants as well, the latest first. */
  readonly studies: readonly string[];
  /** Pseudonymous. */
  readonly patient: string;
  /** Whether name and birth date are shown. */
  readonly identified: boolean;
}

export interface OpenSession extends Grant {
  /** Names the session and opens nothing: the hash that is kept of its cookie. */
  readonly session: string;
  readonly expiresAt: string;
  readonly linkExpiresAt: string;
}

export interface SessionPorts {
  session(sessionHash: string): Promise<(Grant & { readonly expiresAt: string }) | undefined>;
  link(
    link: string,
  ): Promise<{ readonly expiresAt: string; readonly revokedAt: string | undefined } | undefined>;
  now(): Date;
}

/** The session that the cookie stands for; undefined where it or its link is no longer good. */
export async function checkSession(
  cookie: string | undefined,
  ports: SessionPorts,
): Promise<OpenSession | undefined> {
  if (!cookie || cookie.length > 100) return undefined;
  return checkHash(hashToken(cookie), ports);
}

/** The session that a segment of a path stands for, as that of a cookie. */
export async function checkSegment(
  segment: string | undefined,
  ports: SessionPorts,
): Promise<OpenSession | undefined> {
  if (!segment || segment.length > 100) return undefined;
  return checkHash(segmentHash(segment), ports);
}

/** What is kept of a segment: no cookie has such a hash, so neither can stand for the other. */
export function segmentHash(segment: string): string {
  return `segment#${hashToken(segment)}`;
}

async function checkHash(hash: string, ports: SessionPorts): Promise<OpenSession | undefined> {
  const session = await ports.session(hash);
  if (!session || session.expiresAt <= ports.now().toISOString()) return undefined;
  const linkExpiresAt = await openUntil(session.link, ports);
  return linkExpiresAt === undefined ? undefined : { ...session, session: hash, linkExpiresAt };
}

/** Until when the link is open; undefined where it is not. Asked again by whoever hands out something for minutes. */
export async function openUntil(
  id: string,
  ports: Pick<SessionPorts, 'link' | 'now'>,
): Promise<string | undefined> {
  const link = await ports.link(id);
  const isOpen = link && link.revokedAt === undefined && link.expiresAt > ports.now().toISOString();
  return isOpen ? link.expiresAt : undefined;
}

/**
 * The study that a request is about: `?study=…` where it names one, else the link's own. What lies outside of the grant is
 * answered as what does not exist; so is a query that names several, which different readers would read differently.
 */
export function askedStudy(
  { study, studies }: Pick<Grant, 'study' | 'studies'>,
  query: URLSearchParams,
): string {
  const [asked, ...more] = query.getAll('study');
  if (asked === undefined) return study;
  if (more.length > 0 || !studies.includes(asked)) throw new HttpRefusal(404, 'not-found');
  return asked;
}

/** The cookie's value among a request's cookies, each `name=value`. */
export function sessionCookieOf(cookies: readonly string[]): string | undefined {
  return cookieIn(cookies, SESSION_COOKIE);
}

/** What sets the cookie. */
export function setSessionCookie(session: string): string {
  return `${SESSION_COOKIE}=${session}; Path=/; Max-Age=${SESSION_SECONDS}; Secure; HttpOnly; SameSite=Strict`;
}
