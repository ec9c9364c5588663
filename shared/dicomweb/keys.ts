/**
 * The attributes of each level of QIDO-RS: which are returned (PS3.18 Tables 10.6.3-3 to 10.6.3-5), which may be searched by,
 * and what a name in a query stands for. Attributes are written by keyword or tag, those in sequences with a dot.
 */
import { formatTag, lookUp, type Tag, tagOf, type VR } from '../dicom/index.ts';
import { HttpRefusal } from '../runtime/http-handler.ts';

export type Level = 'study' | 'series' | 'instance';

/** An attribute by its path through sequences: tags as DICOM JSON writes them. */
export interface Attribute {
  readonly path: readonly string[];
  readonly vr: VR;
}

const OF_STUDY = [
  '00080005', // Specific Character Set
  '00080020', // Study Date
  '00080030', // Study Time
  '00080050', // Accession Number
  '00080056', // Instance Availability
  '00080061', // Modalities in Study
  '00080090', // Referring Physician's Name
  '00080201', // Timezone Offset From UTC
  '00081030', // Study Description
  '00081190', // Retrieve URL
  '00100010', // Patient's Name
  '00100020', // Patient ID
  '00100030', // Patient's Birth Date
  '00100040', // Patient's Sex
  '0020000D', // Study Instance UID
  '00200010', // Study ID
  '00201206', // Number of Study Related Series
  '00201208', // Number of Study Related Instances
] as const;

const OF_SERIES = [
  '00080005', // Specific Character Set
  '00080056', // Instance Availability
  '00080060', // Modality
  '00080201', // Timezone Offset From UTC
  '0008103E', // Series Description
  '00081190', // Retrieve URL
  '0020000D', // Study Instance UID
  '0020000E', // Series Instance UID
  '00200011', // Series Number
  '00201209', // Number of Series Related Instances
  '00400244', // Performed Procedure Step Start Date
  '00400245', // Performed Procedure Step Start Time
  '00400275', // Request Attributes Sequence
] as const;

const OF_INSTANCE = [
  '00080005', // Specific Character Set
  '00080016', // SOP Class UID
  '00080018', // SOP Instance UID
  '00080056', // Instance Availability
  '00080201', // Timezone Offset From UTC
  '00081190', // Retrieve URL
  '0020000D', // Study Instance UID
  '0020000E', // Series Instance UID
  '00200013', // Instance Number
  '00280008', // Number of Frames
  '00280010', // Rows
  '00280011', // Columns
  '00280100', // Bits Allocated
] as const;

export const RETURNED: Readonly<Record<Level, ReadonlySet<string>>> = {
  study: new Set(OF_STUDY),
  series: new Set(OF_SERIES),
  instance: new Set(OF_INSTANCE),
};

const SEARCHED_OF_STUDY = new Set<string>(OF_STUDY.filter((tag) => !['00080005', '00081190'].includes(tag)));
const SEARCHED_OF_SERIES = new Set<string>([
  ...OF_SERIES.filter((tag) => !['00080005', '00081190'].includes(tag)),
  '00180015', // Body Part Examined
  '00200060', // Laterality
]);

/** The level at which an attribute is searched by in a search for `level`; undefined where it cannot be. */
export function searchLevel({ path: [tag = ''] }: Attribute, level: Level): Level | undefined {
  if (SEARCHED_OF_STUDY.has(tag)) return 'study';
  if (level === 'study') return undefined;
  if (SEARCHED_OF_SERIES.has(tag)) return 'series';
  // Of an instance the whole header is at hand.
  return level === 'instance' ? 'instance' : undefined;
}

/** Sequences within sequences that a path may go through: none of the standard's keys needs more. */
const MAXIMUM_PATH = 4;

/** What a name in a query stands for; one that the standard does not know is refused rather than passed over. */
export function attributeOf(name: string): Attribute {
  const parts = name.split('.', MAXIMUM_PATH + 1);
  if (parts.length > MAXIMUM_PATH) throw new HttpRefusal(400, 'unknown-attribute');
  const tags = parts.map(tagNamed);
  const vrs = tags.map((tag) => lookUp(tag)?.vr[0]);
  const vr = vrs.at(-1);
  const leads = vrs.slice(0, -1).every((one) => one === 'SQ');
  if (vr === undefined || !leads) throw new HttpRefusal(400, 'unknown-attribute');
  return { path: tags.map((tag) => formatTag(tag).replace(/[(),]/g, '')), vr };
}

function tagNamed(name: string): Tag {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) return Number.parseInt(name, 16);
  try {
    return tagOf(name);
  } catch {
    throw new HttpRefusal(400, 'unknown-attribute');
  }
}
