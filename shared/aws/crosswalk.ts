/** The table that maps pseudonyms back. This side can only write it, and only what is not there yet. */
import { openTable, type Table } from './table.ts';

export interface CrosswalkEntry {
  /** Pseudonymous. */
  readonly study: string;
  readonly patient: string;
  readonly original: {
    readonly studyInstanceUid: string;
    readonly patientId: string;
    readonly issuerOfPatientId: string;
    readonly patientName: string;
    readonly patientBirthDate: string;
  };
}

/** So many studies are remembered as written, so that the slices of one series write it once per container. */
const REMEMBERED = 1_000;

/** A function that writes an entry unless it is there. */
export function openCrosswalk(
  tableName: string,
  table: Pick<Table, 'putNew'> = openTable(tableName),
): (entry: CrosswalkEntry) => Promise<void> {
  const written = new Set<string>();
  return async ({ study, patient, original }) => {
    if (written.has(study)) return;
    await table.putNew({
      pk: `study#${study}`,
      sk: 'study',
      patient,
      ...original,
      writtenAt: new Date().toISOString(),
    });
    if (written.size >= REMEMBERED) written.clear();
    written.add(study);
  };
}
