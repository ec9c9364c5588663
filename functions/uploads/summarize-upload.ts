/** The sums of an upload, counted anew from its items each time; and whether anything may still change. */
import type { StudyRow } from '../../shared/aws/index-table.ts';
import type { LedgerItem, UploadRow } from '../../shared/aws/ledger.ts';
import type { ReportStudy, UploadSummary } from '../../shared/contract/report.ts';

export interface SummaryPorts {
  items(upload: string): AsyncIterable<LedgerItem>;
  studies(studies: readonly string[]): Promise<StudyRow[]>;
}

/** The summary of an upload; `row` is undefined for what was uploaded without opening one. */
export async function summarizeUpload(
  upload: string,
  row: UploadRow | undefined,
  ports: SummaryPorts,
): Promise<UploadSummary> {
  const states = { indexed: 0, duplicate: 0, ignored: 0, quarantined: 0 };
  const reasons: Record<string, number> = {};
  const studies = new Set<string>();
  let pending = 0;
  let files = 0;
  let entries = 0;
  let announced = 0;
  for await (const item of ports.items(upload)) {
    if (item.parent === undefined) files++;
    else entries++;
    if (item.study !== undefined) studies.add(item.study);
    if (item.state === 'unpacked') announced += item.entries;
    else if (item.state === 'pending') pending++;
    else states[item.state]++;
    if (item.state !== 'unpacked' && item.reason !== undefined)
      reasons[item.reason] = (reasons[item.reason] ?? 0) + 1;
  }
  // What was sent and has not arrived, and what an archive holds and has not arrived, is on its way.
  const expected = row?.expected ?? null;
  pending += Math.max(0, announced - entries) + Math.max(0, (expected ?? 0) - files);
  const found = await ports.studies([...studies]);
  const closedAt = row?.closedAt ?? null;
  const reported = [...studies].sort().map((study) =>
    reportOf(
      study,
      found.find((one) => one.study === study),
    ),
  );
  return {
    upload,
    createdAt: row?.createdAt ?? null,
    closedAt,
    expected,
    total: states.indexed + states.duplicate + states.ignored + states.quarantined + pending,
    states,
    pending,
    reasons,
    studies: reported,
    settled: closedAt !== null && pending === 0 && reported.every(({ ready }) => ready),
  };
}

function reportOf(study: string, row: StudyRow | undefined): ReportStudy {
  return {
    studyInstanceUid: study,
    patientId: row?.patientId ?? '',
    series: row?.rollUp?.series ?? 0,
    instances: row?.rollUp?.instances ?? 0,
    ready: row?.ready ?? false,
  };
}
