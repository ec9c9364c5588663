/**
 * From the address of the link to a session. The token leaves the address bar before anything else happens, and is kept
 * in memory alone, to renew the session while the page stays open.
 */
import type { OpenedLink } from '../../shared/contract/api.ts';
import { openLink } from './api.ts';
import { byId } from './dom.ts';
import { dateAndTime } from './format.ts';
import { showClosed, showPasscode } from './gate-view.ts';
import { tokenOf } from './route.ts';

/** Renewed this long before it ends. */
const RENEW_AHEAD_MS = 30_000;

/** Takes the token out of the address bar and out of the history. */
export function takeToken(): string | undefined {
  const token = tokenOf(location.hash);
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return token;
}

/** Opens the link, asking for the passcode as often as it must; resolves only when it is open. */
export async function startSession(token: string, passcode?: string): Promise<void> {
  const opened = await openLink(token, passcode);
  if (opened.ok) {
    showValidity(opened.link);
    renewInTime(token, passcode, opened.link);
    return;
  }
  const { failure } = opened;
  if (failure !== 'passcode-required' && failure !== 'passcode-wrong') {
    showClosed(failure);
    return new Promise(() => {});
  }
  const next = await new Promise<string>((resolve) => showPasscode(failure === 'passcode-wrong', resolve));
  return startSession(token, next);
}

function showValidity(link: OpenedLink): void {
  byId('validity').textContent = `Link valid until ${dateAndTime(link.linkExpiresAt)}`;
}

function renewInTime(token: string, passcode: string | undefined, link: OpenedLink): void {
  const left = Date.parse(link.sessionExpiresAt) - Date.now() - RENEW_AHEAD_MS;
  setTimeout(
    async () => {
      const again = await openLink(token, passcode, true);
      if (again.ok) renewInTime(token, passcode, again.link);
      else if (again.failure === 'passcode-required' || again.failure === 'passcode-wrong')
        showClosed('no-session');
      else showClosed(again.failure);
    },
    Math.max(1_000, left),
  );
}
