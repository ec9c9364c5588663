/** The sums of an upload, counted anew from its items each time; and whether anything may still change. */
import type { StudyRow } from '../../shared/aws/index-table.ts';
import type { Ledger, LedgerItem, UploadRow } from '../../shared/aws/ledger.ts';
import type { ReportStudy, UploadSummary } from '../../shared/contract/report.ts';

export interface SummaryPorts {
  visit: Ledger['visit'];
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
  const modalities: Record<string, number> = {};
  const studies = new Map<string, ReportStudy['items']>();
  const refusedOf = new Map<string, number>();
  let pending = 0;
  let files = 0;
  let entries = 0;
  let announced = 0;

  const countInstance = (state: 'indexed' | 'duplicate', { study, modality = '' }: LedgerItem) => {
    modalities[modality] = (modalities[modality] ?? 0) + 1;
    if (study === undefined) return;
    const items = studies.get(study) ?? { indexed: 0, duplicate: 0, quarantined: 0 };
    items[state]++;
    studies.set(study, items);
  };
  await ports.visit(upload, (item) => {
    if (item.parent === undefined) files++;
    else entries++;
    if (item.state === 'unpacked') {
      announced += item.entries;
      return;
    }
    if (item.reason !== undefined) reasons[item.reason] = (reasons[item.reason] ?? 0) + 1;
    if (item.state === 'pending') pending++;
    else states[item.state]++;
    if (item.state === 'indexed' || item.state === 'duplicate') countInstance(item.state, item);
    else if (item.state === 'quarantined' && item.study !== undefined)
      refusedOf.set(item.study, (refusedOf.get(item.study) ?? 0) + 1);
  });
  // What was sent and has not arrived, and what an archive holds and has not arrived, is on its way.
  const expected = row?.expected ?? null;
  pending += Math.max(0, announced - entries) + Math.max(0, (expected ?? 0) - files);
  const found = new Map((await ports.studies([...studies.keys()])).map((study) => [study.study, study]));
  const closedAt = row?.closedAt ?? null;
  const reported = [...studies]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([study, items]) =>
      reportOf(study, found.get(study), { ...items, quarantined: refusedOf.get(study) ?? 0 }),
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
    modalities,
    studies: reported,
    settled: closedAt !== null && pending === 0 && reported.every(({ ready }) => ready),
  };
}

function reportOf(study: string, row: StudyRow | undefined, items: ReportStudy['items']): ReportStudy {
  return {
    studyInstanceUid: study,
    patientId: row?.patientId ?? '',
    series: row?.rollUp?.series ?? 0,
    instances: row?.rollUp?.instances ?? 0,
    ready: row?.ready ?? false,
    items,
  };
}
