/**
 * Which files a DICOMDIR refers to (PS3.3 F.3): the Basic Directory IOD is a flat list of records, of which those that stand
 * for an instance name its file. The offsets that make a tree of the list are not followed: a record that no other one
 * points to names its file all the same.
 */
import type { Part10 } from './part10/part10.ts';

/** A file that a directory record refers to. */
export interface ReferencedFile {
  /** Components of the File ID, joined by slashes; relative to the folder of the DICOMDIR (PS3.10 8.2). */
  readonly fileId: string;
  /** Referenced SOP Instance UID in File (0004,1511); undefined where it is absent. */
  readonly instance: string | undefined;
}

const DIRECTORY_RECORD_SEQUENCE = 0x00041220;
const RECORD_IN_USE_FLAG = 0x00041410;
const REFERENCED_FILE_ID = 0x00041500;
const REFERENCED_SOP_INSTANCE_UID = 0x00041511;
/** A record that is not in use (PS3.3 F.3.2.2). */
const INACTIVE = 0;

/** The files of all records that are in use, in the order of the records. */
export function* referencedFiles({ dataSet }: Pick<Part10, 'dataSet'>): Generator<ReferencedFile> {
  for (const record of dataSet.sequence(DIRECTORY_RECORD_SEQUENCE)) {
    if (record.number(RECORD_IN_USE_FLAG) === INACTIVE) continue;
    const fileId = record.strings(REFERENCED_FILE_ID).join('/');
    if (fileId !== '') yield { fileId, instance: record.uid(REFERENCED_SOP_INSTANCE_UID) };
  }
}
