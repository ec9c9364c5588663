/**
 * The keys of directory records (PS3.3 F.5), taken from the header of an instance. Where de-identification has emptied what a
 * record must have, a value stands in for it that says nothing: the instances themselves keep what they have.
 */
import type { DicomJson, DicomJsonValue, NewElement, VR } from '../dicom/index.ts';
import { characterSetFor, jsonElement, valuesOf } from './json-element.ts';

/** Tag and VR; what stands in where a value is required (type 1); else whether it may be empty (2) or absent (1C, 3). */
type Key = readonly [tag: string, vr: VR, otherwise: { readonly is: string } | 'empty' | 'absent'];

const NO_DATE = { is: '19000101' };
const NO_TIME = { is: '000000' };
const CONTENT_DATE: readonly Key[] = [
  ['00080023', 'DA', NO_DATE],
  ['00080033', 'TM', NO_TIME],
];
const IDENTIFICATION: readonly Key[] = [
  ['00700080', 'CS', { is: 'UNNAMED' }],
  ['00700081', 'LO', 'empty'],
  ['00700084', 'PN', 'empty'],
];
const CONCEPT: readonly Key[] = [
  ['0040A043', 'SQ', 'empty'],
  ['0040A730', 'SQ', 'absent'],
];

const KEYS: Readonly<Record<string, readonly Key[]>> = {
  PATIENT: [
    ['00100010', 'PN', 'empty'],
    ['00100020', 'LO', { is: 'UNKNOWN' }],
  ],
  STUDY: [
    ['00080020', 'DA', NO_DATE],
    ['00080030', 'TM', NO_TIME],
    ['00080050', 'SH', 'empty'],
    ['00081030', 'LO', 'empty'],
    ['0020000D', 'UI', 'empty'],
    ['00200010', 'SH', { is: 'UNKNOWN' }],
  ],
  SERIES: [
    ['00080060', 'CS', { is: 'OT' }],
    ['0008103E', 'LO', 'absent'],
    ['0020000E', 'UI', 'empty'],
  ],
  IMAGE: [
    ['00080008', 'CS', 'absent'],
    ['00280008', 'IS', 'absent'],
    ['00280010', 'US', 'absent'],
    ['00280011', 'US', 'absent'],
  ],
  'RT DOSE': [['3004000A', 'CS', { is: 'PLAN' }]],
  'RT STRUCTURE SET': [
    ['30060002', 'SH', { is: 'UNNAMED' }],
    ['30060008', 'DA', 'empty'],
    ['30060009', 'TM', 'empty'],
  ],
  'RT PLAN': [
    ['300A0002', 'SH', { is: 'UNNAMED' }],
    ['300A0006', 'DA', 'empty'],
    ['300A0007', 'TM', 'empty'],
  ],
  'RT TREAT RECORD': [
    ['30080250', 'DA', 'empty'],
    ['30080251', 'TM', 'empty'],
  ],
  PRESENTATION: [
    ['00700082', 'DA', NO_DATE],
    ['00700083', 'TM', NO_TIME],
    ...IDENTIFICATION,
    ['00081115', 'SQ', 'absent'],
    ['00700402', 'SQ', 'absent'],
  ],
  WAVEFORM: CONTENT_DATE,
  'SR DOCUMENT': [
    ['0040A491', 'CS', { is: 'PARTIAL' }],
    ['0040A493', 'CS', { is: 'UNVERIFIED' }],
    ...CONTENT_DATE,
    ['0040A030', 'DT', 'absent'],
    ...CONCEPT,
  ],
  'KEY OBJECT DOC': [...CONTENT_DATE, ...CONCEPT],
  SPECTROSCOPY: [
    ['00080008', 'CS', { is: 'ORIGINAL\\PRIMARY' }],
    ...CONTENT_DATE,
    ['00089092', 'SQ', 'absent'],
    ['00280008', 'IS', { is: '1' }],
    ['00280010', 'US', 'absent'],
    ['00280011', 'US', 'absent'],
    ['00289001', 'UL', 'absent'],
    ['00289002', 'UL', 'absent'],
  ],
  'RAW DATA': CONTENT_DATE,
  REGISTRATION: [...CONTENT_DATE, ...IDENTIFICATION],
  FIDUCIAL: [...CONTENT_DATE, ...IDENTIFICATION],
  'VALUE MAP': [...CONTENT_DATE, ...IDENTIFICATION],
  MEASUREMENT: [...CONTENT_DATE, ...IDENTIFICATION],
  SURFACE: [...CONTENT_DATE, ...IDENTIFICATION],
  TRACT: [...CONTENT_DATE, ...IDENTIFICATION],
  ANNOTATION: [...CONTENT_DATE, ...IDENTIFICATION],
  'SURFACE SCAN': CONTENT_DATE,
  ASSESSMENT: [
    ['00080012', 'DA', NO_DATE],
    ['00080013', 'TM', 'empty'],
  ],
  'ENCAP DOC': [
    ['00080023', 'DA', 'empty'],
    ['00080033', 'TM', 'empty'],
    ['00420010', 'ST', 'empty'],
    ['0040E001', 'ST', 'absent'],
    ['0040A043', 'SQ', 'empty'],
    ['00420012', 'LO', { is: 'application/octet-stream' }],
  ],
  RADIOTHERAPY: [
    ['30100033', 'LO', 'absent'],
    ['30100034', 'LO', 'absent'],
    ['00700081', 'LO', 'empty'],
    ['00700084', 'PN', 'empty'],
  ],
};
const NUMBERS: Readonly<Record<string, string>> = { PATIENT: '', STUDY: '', SERIES: '00200011' };
const INSTANCE_NUMBER = '00200013';
const CONTENT_SEQUENCE = '0040A730';
const RELATIONSHIP_TYPE = '0040A010';

/** The keys of a record of the type; where it must have a number, `position` from 1 stands in for a missing one. */
export function recordKeys(type: string, header: DicomJson, position: number): NewElement[] {
  const number = NUMBERS[type] ?? INSTANCE_NUMBER;
  const numbered: Key[] = number === '' ? [] : [[number, 'IS', { is: String(position) }]];
  const elements = [...(KEYS[type] ?? []), ...numbered].flatMap((key) => keyElement(key, header));
  return [...characterSetFor(elements), ...elements];
}

function keyElement([tag, vr, otherwise]: Key, header: DicomJson): NewElement[] {
  const values = valuesOf(header[tag]).filter((value) => tag !== CONTENT_SEQUENCE || modifiesConcept(value));
  if (values.length > 0) return [jsonElement(Number.parseInt(tag, 16), vr, values)];
  if (otherwise === 'absent') return [];
  return [jsonElement(Number.parseInt(tag, 16), vr, otherwise === 'empty' ? [] : [otherwise.is])];
}

/** Of a report only what modifies its title stands in the directory, not what it says (PS3.3 Table F.5-25). */
function modifiesConcept(value: DicomJsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return valuesOf((value as DicomJson)[RELATIONSHIP_TYPE])[0] === 'HAS CONCEPT MOD';
}
