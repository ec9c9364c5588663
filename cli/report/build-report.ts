/** Puts the report of an upload together: the sums, every item, and a link for each study that is ready. */

import type { StudyLinks } from '../stack/upload-record.ts';
import type { UploadApi } from '../upload/upload-api.ts';
import type { IngestReport, Rates } from './json-output.ts';

/** The report as it stands now; `links` holds the address of each study's link. */
export async function buildReport(
  api: UploadApi,
  upload: string,
  links: StudyLinks,
  rates: Rates,
): Promise<IngestReport> {
  const summary = await api.summary(upload);
  const [{ items, archives }, missing] = await Promise.all([api.items(upload), api.missing(upload)]);
  return {
    upload: summary.upload,
    total: summary.total,
    states: summary.states,
    pending: summary.pending,
    reasons: summary.reasons,
    modalities: summary.modalities,
    studies: summary.studies.map((study) => ({ ...study, link: links[study.studyInstanceUid] ?? null })),
    items: items.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    archives,
    missing,
    rates,
  };
}

/** How fast it went: from the first byte to the last study ready, the time a study must be quiet apart. */
export function ratesOf(times: {
  readonly startedAt: number;
  readonly lastEndedAt: number;
  readonly endedAt: number;
  readonly quietSeconds: number;
  readonly instances: number;
}): Rates {
  const untilLastItem = times.lastEndedAt - times.startedAt;
  const completion = Math.max(0, times.endedAt - times.lastEndedAt - times.quietSeconds * 1000);
  const seconds = Math.max(0.001, (untilLastItem + completion) / 1000);
  return {
    seconds: Number(seconds.toFixed(3)),
    instancesPerSecond: Number((times.instances / seconds).toFixed(1)),
  };
}
