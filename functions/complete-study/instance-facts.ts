/** What the roll-up of a study takes from the header of one instance (DICOM JSON, PS3.18 F). */
import type { IndexedInstance } from '../../shared/aws/index-table.ts';
import type { InstanceSummary } from '../../shared/contract/study-summary.ts';
import type { DicomJson } from '../../shared/dicom/index.ts';

export interface InstanceFacts {
  readonly seriesInstanceUid: string;
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string | null;
  /** Along the normal of the slice, in mm; null where the instance has no place in the patient. */
  readonly position: number | null;
  readonly summary: InstanceSummary;
}

/** The facts of an instance. */
export function factsOf({ uids, bytes, preview }: IndexedInstance, header: DicomJson): InstanceFacts {
  return {
    seriesInstanceUid: uids.series,
    modality: text(header, '00080060'),
    seriesNumber: number(header, '00200011'),
    seriesDescription: text(header, '0008103E'),
    position: positionOf(header),
    summary: {
      sopInstanceUid: uids.instance,
      sopClassUid: text(header, '00080016') ?? '',
      instanceNumber: number(header, '00200013'),
      rows: number(header, '00280010'),
      columns: number(header, '00280011'),
      frames: number(header, '00280008') ?? 1,
      bytes,
      crc32: null,
      preview,
    },
  };
}

/** The first value as text. */
export function text(header: DicomJson, tag: string): string | null {
  const value = header[tag]?.Value?.[0];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}

/** The first value as a number. */
export function number(header: DicomJson, tag: string): number | null {
  return numbers(header, tag)[0] ?? null;
}

function numbers(header: DicomJson, tag: string): number[] {
  return (header[tag]?.Value ?? []).map(Number).filter((value) => Number.isFinite(value));
}

/** Image Position (Patient) along the cross product of the two directions of Image Orientation (PS3.3 C.7.6.2.1.1). */
function positionOf(header: DicomJson): number | null {
  const [x, y, z] = numbers(header, '00200032');
  const [rx, ry, rz, cx, cy, cz] = numbers(header, '00200037');
  if (x === undefined || y === undefined || z === undefined) return null;
  if (rx === undefined || ry === undefined || rz === undefined) return null;
  if (cx === undefined || cy === undefined || cz === undefined) return null;
  return x * (ry * cz - rz * cy) + y * (rz * cx - rx * cz) + z * (rx * cy - ry * cx);
}
