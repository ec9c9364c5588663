/** What a de-identified instance says of itself: the attributes of PS3.15 E.1.1 and the File Meta Information. */
import type { MetaInput, NewElement, Tag } from '../dicom/index.ts';
import type { PixelTreatment } from './pixel-treatment.ts';
import type { Profile } from './profile.ts';
import { DEIDENTIFICATION_METHODS } from './ps3-15.generated.ts';
import type { Code } from './table-row.ts';

const PATIENT_IDENTITY_REMOVED: Tag = 0x00120062;
const DEIDENTIFICATION_METHOD: Tag = 0x00120063;
const DEIDENTIFICATION_METHOD_CODE_SEQUENCE: Tag = 0x00120064;
const LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED: Tag = 0x00280303;

/** Of the root data set only; what an earlier de-identification wrote there is replaced. */
export const MARKERS: ReadonlySet<Tag> = new Set([
  PATIENT_IDENTITY_REMOVED,
  DEIDENTIFICATION_METHOD,
  DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
  LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
]);

/** A UUID made once for this implementation (PS3.7 D.3.3.2). */
const IMPLEMENTATION_CLASS_UID = '2.25.16266182181198972230969160584682058969';
const IMPLEMENTATION_VERSION_NAME = 'FILMROOM_0_1';

const CLEAN_PIXEL_DATA = DEIDENTIFICATION_METHODS.find(({ value }) => value === '113101') as Code;

/** The elements that state what was done. */
export function markerElements(profile: Profile, { cleaned }: PixelTreatment): readonly NewElement[] {
  const codes = cleaned === true ? [...profile.methodCodes, CLEAN_PIXEL_DATA] : profile.methodCodes;
  return [
    { tag: PATIENT_IDENTITY_REMOVED, vr: 'CS', value: ascii('YES') },
    { tag: DEIDENTIFICATION_METHOD, vr: 'LO', value: ascii(profile.method.join('\\')) },
    {
      tag: DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
      vr: 'SQ',
      value: codes.map((code) => [
        { tag: 0x00080100, vr: 'SH', value: ascii(code.value) },
        { tag: 0x00080102, vr: 'SH', value: ascii(code.scheme) },
        { tag: 0x00080104, vr: 'LO', value: ascii(code.meaning) },
      ]),
    },
    { tag: LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, vr: 'CS', value: ascii(temporalInformation(profile)) },
  ];
}

/** PS3.3 C.7.6.1: what became of the dates. */
function temporalInformation({ options }: Profile): string {
  if (options.has('retainFullDates')) return 'UNMODIFIED';
  return options.has('retainModifiedDates') ? 'MODIFIED' : 'REMOVED';
}

/** The File Meta Information of the written object: nothing of the source's survives but its class and syntax. */
export function metaOf(sopClassUid: string, instanceUid: string, transferSyntaxUid: string): MetaInput {
  return {
    mediaStorageSopClassUid: sopClassUid,
    mediaStorageSopInstanceUid: instanceUid,
    transferSyntaxUid,
    implementationClassUid: IMPLEMENTATION_CLASS_UID,
    implementationVersionName: IMPLEMENTATION_VERSION_NAME,
  };
}

/** The texts that the markers write, which are never identifiers. */
export function markerTexts(profile: Profile): readonly string[] {
  return [
    ...profile.method,
    ...[...profile.methodCodes, CLEAN_PIXEL_DATA].flatMap(({ value, scheme, meaning }) => [
      value,
      scheme,
      meaning,
    ]),
    'YES',
    temporalInformation(profile),
  ];
}

/** Value bytes of an even length. */
function ascii(text: string): Uint8Array {
  return Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1');
}
