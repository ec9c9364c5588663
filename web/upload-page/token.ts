/**
 * The upload token: taken out of the address bar and the history before anything else happens, and kept for this tab alone,
 * so that a reload goes on. It leaves the page in a header, never in an address.
 */
const KEPT = 'filmroom-upload-token';
const TOKEN = /^#([0-9a-z]{26}[A-Za-z0-9_-]{43})$/;

/** The token of the address, else the one this tab had before. */
export function takeToken(): string | undefined {
  const [, token] = TOKEN.exec(location.hash) ?? [];
  if (location.hash !== '') history.replaceState(null, '', location.pathname);
  if (token === undefined) return sessionStorage.getItem(KEPT) ?? undefined;
  sessionStorage.setItem(KEPT, token);
  return token;
}

/** Forgets a token that opens nothing any more. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEPT);
}
