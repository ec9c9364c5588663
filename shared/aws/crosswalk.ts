/**
 * The table that maps pseudonyms back. Who de-identifies writes it, and only what is not there yet; who shows an identified link
 * reads two attributes of a row, the only ones that its permissions let it name.
 */
import { IDENTITY_ATTRIBUTES } from '../contract/names.ts';
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

/** Who the patient of a study is, as the instance said that came first. */
export interface Identity {
  readonly patientName: string;
  readonly patientBirthDate: string;
}

/** A function that reads who the patient of a study is; undefined where no row says. */
export function openIdentities(
  tableName: string,
  table: Pick<Table, 'get'> = openTable(tableName),
): (study: string) => Promise<Identity | undefined> {
  return async (study) => {
    const row = await table.get({ pk: `study#${study}`, sk: 'study' }, IDENTITY_ATTRIBUTES);
    return (
      row && {
        patientName: row.text('patientName') ?? '',
        patientBirthDate: row.text('patientBirthDate') ?? '',
      }
    );
  };
}
