/** Elements out of the DICOM JSON Model, as the index keeps it, in UTF-8. Values that it names but does not hold are left out. */
import {
  characterSetOf,
  type DicomJson,
  type DicomJsonElement,
  type DicomJsonValue,
  dependsOnCharacterSet,
  encodeNumbers,
  encodeText,
  isText,
  type NewElement,
  type PersonName,
  type Tag,
  type VR,
} from '../dicom/index.ts';

const UTF_8 = 'ISO_IR 192';
const CHARACTERS = characterSetOf([UTF_8]);

/** The element with the values of the attribute; empty where it has none. */
export function jsonElement(tag: Tag, vr: VR, values: readonly DicomJsonValue[]): NewElement {
  if (vr === 'SQ') return { tag, vr, value: values.filter(isItem).map((item) => jsonElements(item)) };
  if (!isText(vr)) return { tag, vr, value: encodeNumbers(values.map(numberOf), vr) };
  const text = values.map((value) => (isName(value) ? nameOf(value) : String(value ?? ''))).join('\\');
  // What a code or a date may not hold is no reason to do without the whole directory.
  const written = dependsOnCharacterSet(vr) ? text : text.replace(/[^\x20-\x7e]/g, '?');
  return { tag, vr, value: encodeText(written, vr, CHARACTERS) };
}

/** All elements that hold their values. */
export function jsonElements(json: DicomJson): NewElement[] {
  return Object.entries(json)
    .filter(([tag, { Value }]) => Value !== undefined && tag !== SPECIFIC_CHARACTER_SET)
    .map(([tag, element]) => jsonElement(Number.parseInt(tag, 16), element.vr, valuesOf(element)));
}

/** Specific Character Set, where the elements have characters that need one. */
export function characterSetFor(elements: readonly NewElement[]): NewElement[] {
  if (elements.every(isAscii)) return [];
  return [{ tag: 0x00080005, vr: 'CS', value: encodeText(UTF_8, 'CS') }];
}

export function valuesOf(element: DicomJsonElement | undefined): readonly DicomJsonValue[] {
  return element?.Value ?? [];
}

const SPECIFIC_CHARACTER_SET = '00080005';

function isAscii({ value }: NewElement): boolean {
  if (value instanceof Uint8Array) return value.every((byte) => byte < 0x80);
  return 'fragments' in value || value.every((item) => item.every(isAscii));
}

function numberOf(value: DicomJsonValue): number {
  // Tags (AT) are texts of hexadecimal digits.
  return typeof value === 'string' ? Number.parseInt(value, 16) : Number(value);
}

function isItem(value: DicomJsonValue): value is DicomJson {
  return typeof value === 'object' && value !== null;
}

function isName(value: DicomJsonValue): value is PersonName {
  return typeof value === 'object' && value !== null;
}

function nameOf({ Alphabetic = '', Ideographic = '', Phonetic = '' }: PersonName): string {
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}
