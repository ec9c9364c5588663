/** Rolls instances up to series and study: orders, counts, sums. */
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';
import type { DicomJson } from '../../shared/dicom/index.ts';
import { type InstanceFacts, text } from './instance-facts.ts';

/** The summary of a study; what is said of the study and the patient is taken from `header`, that of its first instance. */
export function summarizeStudy(
  study: string,
  header: DicomJson,
  instances: readonly InstanceFacts[],
  completedAt: string,
): StudySummary {
  const bySeries = new Map<string, InstanceFacts[]>();
  for (const instance of instances) {
    const series = bySeries.get(instance.seriesInstanceUid);
    if (series) series.push(instance);
    else bySeries.set(instance.seriesInstanceUid, [instance]);
  }
  const selected = new Set(instances.flatMap(({ keyInstances }) => keyInstances));
  const series = [...bySeries].map(([uid, within]) => summarizeSeries(uid, within, selected));
  series.sort(
    (a, b) =>
      ascending(a.seriesNumber, b.seriesNumber) || (a.seriesInstanceUid < b.seriesInstanceUid ? -1 : 1),
  );
  const modalities = series.flatMap(({ modality }) => (modality === null ? [] : [modality]));
  return {
    studyInstanceUid: study,
    patientId: text(header, '00100020') ?? '',
    patientSex: text(header, '00100040'),
    studyDate: text(header, '00080020'),
    ...datesOf(header),
    studyDescription: text(header, '00081030'),
    modalities: [...new Set(modalities)].sort(),
    series,
    instances: instances.length,
    bytes: instances.reduce((sum, { summary }) => sum + summary.bytes, 0),
    completedAt,
  };
}

const DATES = { MODIFIED: 'moved', UNMODIFIED: 'kept', REMOVED: 'removed' } as const;

/** Longitudinal Temporal Information Modified (PS3.3 C.12.1). */
function datesOf(header: DicomJson): Pick<StudySummary, 'dates'> {
  const said = text(header, '00280303') ?? '';
  return Object.hasOwn(DATES, said) ? { dates: DATES[said as keyof typeof DATES] } : {};
}

function summarizeSeries(
  seriesInstanceUid: string,
  instances: readonly InstanceFacts[],
  selected: ReadonlySet<string>,
): SeriesSummary {
  const ordered = [...instances].sort(
    (a, b) =>
      ascending(a.summary.instanceNumber, b.summary.instanceNumber) ||
      ascending(a.position, b.position) ||
      (a.summary.sopInstanceUid < b.summary.sopInstanceUid ? -1 : 1),
  );
  const first = ordered[0];
  return {
    seriesInstanceUid,
    modality: first?.modality ?? null,
    seriesNumber: first?.seriesNumber ?? null,
    seriesDescription: first?.seriesDescription ?? null,
    instances: ordered.map(({ summary }) => summary),
    keyImage: keyImageOf(
      ordered.map(({ summary }) => summary),
      selected,
    ),
  };
}

/** The middle one of the selected instances, else of those that show an image, else of all. */
function keyImageOf(instances: readonly InstanceSummary[], selected: ReadonlySet<string>): number {
  const positions = instances.map((_, index) => index);
  const kinds = [
    positions.filter((index) => selected.has(instances[index]?.sopInstanceUid ?? '')),
    positions.filter((index) => instances[index]?.preview.placeholder === undefined),
    positions,
  ];
  const best = kinds.find(({ length }) => length > 0) ?? [];
  return best[Math.floor((best.length - 1) / 2)] ?? 0;
}

/** What has no number comes after what has one. */
function ascending(a: number | null, b: number | null): number {
  return (a ?? Number.MAX_VALUE) - (b ?? Number.MAX_VALUE);
}
