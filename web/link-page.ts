/** The page behind a link: opens it, fetches the study and shows the view that the address names. */
import type { StudySummary } from '../shared/contract/study-summary.ts';
import { fetchStudy } from './link-page/api.ts';
import { byId } from './link-page/dom.ts';
import { showClosed } from './link-page/gate-view.ts';
import { closeImage, showImage } from './link-page/image-view.ts';
import { routeOf } from './link-page/route.ts';
import { showSeries } from './link-page/series-view.ts';
import { startSession, takeToken } from './link-page/session.ts';
import { showStudy } from './link-page/study-view.ts';

let shown = '';

function follow(study: StudySummary): void {
  const route = routeOf(location.hash);
  const page = route.page === 'study' ? 'study' : `series ${route.series}`;
  if (route.page !== 'image') closeImage();
  if (page !== shown) {
    if (route.page === 'study') showStudy(study);
    else showSeries(study, route.series);
    scrollTo({ top: 0 });
    // At the first view the focus stays where the browser puts it.
    if (shown !== '') byId('main').focus({ preventScroll: true });
    shown = page;
  }
  if (route.page === 'image') showImage(study, route.series, route.image);
}

async function start(): Promise<void> {
  const token = takeToken();
  if (token !== undefined) await startSession(token);
  const study = await fetchStudy();
  if (study === undefined) {
    showClosed('no-session');
    return;
  }
  addEventListener('hashchange', () => {
    // A second link pasted into the same tab.
    if (location.hash !== '' && !location.hash.startsWith('#/') && location.hash !== '#main')
      location.reload();
    else if (location.hash !== '#main') follow(study);
  });
  follow(study);
}

start().catch(() => showClosed('unreachable'));
