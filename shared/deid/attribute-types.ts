/**
 * Resolves the combined actions of PS3.15 Table E.1-1 (X/Z, X/D, Z/D, X/Z/D, X/Z/U*), which depend on the type that an
 * attribute has in the instance's IOD. Where the type is not known here the action is the one that leaves the instance
 * valid whatever the type is; where it is known to be 3 or 2 the attribute is removed or emptied.
 */
import type { Tag } from '../dicom/index.ts';
import type { Action, BasicAction } from './table-row.ts';

/** The single-frame image IODs of the first generation, by SOP class: in them the modules below have fixed types. */
const CLASSIC_IMAGES: ReadonlySet<string> = new Set(
  [
    '1',
    '1.1',
    '1.1.1',
    '1.2',
    '1.2.1',
    '1.3',
    '1.3.1', // CR, DX, MG, intra-oral
    '2',
    '4',
    '20',
    '128', // CT, MR, NM, PET
    '3.1',
    '6.1', // ultrasound
    '7',
    '7.1',
    '7.2',
    '7.3',
    '7.4', // secondary capture
    '12.1',
    '12.2', // XA, RF
  ].map((suffix) => `1.2.840.10008.5.1.4.1.1.${suffix}`),
);

/** Type 3, or in an optional module, in every classic image (PS3.3 C.7.2.1, C.7.3.1, C.7.5.1, C.7.6.1, C.12.1). */
const OPTIONAL_IN_CLASSIC_IMAGES: ReadonlySet<Tag> = new Set([
  0x00080012, // Instance Creation Date
  0x00080013, // Instance Creation Time
  0x00080021, // Series Date
  0x00080031, // Series Time
  0x0008002a, // Acquisition DateTime
  0x00080080, // Institution Name
  0x00080082, // Institution Code Sequence
  0x00081010, // Station Name
  0x00081070, // Operators' Name
  0x00081072, // Operator Identification Sequence
  0x00081110, // Referenced Study Sequence
  0x00081111, // Referenced Performed Procedure Step Sequence
  0x00181000, // Device Serial Number
  0x00181030, // Protocol Name
  0x00181400, // Acquisition Device Processing Description
  0x0018700a, // Detector ID
  0x0018700c, // Date of Last Detector Calibration
  0x0018700e, // Time of Last Detector Calibration
]);

/** Type 2 or 2C in every classic image (PS3.3 C.7.6.1, C.7.6.4). */
const EMPTY_IN_CLASSIC_IMAGES: ReadonlySet<Tag> = new Set([
  0x00080023, // Content Date
  0x00080033, // Content Time
  0x00180010, // Contrast/Bolus Agent
]);

/** In a module that is optional in every IOD (PS3.3 C.10.10), so removal never invalidates. */
const OPTIONAL_EVERYWHERE: ReadonlySet<Tag> = new Set([0x0040b020]); // Waveform Annotation Sequence

/** The action that is valid whatever the type of the attribute is. */
const VALID_FOR_ANY_TYPE: Readonly<Record<BasicAction, Action>> = {
  D: 'D',
  Z: 'Z',
  X: 'X',
  U: 'U',
  'X/Z': 'Z',
  'X/D': 'D',
  'Z/D': 'D',
  'X/Z/D': 'D',
  'X/Z/U*': 'U',
};

const PET_IMAGE = '1.2.840.10008.5.1.4.1.1.128';

/** Type 1 in PET images, whose series module has its own dates (PS3.3 C.8.9.1). */
const REQUIRED_IN_PET: ReadonlySet<Tag> = new Set([
  0x00080021, // Series Date
  0x00080031, // Series Time
]);

/** What is known of the types of attributes in an instance's IOD. */
export type ImageKind = 'classic' | 'pet' | 'other';

/** The kind of IOD that the SOP class belongs to. */
export function imageKindOf(sopClassUid: string): ImageKind {
  if (sopClassUid === PET_IMAGE) return 'pet';
  return CLASSIC_IMAGES.has(sopClassUid) ? 'classic' : 'other';
}

/** The single action that a row's action comes to for an attribute in an instance. */
export function resolveAction(basic: BasicAction, tag: Tag, kind: ImageKind): Action {
  const isClassic = kind !== 'other' && !(kind === 'pet' && REQUIRED_IN_PET.has(tag));
  if (basic.includes('/') && basic.startsWith('X')) {
    if (OPTIONAL_EVERYWHERE.has(tag)) return 'X';
    if (isClassic && OPTIONAL_IN_CLASSIC_IMAGES.has(tag)) return 'X';
  }
  if (isClassic && basic === 'Z/D' && EMPTY_IN_CLASSIC_IMAGES.has(tag)) return 'Z';
  return VALID_FOR_ANY_TYPE[basic];
}
