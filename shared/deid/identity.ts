/**
 * The attributes without which an object is no instance that could be filed: SOP class and the three UIDs. Read and
 * checked before anything else; a missing one, or one that is no UID, is refused.
 */
import { type DataSet, isValidUid, type Part10, type Tag } from '../dicom/index.ts';
import { UnprocessableInstanceError } from '../errors.ts';

const SOP_CLASS_UID: Tag = 0x00080016;
const SOP_INSTANCE_UID: Tag = 0x00080018;
const STUDY_INSTANCE_UID: Tag = 0x0020000d;
const SERIES_INSTANCE_UID: Tag = 0x0020000e;
const MEDIA_STORAGE_SOP_CLASS_UID: Tag = 0x00020002;
const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const DIRECTORY_RECORD_SEQUENCE: Tag = 0x00041220;

/** Who the instance says it is, in its own identifiers: for the crosswalk, for nothing else. */
export interface OriginalIdentity {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** Empty where the instance has none. */
  readonly patientId: string;
  readonly issuer?: string;
  readonly patientName?: string;
  readonly birthDate?: string;
}

/** The SOP class, as a valid UID; a media directory is refused as what it is. */
export function readSopClass({ meta, dataSet }: Part10): string {
  const isDirectory = meta?.uid(MEDIA_STORAGE_SOP_CLASS_UID) === MEDIA_STORAGE_DIRECTORY;
  if (isDirectory || (!dataSet.has(SOP_CLASS_UID) && dataSet.has(DIRECTORY_RECORD_SEQUENCE))) {
    throw new UnprocessableInstanceError('media-directory', '(0002,0002) is Media Storage Directory');
  }
  const sopClass = requiredUid(dataSet, SOP_CLASS_UID, '(0008,0016)');
  if (!isValidUid(sopClass)) throw new UnprocessableInstanceError('invalid-uid', '(0008,0016)');
  return sopClass;
}

/** The identity of the instance, its three UIDs checked. */
export function readIdentity({ dataSet }: Part10): OriginalIdentity {
  const issuer = dataSet.strings(0x00100021)[0];
  const patientName = dataSet.text(0x00100010);
  const birthDate = dataSet.strings(0x00100030)[0];
  return {
    study: requiredUid(dataSet, STUDY_INSTANCE_UID, '(0020,000D)'),
    series: requiredUid(dataSet, SERIES_INSTANCE_UID, '(0020,000E)'),
    instance: requiredUid(dataSet, SOP_INSTANCE_UID, '(0008,0018)'),
    patientId: dataSet.strings(0x00100020)[0] ?? '',
    ...(issuer ? { issuer } : {}),
    ...(patientName ? { patientName } : {}),
    ...(birthDate ? { birthDate } : {}),
  };
}

/** Numbers and dots: a leading zero (PS3.5 9.1) breaks nothing in what is replaced, and some devices write it. */
const REPLACEABLE_UID = /^\d+(?:\.\d+)+$/;

function requiredUid(dataSet: DataSet, tag: Tag, where: string): string {
  const values = dataSet.strings(tag);
  const uid = values[0];
  if (uid === undefined || uid === '') throw new UnprocessableInstanceError('missing-attribute', where);
  if (values.length > 1 || uid.length > 64 || !REPLACEABLE_UID.test(uid)) {
    throw new UnprocessableInstanceError('invalid-uid', `${where}, length ${values.join('\\').length}`);
  }
  return uid;
}
