/** The files of a downloaded study: short names that every system and every CD reader takes, in the order of the study. */
import { instanceKey } from '../../shared/contract/names.ts';
import type { StudySummary } from '../../shared/contract/study-summary.ts';

export interface ArchiveEntry {
  readonly name: string;
  readonly key: string;
  readonly size: number;
}

/** `SE000001/IM000001.dcm` and so on. */
export function archiveEntries({ studyInstanceUid, series }: StudySummary): ArchiveEntry[] {
  return series.flatMap(({ seriesInstanceUid, instances }, seriesIndex) =>
    instances.map(({ sopInstanceUid, bytes }, index) => ({
      name: `SE${numbered(seriesIndex)}/IM${numbered(index)}.dcm`,
      key: instanceKey({ study: studyInstanceUid, series: seriesInstanceUid, instance: sopInstanceUid }),
      size: bytes,
    })),
  );
}

function numbered(index: number): string {
  return String(index + 1).padStart(6, '0');
}
