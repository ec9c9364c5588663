/** The page behind a link: opens it, fetches the study and shows the view that the address names. */

import type { GrantAnswer } from '../shared/contract/api.ts';
import type { StudySummary } from '../shared/contract/study-summary.ts';
import { fetchGrant, fetchStudy } from './link-page/api.ts';
import { byId } from './link-page/dom.ts';
import { showClosed } from './link-page/gate-view.ts';
import { identityOf, showIdentity } from './link-page/identity.ts';
import { type Beside, closeImage, fetchViewerAhead, showImage } from './link-page/image-view.ts';
import { type Route, routeOf } from './link-page/route.ts';
import { showSeries } from './link-page/series-view.ts';
import { startSession, takeToken } from './link-page/session.ts';
import { showStudy } from './link-page/study-view.ts';

let shown = '';
let beside: Promise<Beside>;

function pageOf(route: Route): string {
  if (route.page === 'image') return shown === '' ? 'study' : shown;
  return route.page === 'study' ? 'study' : `series ${route.series}`;
}

function follow(study: StudySummary): void {
  const route = routeOf(location.hash);
  // Images lie over the page that is there.
  const page = pageOf(route);
  if (route.page !== 'image') closeImage();
  if (page !== shown) {
    if (route.page === 'series') showSeries(study, route.series);
    else showStudy(study);
    scrollTo({ top: 0 });
    // At the first view the focus stays where the browser puts it.
    if (shown !== '') byId('main').focus({ preventScroll: true });
    shown = page;
  }
  if (route.page === 'image') showImage(study, route.series, route.image, beside);
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
  const grant = fetchGrant().catch(() => undefined);
  beside = grant.then(besideOf);
  follow(study);
  const granted = await grant;
  const identity = granted && identityOf(granted);
  if (identity !== undefined) showIdentity(identity);
  await fetchViewerAhead();
}

/** Priors are fetched behind the study; one that cannot be had is left out. */
async function besideOf(grant: GrantAnswer | undefined): Promise<Beside> {
  const others = (grant?.studies ?? []).slice(1).map(({ studyInstanceUid }) => studyInstanceUid);
  const priors = await Promise.all(others.map((uid) => fetchStudy(uid).catch(() => undefined)));
  return { priors: priors.flatMap((prior) => prior ?? []), identified: grant && identityOf(grant) };
}

start().catch(() => showClosed('unreachable'));
