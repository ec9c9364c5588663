/** The calls the page makes, all to its own origin. The session is a cookie that this script cannot read. */
import type { OpenedLink, OpenFailure, ReportText } from '../../shared/contract/api.ts';
import type {
  InstanceSummary,
  SeriesSprite,
  SeriesSummary,
  StudySummary,
} from '../../shared/contract/study-summary.ts';

export type Opened = { ok: true; link: OpenedLink } | { ok: false; failure: OpenFailure | 'unreachable' };

/** Exchanges the token of the link for a session. */
export async function openLink(token: string, passcode?: string): Promise<Opened> {
  let response: Response;
  try {
    response = await fetch('/api/open', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(passcode === undefined ? { token } : { token, passcode }),
    });
  } catch {
    return { ok: false, failure: 'unreachable' };
  }
  if (response.ok) return { ok: true, link: (await response.json()) as OpenedLink };
  if (response.status !== 401) return { ok: false, failure: 'unreachable' };
  const { error } = (await response.json()) as { error: OpenFailure };
  return { ok: false, failure: error };
}

/** The study of the session; `undefined` where there is no session, or no more. */
export async function fetchStudy(): Promise<StudySummary | undefined> {
  const response = await fetch('/api/study');
  if (response.status === 401 || response.status === 403) return undefined;
  if (!response.ok) throw new Error(`the study could not be fetched: ${response.status}`);
  return (await response.json()) as StudySummary;
}

export function previewUrl(series: SeriesSummary, instance: InstanceSummary): string {
  return `/api/previews/${series.seriesInstanceUid}/${instance.sopInstanceUid}`;
}

/** The same picture where nothing is to move. */
export function stillUrl(series: SeriesSummary, instance: InstanceSummary): string {
  return `${previewUrl(series, instance)}?still`;
}

/** A large picture of one frame; `window` and `inverted` where it is not to be shown as it asks for itself. */
export function pictureUrl(wish: {
  readonly series: SeriesSummary;
  readonly instance: InstanceSummary;
  readonly frame?: number | undefined;
  readonly size: number;
  readonly window?: { readonly center: number; readonly width: number } | undefined;
  readonly inverted: boolean;
}): string {
  const query = [
    `size=${wish.size}`,
    wish.frame === undefined ? '' : `frame=${wish.frame}`,
    wish.window === undefined ? '' : `window=${wish.window.center},${wish.window.width}`,
    wish.inverted ? 'inverted=1' : '',
  ];
  const path = `/api/pictures/${wish.series.seriesInstanceUid}/${wish.instance.sopInstanceUid}`;
  return `${path}?${query.filter((part) => part !== '').join('&')}`;
}

export function spriteUrl(series: SeriesSummary, sprite: SeriesSprite): string {
  return `/api/sprites/${series.seriesInstanceUid}/${sprite.name}`;
}

/** The text of a structured report; `undefined` where it cannot be had. */
export async function fetchReport(
  series: SeriesSummary,
  instance: InstanceSummary,
): Promise<ReportText | undefined> {
  const response = await fetch(`/api/reports/${series.seriesInstanceUid}/${instance.sopInstanceUid}`);
  return response.ok ? ((await response.json()) as ReportText) : undefined;
}

export const DOWNLOAD_URL = '/download/study.zip';
