/**
 * The index: a row per study, a row per instance (its header as compressed DICOM JSON). Counts are never incremented here:
 * whoever completes a study counts its rows. What is marked as changed last wins; what completes must still be last.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { InstanceUids } from '../contract/names.ts';
import type { ItemReader, Row } from './attributes.ts';
import { allRows, openTable, type Table } from './table.ts';

export interface PreviewFacts {
  readonly width: number;
  readonly height: number;
  readonly placeholder?: string;
}

export interface IndexedInstance {
  readonly uids: InstanceUids;
  /** DICOM JSON of the header, as text. */
  readonly header: string;
  readonly bytes: number;
  /** Of the stored bytes; absent where it is not known. */
  readonly crc32?: number;
  readonly transferSyntaxUid?: string;
  readonly preview: PreviewFacts;
}

export interface StudyRollUp {
  readonly completedAt: string;
  readonly patientId: string;
  readonly series: number;
  readonly instances: number;
  readonly bytes: number;
  /** DICOM JSON of the study level (PS3.18 10.6.3.3), as text. */
  readonly attributes: string;
}

export interface StudyRow {
  readonly study: string;
  readonly changeToken: string;
  readonly patientId: string;
  readonly ready: boolean;
  /** Of the last completion, which may be older than the last change. */
  readonly rollUp: StudyRollUp | undefined;
}

/** Study Dates from one to another, both of them in it. */
export interface StudyDates {
  readonly from?: string;
  readonly to?: string;
}

export interface IndexTable {
  putInstances(instances: readonly IndexedInstance[]): Promise<void>;
  markChanged(study: string, changeToken: string, patientId: string): Promise<void>;
  study(study: string): Promise<StudyRow | undefined>;
  studies(studies: readonly string[]): Promise<StudyRow[]>;
  /** In the order of series and instance UID. */
  instances(study: string): AsyncIterable<IndexedInstance>;
  /** Completes the change that the token stands for; false where a later one came. */
  complete(study: string, changeToken: string, rollUp: StudyRollUp): Promise<boolean>;
  /** Complete studies by Study Date and then UID, the last first; with `dates` only those that have one of these. */
  completeStudies(dates?: StudyDates): AsyncIterable<StudyRow>;
  /** Studies of the patient, in the order of their UIDs. */
  studiesOfPatient(patientId: string): Promise<StudyRow[]>;
}

/** A DynamoDB row takes 400 KB; a longer header goes on in further rows. */
const HEADER_PART_BYTES = 350_000;
/** GSI `byKind`. */
const KIND = 'study';

/** The index in the table of that name. */
export function openIndexTable(tableName: string, table: Table = openTable(tableName)): IndexTable {
  return {
    async putInstances(instances) {
      await table.putAll(instances.flatMap(instanceRows));
    },

    async markChanged(study, changeToken, patientId) {
      await table.update(studyKey(study), {
        UpdateExpression: 'SET changeToken = :token, patientId = :patient',
        values: { ':token': changeToken, ':patient': patientId },
      });
    },

    async study(study) {
      const row = await table.get(studyKey(study));
      return row && studyOf(row);
    },

    async studies(studies) {
      return (await table.getAll(studies.map(studyKey))).map(studyOf);
    },

    async *instances(study) {
      const rows = allRows(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ConsistentRead: true,
        values: { ':pk': studyKey(study).pk, ':prefix': 'instance#' },
      });
      let first: ItemReader | undefined;
      let parts: Uint8Array[] = [];
      for await (const row of rows) {
        if (row.number('parts') !== undefined) {
          first = row;
          parts = [];
        }
        parts.push(row.bytes('header') ?? new Uint8Array());
        if (first && parts.length === first.number('parts')) yield instanceOf(study, first, parts);
      }
    },

    async complete(study, changeToken, rollUp) {
      // Found by patient before by anything else: a row that is named here and not complete is passed over.
      await table.update(patientKey(rollUp.patientId, study), {
        UpdateExpression: 'SET study = :study',
        values: { ':study': study },
      });
      const updated = await table.update(studyKey(study), {
        UpdateExpression: `SET completedToken = :token, completedAt = :at, patientId = :patient, series = :series,
          instances = :instances, #bytes = :bytes, #attributes = :attributes, gsi1pk = :kind, gsi1sk = :place`,
        ConditionExpression: 'changeToken = :token',
        ExpressionAttributeNames: { '#bytes': 'bytes', '#attributes': 'attributes' },
        values: {
          ':token': changeToken,
          ':at': rollUp.completedAt,
          ':patient': rollUp.patientId,
          ':series': rollUp.series,
          ':instances': rollUp.instances,
          ':bytes': rollUp.bytes,
          ':attributes': rollUp.attributes,
          ':kind': KIND,
          ':place': placeOf(study, rollUp.attributes),
        },
      });
      return updated !== undefined;
    },

    async *completeStudies({ from = '', to = LAST_DATE } = {}) {
      const rows = allRows(table, {
        IndexName: 'byKind',
        KeyConditionExpression: 'gsi1pk = :kind AND gsi1sk BETWEEN :from AND :to',
        ScanIndexForward: false,
        // A UID ends before the tilde does.
        values: { ':kind': KIND, ':from': `${from}#`, ':to': `${to}#~` },
      });
      for await (const row of rows) yield studyOf(row);
    },

    async studiesOfPatient(patientId) {
      const studies: string[] = [];
      const rows = allRows(table, {
        KeyConditionExpression: 'pk = :pk',
        values: { ':pk': patientKey(patientId, '').pk },
      });
      for await (const row of rows) studies.push(row.text('study') ?? '');
      const found = (await table.getAll(studies.map(studyKey))).map(studyOf);
      return found.sort((a, b) => (a.study < b.study ? -1 : 1));
    },
  };
}

/** Later than any Study Date. */
const LAST_DATE = '99999999';

/** Where a study stands in the order of all: what has no Study Date comes before the earliest one. */
function placeOf(study: string, attributes: string): string {
  const { '00080020': date } = JSON.parse(attributes) as { '00080020'?: { Value?: unknown[] } };
  const text = date?.Value?.[0];
  return `${typeof text === 'string' ? text : ''}#${study}`;
}

function patientKey(patientId: string, study: string): { pk: string; sk: string } {
  return { pk: `patient#${patientId}`, sk: `study#${study}` };
}

function studyKey(study: string): { pk: string; sk: string } {
  return { pk: `study#${study}`, sk: 'study' };
}

function instanceRows({ uids, header, bytes, crc32, transferSyntaxUid, preview }: IndexedInstance): Row[] {
  const packed = gzipSync(header);
  const pk = studyKey(uids.study).pk;
  const sk = `instance#${uids.series}#${uids.instance}`;
  const parts = Math.max(1, Math.ceil(packed.length / HEADER_PART_BYTES));
  return Array.from({ length: parts }, (_, part) => ({
    pk,
    sk: part === 0 ? sk : `${sk}#${String(part).padStart(4, '0')}`,
    header: packed.subarray(part * HEADER_PART_BYTES, (part + 1) * HEADER_PART_BYTES),
    ...(part === 0
      ? {
          parts,
          bytes,
          crc32,
          transferSyntaxUid,
          width: preview.width,
          height: preview.height,
          placeholder: preview.placeholder,
        }
      : {}),
  }));
}

function instanceOf(study: string, row: ItemReader, parts: readonly Uint8Array[]): IndexedInstance {
  const [, series = '', instance = ''] = (row.text('sk') ?? '').split('#');
  const placeholder = row.text('placeholder');
  const crc32 = row.number('crc32');
  const transferSyntaxUid = row.text('transferSyntaxUid');
  return {
    uids: { study, series, instance },
    header: gunzipSync(Buffer.concat(parts)).toString('utf8'),
    bytes: row.number('bytes') ?? 0,
    ...(crc32 === undefined ? {} : { crc32 }),
    ...(transferSyntaxUid === undefined ? {} : { transferSyntaxUid }),
    preview: {
      width: row.number('width') ?? 0,
      height: row.number('height') ?? 0,
      ...(placeholder === undefined ? {} : { placeholder }),
    },
  };
}

function studyOf(row: ItemReader): StudyRow {
  const changeToken = row.text('changeToken') ?? '';
  const completedAt = row.text('completedAt');
  const patientId = row.text('patientId') ?? '';
  return {
    study: (row.text('pk') ?? '').slice('study#'.length),
    changeToken,
    patientId,
    ready: row.text('completedToken') === changeToken,
    rollUp:
      completedAt === undefined
        ? undefined
        : {
            completedAt,
            patientId,
            series: row.number('series') ?? 0,
            instances: row.number('instances') ?? 0,
            bytes: row.number('bytes') ?? 0,
            attributes: row.text('attributes') ?? '{}',
          },
  };
}
