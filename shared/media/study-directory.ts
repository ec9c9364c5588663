/**
 * The DICOMDIR of a study, out of its summary, which has the order, and its stored metadata, which has the keys. The metadata is
 * read line by line: of each instance only its record is kept.
 */
import { createHash } from 'node:crypto';
import type { InstanceSummary, StudySummary } from '../contract/study-summary.ts';
import {
  type DicomJson,
  type DirectoryRecord,
  EXPLICIT_VR_LITTLE_ENDIAN,
  type NewElement,
  writeMediaDirectory,
} from '../dicom/index.ts';
import { recordKeys } from './record-keys.ts';
import { recordTypeOf } from './record-type.ts';

/** Of the implementation that wrote the file, not of what is recorded. */
const IMPLEMENTATION = {
  implementationClassUid: '2.25.16266182181198972230969160584682058969',
  implementationVersionName: 'FILMROOM_0_1',
};
export const FILE_SET_ID = 'FILMROOM';
const SOP_INSTANCE_UID = '00080018';

/** Components of a File ID: eight upper-case letters and digits at most, without an ending (PS3.10 8.2, 8.5). */
export function fileIdOf(series: number, instance: number): readonly string[] {
  return ['DICOM', `SE${numbered(series)}`, `IM${numbered(instance)}`];
}

function numbered(index: number): string {
  return String(index + 1).padStart(6, '0');
}

/** The bytes of the DICOMDIR; `metadata` has the header of each instance as JSON text, in any order. */
export async function studyDirectory(
  summary: StudySummary,
  metadata: AsyncIterable<string>,
): Promise<Uint8Array> {
  const records = await recordsOf(summary, metadata);
  return writeMediaDirectory(records, {
    ...IMPLEMENTATION,
    fileSetId: FILE_SET_ID,
    mediaStorageSopInstanceUid: directoryUid(summary),
  });
}

interface Place {
  readonly series: number;
  readonly position: number;
  readonly type: string;
}

async function recordsOf(
  { series }: StudySummary,
  metadata: AsyncIterable<string>,
): Promise<DirectoryRecord[]> {
  const places = new Map<string, Place>();
  for (const [index, { instances }] of series.entries())
    for (const [position, { sopInstanceUid, sopClassUid }] of instances.entries())
      places.set(sopInstanceUid, { series: index, position, type: recordTypeOf(sopClassUid) });

  const keys = new Map<string, NewElement[]>();
  const seriesKeys: NewElement[][] = [];
  let patientKeys: NewElement[] | undefined;
  let studyKeys: NewElement[] = [];
  for await (const line of metadata) {
    const header = JSON.parse(line) as DicomJson;
    const uid = String(header[SOP_INSTANCE_UID]?.Value?.[0] ?? '');
    const place = places.get(uid);
    if (place === undefined) continue;
    keys.set(uid, recordKeys(place.type, header, place.position + 1));
    seriesKeys[place.series] ??= recordKeys('SERIES', header, place.series + 1);
    if (patientKeys === undefined) {
      patientKeys = recordKeys('PATIENT', header, 1);
      studyKeys = recordKeys('STUDY', header, 1);
    }
  }
  if (keys.size < places.size) throw new Error('the metadata of a study has not all of its instances');

  const below = series.map(({ instances }, index) => ({
    type: 'SERIES',
    keys: seriesKeys[index] ?? [],
    below: instances.map((instance, position) => leaf(instance, fileIdOf(index, position), keys)),
  }));
  return [{ type: 'PATIENT', keys: patientKeys ?? [], below: [{ type: 'STUDY', keys: studyKeys, below }] }];
}

function leaf(
  { sopInstanceUid, sopClassUid, transferSyntaxUid }: InstanceSummary,
  fileId: readonly string[],
  keys: ReadonlyMap<string, NewElement[]>,
): DirectoryRecord {
  return {
    type: recordTypeOf(sopClassUid),
    file: {
      fileId,
      sopClassUid,
      sopInstanceUid,
      // Absent of what was indexed before it was kept: then it is the one that every reader takes.
      transferSyntaxUid: transferSyntaxUid ?? EXPLICIT_VR_LITTLE_ENDIAN,
    },
    keys: keys.get(sopInstanceUid) ?? [],
    below: [],
  };
}

/** A UID of the very contents, so that the same study is the same file-set again (PS3.5 B.2). */
function directoryUid({ series }: StudySummary): string {
  const hash = createHash('sha256');
  for (const { instances } of series)
    for (const { sopInstanceUid, bytes, crc32 } of instances)
      hash.update(`${sopInstanceUid} ${bytes} ${crc32}\n`);
  return `2.25.${BigInt(`0x${hash.digest('hex').slice(0, 32)}`)}`;
}
