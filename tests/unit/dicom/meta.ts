/** What File Meta Information says in tests. */
import { isValidUid, type MetaInput, type Part10 } from '../../../shared/dicom/index.ts';

export function metaOf(part10: Part10, transferSyntaxUid = part10.transferSyntax.uid): MetaInput {
  return {
    mediaStorageSopClassUid: validUid(part10, 0x00080016) ?? META.mediaStorageSopClassUid,
    mediaStorageSopInstanceUid: validUid(part10, 0x00080018) ?? META.mediaStorageSopInstanceUid,
    transferSyntaxUid,
    implementationClassUid: '2.25.2',
    implementationVersionName: 'TEST',
  };
}

export const META: MetaInput = {
  mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.7',
  mediaStorageSopInstanceUid: '2.25.1',
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  implementationClassUid: '2.25.2',
  implementationVersionName: 'TEST',
};

function validUid(part10: Part10, tag: number): string | undefined {
  const uid = part10.dataSet.uid(tag);
  return uid !== undefined && isValidUid(uid) ? uid : undefined;
}
