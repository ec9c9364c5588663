/**
 * Which action an element is given, and why: the row of PS3.15 Table E.1-1, else the project's list of what the table
 * omits, else a rule by VR; the options that are on relax it. What is private, unknown to PS3.6 or no attribute of an
 * instance goes. The answers depend on tag and VR alone, never on a value; values are judged where the plan is made.
 */
import {
  type DataElement,
  type DataSet,
  isGroupLength,
  isPrivate,
  lookUp,
  type Tag,
  type VR,
} from '../dicom/index.ts';
import {
  type AttributeType,
  hasCombinedAction,
  type RootTypes,
  resolveAction,
  typeInItems,
} from './attribute-types.ts';
import { BEYOND_THE_TABLE, CLASS_UID_ATTRIBUTES } from './beyond-the-table.ts';
import { type Decision, KEPT } from './decision.ts';
import { isRetained, NO_OPTIONS, relaxedDecision, type Switches } from './options.ts';
import { PROFILE_ROWS } from './ps3-15.generated.ts';
import { SafePrivate } from './safe-private.ts';
import type { ProfileRow } from './table-row.ts';

const ROWS_BY_TAG: ReadonlyMap<Tag, ProfileRow> = new Map(
  PROFILE_ROWS.filter((row) => /^[\dA-F]{8}$/i.test(row.tag)).map((row) => [
    Number.parseInt(row.tag, 16),
    row,
  ]),
);
const CURVE_DATA = PROFILE_ROWS.find((row) => row.tag === '50xxxxxx') as ProfileRow;
const OVERLAY_COMMENTS = PROFILE_ROWS.find((row) => row.tag === '60xx4000') as ProfileRow;
const OVERLAY_DATA = PROFILE_ROWS.find((row) => row.tag === '60xx3000') as ProfileRow;

/** The row of Table E.1-1 for a tag, also of the repeating groups; private tags are not looked up here. */
export function rowOf(tag: Tag): ProfileRow | undefined {
  const group = tag >>> 24;
  if (group === 0x50) return CURVE_DATA;
  if (group === 0x60 && (tag & 0xffff) === 0x3000) return OVERLAY_DATA;
  if (group === 0x60 && (tag & 0xffff) === 0x4000) return OVERLAY_COMMENTS;
  return ROWS_BY_TAG.get(tag);
}

/** The decision of Table E.1-1, for the attribute's type, and of the lists beside it; undefined where the VR decides. */
export function decideByTag(
  tag: Tag,
  type: AttributeType | undefined,
  { options }: Switches = NO_OPTIONS,
): Decision | undefined {
  if (isPrivate(tag)) return { action: 'X', why: 'Table E.1-1: private attribute' };
  if (isGroupLength(tag)) return { action: 'X', why: 'retired group length' };
  const row = rowOf(tag);
  if (row !== undefined) {
    const basic = resolveAction(row.basic, type);
    const why = `Table E.1-1: ${row.basic}${row.basic === 'X' && basic !== 'X' ? ', but required' : ''}`;
    return relaxedDecision(row, basic, options) ?? { action: basic, why };
  }
  const unlisted = BEYOND_THE_TABLE.get(tag);
  if (unlisted !== undefined) {
    if (unlisted.action === 'U' && options.has('retainUIDs')) return RETAINED_UID;
    return { action: unlisted.action, why: `not in Table E.1-1: ${unlisted.because}` };
  }
  if (tag < 0x00080000) return { action: 'X', why: 'no attribute of an instance' };
  if (tag >>> 24 === 0x60) return { action: 'X', why: 'describes an overlay whose data is removed' };
  if (tag >>> 24 === 0x7f && tag >>> 16 !== 0x7fe0)
    return { action: 'X', why: 'retired variable pixel data' };
  if (lookUp(tag) === undefined) return { action: 'X', why: 'unknown to PS3.6' };
  return undefined;
}

const BY_VR: ReadonlyMap<VR, Decision> = new Map<VR, Decision>([
  ['PN', { action: 'Z', why: 'rule by VR: an unlisted person name' }],
  ['DA', { action: 'Z', why: 'rule by VR: an unlisted date' }],
  ['DT', { action: 'Z', why: 'rule by VR: an unlisted date and time' }],
  ['TM', { action: 'Z', why: 'rule by VR: an unlisted time' }],
  ['UR', { action: 'X', why: 'rule by VR: an unlisted address' }],
  ['UI', { action: 'U', why: 'rule by VR: an unlisted UID' }],
  ['AS', { action: 'C', why: 'rule by VR: an unlisted age', cleaning: 'age', otherwise: 'Z' }],
]);
const RESPONSIBLE_PERSON: Tag = 0x00102297;
const RESPONSIBLE_ORGANIZATION: Tag = 0x00102299;
const PATIENT_SPECIES_DESCRIPTION: Tag = 0x00102201;
const PATIENT_SPECIES_CODE_SEQUENCE: Tag = 0x00102202;
const TEMPORAL: ReadonlySet<VR> = new Set(['DA', 'DT', 'TM']);
const RETAINED_UID: Decision = { action: 'K', why: 'an unlisted UID: K of retainUIDs' };
const RETAINED_DATE: Decision = { action: 'K', why: 'an unlisted date or time: K of retainFullDates' };
const SHIFTED_DATE: Decision = {
  action: 'C',
  why: 'an unlisted date or time: C of retainModifiedDates',
  cleaning: 'dates',
  otherwise: 'Z',
};
const UNLISTED_TEXT: Decision = { action: 'D', why: 'rule by VR: unlisted text' };
const FREE_TEXT: ReadonlySet<VR> = new Set<VR>(['LO', 'LT', 'SH', 'ST', 'UC', 'UT']);
/** Code Value, Coding Scheme Designator and Version, Long Code Value (PS3.3 8); Rescale and Modality LUT Type, defined terms. */
const CODES: ReadonlySet<Tag> = new Set([
  0x00080100, 0x00080102, 0x00080103, 0x00080119, 0x00281054, 0x00283004,
]);
const CLASS_UID: Decision = { action: 'K', why: 'names a class, a syntax or a coding scheme' };
const UNREADABLE: Decision = { action: 'X', why: 'a sequence that cannot be read' };

/** Whether the element is text that a person may have written freely, neither a code nor a defined term. */
export function isFreeText(tag: Tag, vr: VR): boolean {
  return FREE_TEXT.has(vr) && !CODES.has(tag);
}

/** The attributes whose values the options keep as they are: none of them is an identifier to search for. */
export function retainedTags({ options }: Switches): (tag: Tag) => boolean {
  if (options.size === 0) return () => false;
  const tags = new Set([...ROWS_BY_TAG].filter(([, row]) => isRetained(row, options)).map(([tag]) => tag));
  return (tag) => tags.has(tag);
}

/** The decision for an attribute that PS3.6 knows and no list names: of the VRs it is given, the first that identifies. */
export function decideByVr(tag: Tag, vrs: readonly VR[], switches: Switches = NO_OPTIONS): Decision {
  const { options, unlistedText } = switches;
  for (const vr of vrs) {
    const rule = BY_VR.get(vr);
    if (rule === undefined) continue;
    if (vr === 'UI') {
      if (CLASS_UID_ATTRIBUTES.has(tag)) return CLASS_UID;
      return options.has('retainUIDs') ? RETAINED_UID : rule;
    }
    if (TEMPORAL.has(vr) && options.has('retainFullDates')) return RETAINED_DATE;
    if (TEMPORAL.has(vr) && options.has('retainModifiedDates')) return SHIFTED_DATE;
    return rule;
  }
  if (unlistedText === 'remove' && vrs.some((vr) => isFreeText(tag, vr))) return UNLISTED_TEXT;
  return KEPT;
}

/** The decision for an element, and for one of an item with the tag of the sequence it stands in. */
export type Decide = (element: DataElement, dataSet: DataSet, within?: Tag) => Decision;

/**
 * Decides for elements of one kind of instance, remembering what depends on the tag alone. The VRs judged are those of
 * the dictionary, of the header and of the reader, so that an attribute written with another VR escapes no rule.
 */
export function decisionsFor(typeOf: RootTypes, switches: Switches = NO_OPTIONS): Decide {
  const remembered = new Map<
    Tag,
    { readonly byTag: Decision | undefined; readonly vr: VR; readonly byVr: Decision }
  >();
  const safePrivate = switches.options.has('retainSafePrivate')
    ? new SafePrivate((tag, vrs) => decideByVr(tag, vrs, switches))
    : undefined;
  return (element, dataSet, within) => {
    const { tag } = element;
    if (safePrivate !== undefined && isPrivate(tag)) {
      const decision = safePrivate.decide(element, dataSet);
      if (decision !== undefined) return decision;
    }
    let known = remembered.get(tag);
    if (known === undefined) {
      const vr = lookUp(tag)?.vr[0] ?? element.vr;
      known = { byTag: decideByTag(tag, typeOf(tag), switches), vr, byVr: decideByVr(tag, [vr], switches) };
      if (remembered.size < MAXIMUM_REMEMBERED) remembered.set(tag, known);
    }
    const { vr } = known;
    const byTag =
      within !== undefined && hasCombinedAction(tag)
        ? decideByTag(tag, typeInItems(within, tag), switches)
        : ofHumans(known.byTag, tag, dataSet);
    const isUnread = element.items === undefined && element.valueEnd > element.valueStart;
    if (isUnread && (vr === 'SQ' || element.vr === 'SQ')) return byTag?.action === 'X' ? byTag : UNREADABLE;
    if (byTag !== undefined) return byTag;
    const { headerVr } = element;
    if (element.vr === vr && (headerVr === undefined || headerVr === vr)) return known.byVr;
    return decideByVr(tag, [vr, element.vr, headerVr ?? vr], switches);
  };
}

/** Responsible Person and Organization are required of an animal alone (PS3.3 C.7.1.1): of a person they go. */
function ofHumans(decision: Decision | undefined, tag: Tag, dataSet: DataSet): Decision | undefined {
  if (decision?.action !== 'Z' || (tag !== RESPONSIBLE_PERSON && tag !== RESPONSIBLE_ORGANIZATION))
    return decision;
  const isAnimal = dataSet.has(PATIENT_SPECIES_DESCRIPTION) || dataSet.has(PATIENT_SPECIES_CODE_SEQUENCE);
  return isAnimal ? decision : { action: 'X', why: 'Table E.1-1: X' };
}

/** More tags than PS3.6 has; private and unknown ones of hostile input must not fill the memory. */
const MAXIMUM_REMEMBERED = 8192;
