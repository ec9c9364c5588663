/**
 * The session of who opened a link: a cookie of 256 random bits, kept as a hash, for minutes. It is checked at each request
 * and the link with it, so that what is revoked or has expired shows nothing more.
 */
import { hashToken } from './secrets.ts';

/** How long one opening lasts. */
export const SESSION_SECONDS = 15 * 60;
/** `__Host-` binds it to this host, to TLS and to the path `/` (RFC 6265bis 4.1.3.2). */
export const SESSION_COOKIE = '__Host-filmroom';

export interface OpenSession {
  readonly link: string;
  readonly study: string;
}

export interface SessionPorts {
  session(sessionHash: string): Promise<(OpenSession & { readonly expiresAt: string }) | undefined>;
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
  const now = ports.now().toISOString();
  const session = await ports.session(hashToken(cookie));
  if (!session || session.expiresAt <= now) return undefined;
  const link = await ports.link(session.link);
  if (!link || link.revokedAt !== undefined || link.expiresAt <= now) return undefined;
  return { link: session.link, study: session.study };
}

/** The cookie's value among a request's cookies, each `name=value`. */
export function sessionCookieOf(cookies: readonly string[]): string | undefined {
  const prefix = `${SESSION_COOKIE}=`;
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
}

/** What sets the cookie. */
export function setSessionCookie(session: string): string {
  return `${SESSION_COOKIE}=${session}; Path=/; Max-Age=${SESSION_SECONDS}; Secure; HttpOnly; SameSite=Strict`;
}
