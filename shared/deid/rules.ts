/**
 * Which action an element is given, and why: the row of PS3.15 Table E.1-1, else the project's list of what the table
 * omits, else a rule by VR. What is private, unknown to PS3.6 or no attribute of an instance goes. The answers depend on
 * tag and VR alone, never on a value; values are judged where the plan is made.
 */
import { type DataElement, isGroupLength, isPrivate, lookUp, type Tag, type VR } from '../dicom/index.ts';
import { type ImageKind, resolveAction } from './attribute-types.ts';
import { BEYOND_THE_TABLE, CLASS_UID_ATTRIBUTES } from './beyond-the-table.ts';
import { PROFILE_ROWS } from './ps3-15.generated.ts';
import type { Action, ProfileRow } from './table-row.ts';

/** An action and the rule that asks for it. */
export interface Decision {
  readonly action: Action;
  /** Names the rule, never a value. */
  readonly why: string;
}

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

/** The decision of Table E.1-1 and of the lists beside it; undefined where the VR decides. */
export function decideByTag(tag: Tag, kind: ImageKind): Decision | undefined {
  if (isPrivate(tag)) return { action: 'X', why: 'Table E.1-1: private attribute' };
  if (isGroupLength(tag)) return { action: 'X', why: 'retired group length' };
  const row = rowOf(tag);
  if (row !== undefined) {
    return { action: resolveAction(row.basic, tag, kind), why: `Table E.1-1: ${row.basic}` };
  }
  const unlisted = BEYOND_THE_TABLE.get(tag);
  if (unlisted !== undefined) {
    return { action: unlisted.action, why: `not in Table E.1-1: ${unlisted.because}` };
  }
  if (tag < 0x00080000) return { action: 'X', why: 'no attribute of an instance' };
  if (tag >>> 24 === 0x60) return { action: 'X', why: 'describes an overlay whose data is removed' };
  if (tag >>> 24 === 0x7f && tag >>> 16 !== 0x7fe0)
    return { action: 'X', why: 'retired variable pixel data' };
  if (lookUp(tag) === undefined) return { action: 'X', why: 'unknown to PS3.6' };
  return undefined;
}

const BY_VR: ReadonlyMap<VR, Decision> = new Map([
  ['PN', { action: 'Z', why: 'rule by VR: an unlisted person name' }],
  ['DA', { action: 'Z', why: 'rule by VR: an unlisted date' }],
  ['DT', { action: 'Z', why: 'rule by VR: an unlisted date and time' }],
  ['TM', { action: 'Z', why: 'rule by VR: an unlisted time' }],
  ['UR', { action: 'X', why: 'rule by VR: an unlisted address' }],
  ['UI', { action: 'U', why: 'rule by VR: an unlisted UID' }],
]);
const CLASS_UID: Decision = { action: 'K', why: 'names a class, a syntax or a coding scheme' };
const UNREADABLE: Decision = { action: 'X', why: 'a sequence that cannot be read' };

/** Kept, unless the value holds an identifier. */
export const KEPT: Decision = { action: 'K', why: 'identifies nobody' };

/** The decision for an attribute that PS3.6 knows and no list names: of the VRs it is given, the first that identifies. */
export function decideByVr(tag: Tag, vrs: readonly VR[]): Decision {
  for (const vr of vrs) {
    const rule = BY_VR.get(vr);
    if (rule !== undefined) return vr === 'UI' && CLASS_UID_ATTRIBUTES.has(tag) ? CLASS_UID : rule;
  }
  return KEPT;
}

/**
 * Decides for elements of one kind of instance, remembering what depends on the tag alone. The VRs judged are those of
 * the dictionary, of the header and of the reader, so that an attribute written with another VR escapes no rule.
 */
export function decisionsFor(kind: ImageKind): (element: DataElement) => Decision {
  const remembered = new Map<
    Tag,
    { readonly byTag: Decision | undefined; readonly vr: VR; readonly byVr: Decision }
  >();
  return (element) => {
    const { tag } = element;
    let known = remembered.get(tag);
    if (known === undefined) {
      const vr = lookUp(tag)?.vr[0] ?? element.vr;
      known = { byTag: decideByTag(tag, kind), vr, byVr: decideByVr(tag, [vr]) };
      if (remembered.size < MAXIMUM_REMEMBERED) remembered.set(tag, known);
    }
    const { byTag, vr } = known;
    const isUnread = element.items === undefined && element.valueEnd > element.valueStart;
    if (isUnread && (vr === 'SQ' || element.vr === 'SQ')) return byTag?.action === 'X' ? byTag : UNREADABLE;
    if (byTag !== undefined) return byTag;
    const { headerVr } = element;
    if (element.vr === vr && (headerVr === undefined || headerVr === vr)) return known.byVr;
    return decideByVr(tag, [vr, element.vr, headerVr ?? vr]);
  };
}

/** More tags than PS3.6 has; private and unknown ones of hostile input must not fill the memory. */
const MAXIMUM_REMEMBERED = 8192;
