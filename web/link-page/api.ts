/** The calls the page makes, all to its own origin. The session is a cookie that this script cannot read. */
import type { OpenedLink, OpenFailure } from '../../shared/contract/api.ts';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';

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

export const DOWNLOAD_URL = '/download/study.zip';
