/**
 * The link by which a study is downloaded. A long one is prepared before it can be fetched: the link tells how far it is, and the
 * download begins by itself. Without this script the same address serves a page that waits.
 */
import { DOWNLOAD_URL } from './api.ts';
import { announce, make } from './dom.ts';
import { type Readiness, whenReady } from './when-ready.ts';

/**
 * The link; `detail` is what the archive is. The study is named, as the session may be that of another link that was opened since
 * in the same browser.
 */
export function downloadLink(study: string, detail: string): HTMLAnchorElement {
  const url = `${DOWNLOAD_URL}?study=${encodeURIComponent(study)}`;
  const state = make('span', { class: 'detail' }, detail);
  // No `download`: a browser would save a page that says "wait" as well.
  const link = make('a', { class: 'button primary', href: url }, 'Download study', state);
  let isAsking = false;
  const say = (text: string) => {
    state.textContent = text;
    announce(text);
  };
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    whenReady(
      () => fetch(url, { method: 'HEAD', redirect: 'manual' }),
      (prepared) => say(`Preparing, ${Math.round(prepared * 100)} %`),
      (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    )
      .catch((): Readiness => 'failed')
      .then((readiness) => {
        isAsking = false;
        if (readiness === 'no-session') return say('The session has ended: open the link again');
        if (readiness === 'failed') return say('The download failed: try again');
        state.textContent = detail;
        location.assign(url);
      });
  });
  return link;
}
