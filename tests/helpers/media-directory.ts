/** A DICOMDIR made here: a patient, and an image record for each file that it refers to. */
import {
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  writePart10,
} from '../../shared/dicom/index.ts';

export interface ReferringRecord {
  /** Components of the File ID. */
  readonly file: readonly string[];
  readonly instance?: string;
  /** @default true */
  readonly inUse?: boolean;
}

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** The bytes of the DICOMDIR. */
export function makeMediaDirectory(records: readonly ReferringRecord[]): Uint8Array {
  const record = (type: string, inUse: boolean, more: readonly NewElement[]): NewElement[] => [
    { tag: 0x00041400, vr: 'UL', value: encodeNumbers([0], 'UL') },
    { tag: 0x00041410, vr: 'US', value: encodeNumbers([inUse ? 0xffff : 0], 'US') },
    { tag: 0x00041420, vr: 'UL', value: encodeNumbers([0], 'UL') },
    { tag: 0x00041430, vr: 'CS', value: encodeText(type, 'CS') },
    ...more,
  ];
  const items = [
    record('PATIENT', true, [{ tag: 0x00100010, vr: 'PN', value: encodeText('Doe^Jane', 'PN') }]),
    ...records.map(({ file, instance, inUse = true }) =>
      record('IMAGE', inUse, [
        { tag: 0x00041500, vr: 'CS', value: encodeText(file.join('\\'), 'CS') },
        { tag: 0x00041510, vr: 'UI', value: encodeUid(MR_IMAGE) },
        ...(instance === undefined
          ? []
          : [{ tag: 0x00041511, vr: 'UI' as const, value: encodeUid(instance) }]),
      ]),
    ),
  ];
  return writePart10(
    [
      { tag: 0x00041130, vr: 'CS', value: encodeText('DISK', 'CS') },
      { tag: 0x00041220, vr: 'SQ', value: items },
    ],
    {
      implementationClassUid: '2.25.329800735698586629295641978511506172918',
      implementationVersionName: 'TEST',
      mediaStorageSopClassUid: MEDIA_STORAGE_DIRECTORY,
      mediaStorageSopInstanceUid: '1.2.3.9',
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    },
  );
}
