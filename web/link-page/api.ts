/** The calls the page makes, all to its own origin. The session is a cookie that this script cannot read. */
import type { GrantAnswer, OpenedLink, OpenFailure, ReportText } from '../../shared/contract/api.ts';
import type {
  InstanceSummary,
  SeriesSprite,
  SeriesSummary,
  StudySummary,
} from '../../shared/contract/study-summary.ts';

export type Opened = { ok: true; link: OpenedLink } | { ok: false; failure: OpenFailure | 'unreachable' };

/** Exchanges the token of the link for a session, or with `renew` lets the one at hand go on. */
export async function openLink(token: string, passcode?: string, renew = false): Promise<Opened> {
  let response: Response;
  try {
    response = await fetch('/api/open', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token,
        ...(passcode === undefined ? {} : { passcode }),
        ...(renew ? { renew } : {}),
      }),
    });
  } catch {
    return { ok: false, failure: 'unreachable' };
  }
  if (response.ok) return { ok: true, link: (await response.json()) as OpenedLink };
  if (response.status !== 401) return { ok: false, failure: 'unreachable' };
  const { error } = (await response.json()) as { error: OpenFailure };
  return { ok: false, failure: error };
}

/** A study that the session grants, the link's own unless told; `undefined` where there is no session, or no more. */
export async function fetchStudy(prior?: string): Promise<StudySummary | undefined> {
  const response = await fetch(prior === undefined ? '/api/study' : `/api/study?study=${prior}`);
  if (response.status === 401 || response.status === 403) return undefined;
  if (!response.ok) throw new Error(`the study could not be fetched: ${response.status}`);
  const study = (await response.json()) as StudySummary;
  if (prior === undefined) own = study.studyInstanceUid;
  for (const series of study.series) studies.set(series, study);
  return study;
}

/** What the link grants; `undefined` where it cannot be told. */
export async function fetchGrant(): Promise<GrantAnswer | undefined> {
  const response = await fetch('/api/grant');
  return response.ok ? ((await response.json()) as GrantAnswer) : undefined;
}

/** Of which study a series is: the one of the link, or a prior that it grants. */
const studies = new WeakMap<SeriesSummary, StudySummary>();
let own: string | undefined;

export function studyOf(series: SeriesSummary): StudySummary | undefined {
  return studies.get(series);
}

/** An address of the API; what is not of the link's own study says of which it is. */
function address(series: SeriesSummary, path: string, query: readonly string[] = []): string {
  const study = studies.get(series)?.studyInstanceUid;
  const all = [...query, study === undefined || study === own ? '' : `study=${study}`].filter(
    (part) => part !== '',
  );
  return all.length === 0 ? path : `${path}?${all.join('&')}`;
}

/** Tells of pages that are about to be printed, once for each study on them; throws where that cannot be kept for the audit. */
export async function reportPrinted(chosen: readonly SeriesSummary[], pages: number): Promise<void> {
  for (const url of new Set(chosen.map((series) => address(series, '/api/printed')))) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pages }),
    });
    if (!response.ok) throw new Error(`the printing could not be reported: ${response.status}`);
  }
}

const placeOf = (series: SeriesSummary, instance: InstanceSummary) =>
  `${series.seriesInstanceUid}/${instance.sopInstanceUid}`;

export function previewUrl(series: SeriesSummary, instance: InstanceSummary): string {
  return address(series, `/api/previews/${placeOf(series, instance)}`);
}

/** The same picture where nothing is to move. */
export function stillUrl(series: SeriesSummary, instance: InstanceSummary): string {
  return address(series, `/api/previews/${placeOf(series, instance)}`, ['still']);
}

/** A large picture of one frame, as it asks to be shown. */
export function pictureUrl(wish: {
  readonly series: SeriesSummary;
  readonly instance: InstanceSummary;
  readonly frame?: number | undefined;
  readonly size: number;
}): string {
  const { series, instance, frame, size } = wish;
  const query = [`size=${size}`, frame === undefined ? '' : `frame=${frame}`];
  return address(series, `/api/pictures/${placeOf(series, instance)}`, query);
}

/** DICOMweb of a series, as far as the link grants it. */
export function dicomwebUrl(series: SeriesSummary): string {
  const study = studies.get(series)?.studyInstanceUid ?? own ?? '';
  return `/api/dicomweb/studies/${study}/series/${series.seriesInstanceUid}`;
}

/** The film of an instance as it is stored, whatever form it is in. */
export function filmUrl(series: SeriesSummary, instance: InstanceSummary): string {
  return `${dicomwebUrl(series)}/instances/${instance.sopInstanceUid}/bulkdata/7FE00010`;
}

export function spriteUrl(series: SeriesSummary, sprite: SeriesSprite): string {
  return address(series, `/api/sprites/${series.seriesInstanceUid}/${sprite.name}`);
}

/** The text of a structured report; `undefined` where it cannot be had. */
export async function fetchReport(
  series: SeriesSummary,
  instance: InstanceSummary,
): Promise<ReportText | undefined> {
  const response = await fetch(address(series, `/api/reports/${placeOf(series, instance)}`));
  return response.ok ? ((await response.json()) as ReportText) : undefined;
}

export const DOWNLOAD_URL = '/download/study.zip';
