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
  /** The instances that a key object selection names; none for any other object. */
  readonly keyInstances: readonly string[];
  readonly summary: InstanceSummary;
}

/** The facts of an instance. */
export function factsOf(
  { uids, bytes, crc32, transferSyntaxUid, preview }: IndexedInstance,
  header: DicomJson,
): InstanceFacts {
  return {
    seriesInstanceUid: uids.series,
    modality: text(header, '00080060'),
    seriesNumber: number(header, '00200011'),
    seriesDescription: text(header, '0008103E'),
    position: positionOf(header),
    keyInstances: text(header, '00080016') === KEY_OBJECT_SELECTION ? evidenceOf(header) : [],
    summary: {
      sopInstanceUid: uids.instance,
      sopClassUid: text(header, '00080016') ?? '',
      instanceNumber: number(header, '00200013'),
      rows: number(header, '00280010'),
      columns: number(header, '00280011'),
      frames: number(header, '00280008') ?? 1,
      bytes,
      crc32: crc32 ?? null,
      ...(transferSyntaxUid === undefined ? {} : { transferSyntaxUid }),
      preview,
    },
  };
}

/** Key Object Selection Document Storage. */
const KEY_OBJECT_SELECTION = '1.2.840.10008.5.1.4.1.1.88.59';

/** The instances of Current Requested Procedure Evidence Sequence: all that are selected (PS3.3 C.17.6.2). */
function evidenceOf(header: DicomJson): string[] {
  const series = itemsOf(header, '0040A375').flatMap((study) => itemsOf(study, '00081115'));
  const instances = series.flatMap((one) => itemsOf(one, '00081199'));
  return instances.flatMap((instance) => text(instance, '00081155') ?? []);
}

function itemsOf(header: DicomJson, tag: string): DicomJson[] {
  const items: readonly unknown[] = header[tag]?.vr === 'SQ' ? (header[tag].Value ?? []) : [];
  return items.filter((item): item is DicomJson => typeof item === 'object' && item !== null);
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
