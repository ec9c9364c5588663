/**
 * Whether a kept value holds an identifier: the one judgement that both the plan and the gate use. How long an identifier
 * must be to count depends on the VR, since numbers and codes repeat short strings by chance.
 */
import {
  type CharacterSet,
  type DataElement,
  type DataSet,
  elementText,
  type Tag,
  type VR,
} from '../dicom/index.ts';
import { plainSpelling } from './identifier-forms.ts';
import type { Found, IdentifierSearch } from './identifier-search.ts';

/** Only whole UIDs count. */
const UIDS_ONLY = Number.POSITIVE_INFINITY;
const ANY = 0;
/** A code string of five letters may be a name; a shorter one, or a common word, is a term. */
const CODE_STRING = 5;
/** A decimal of seven digits or more is rarely a measurement. */
const DECIMAL = 7;
/** Shorter strings occur in binary values by chance. */
const BINARY = 6;

/** Terms without which nothing in the instance can be read; none of them is free to choose. */
const STRUCTURAL: ReadonlySet<Tag> = new Set([0x00080005, 0x00080016, 0x00080060, 0x00280004]);

const MINIMUM: Partial<Record<VR, number>> = {
  AE: ANY,
  LO: ANY,
  LT: ANY,
  PN: ANY,
  SH: ANY,
  ST: ANY,
  UC: ANY,
  UR: ANY,
  UT: ANY,
  AS: DECIMAL,
  CS: CODE_STRING,
  DA: DECIMAL,
  DS: DECIMAL,
  DT: DECIMAL,
  IS: DECIMAL,
  TM: DECIMAL,
  UI: UIDS_ONLY,
};

/** The weight from which an identifier counts in a value. */
export function minimumWeightIn(tag: Tag, vr: VR): number {
  return STRUCTURAL.has(tag) ? UIDS_ONLY : (MINIMUM[vr] ?? BINARY);
}

/** The identifier that the value of an element holds, as bytes or as decoded text. */
export function identifierIn(
  element: DataElement,
  dataSet: DataSet,
  search: IdentifierSearch,
): Found | undefined {
  const { bytes, valueStart, valueEnd, vr } = element;
  const minimum = minimumWeightIn(element.tag, vr);
  const found = search.find(bytes, valueStart, valueEnd, minimum);
  if (found !== undefined || minimum !== ANY || !needsDecoding(bytes, valueStart, valueEnd)) return found;
  const text = Buffer.from(plainSpelling(elementText(element, dataSet.characterSet)), 'utf8');
  return search.find(text, 0, text.length, minimum);
}

/** Whether text that is to be written as the element's value holds an identifier. */
export function valueHoldsIdentifier(
  { tag, vr }: DataElement,
  value: Uint8Array,
  characterSet: CharacterSet,
  search: IdentifierSearch,
): boolean {
  const minimum = minimumWeightIn(tag, vr);
  if (search.find(value, 0, value.length, minimum) !== undefined) return true;
  if (minimum !== ANY || !needsDecoding(value, 0, value.length)) return false;
  const text = Buffer.from(plainSpelling(characterSet.decode(value, vr)), 'utf8');
  return search.find(text, 0, text.length, minimum) !== undefined;
}

/** Whether any byte is not ASCII or begins an escape sequence. */
function needsDecoding(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80 || byte === 0x1b) return true;
  }
  return false;
}
