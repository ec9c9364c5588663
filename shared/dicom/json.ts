/**
 * The DICOM JSON Model (PS3.18 F). Attributes without a value are omitted, as are group lengths and Pixel Data; text is UTF-8, and
 * Specific Character Set says so. Binary values are inlined while they are small, else they are named by a URI or omitted.
 */
import type { DataElement, DataSet } from './data-set.ts';
import { isGroupLength, isPixelData, SPECIFIC_CHARACTER_SET, type Tag } from './tag.ts';
import { elementNumbers, elementText, trimEnd, valueBytes } from './value.ts';
import { isMultiValued, isText, type VR, wordSize } from './vr.ts';
import { swapped } from './write/element-writer.ts';

export interface PersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

export type DicomJsonValue = string | number | null | PersonName | DicomJson;

export interface DicomJsonElement {
  vr: VR;
  Value?: DicomJsonValue[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

/** Attributes by tag, eight upper-case hexadecimal digits. */
export interface DicomJson {
  [tag: string]: DicomJsonElement;
}

export interface DicomJsonOptions {
  /** The URI of a binary value; its path is tags and item numbers from 1, joined by `/`. Default: none, it is omitted. */
  readonly bulkDataUri?: (path: string) => string;
  /** Binary values up to this many bytes are inlined. Default 1024. */
  readonly maximumInlineBytes?: number;
}

const BINARY: ReadonlySet<VR> = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN'] as const);
const DEFAULT_INLINE_BYTES = 1024;

/** The data set in the DICOM JSON Model. */
export function toDicomJson(dataSet: DataSet, options: DicomJsonOptions = {}): DicomJson {
  return dataSetToJson(dataSet, options, '');
}

function dataSetToJson(dataSet: DataSet, options: DicomJsonOptions, path: string): DicomJson {
  const json: DicomJson = {};
  for (const element of dataSet.elements) {
    if (isGroupLength(element.tag) || isPixelData(element.tag)) continue;
    const key = jsonKey(element.tag);
    const content = contentOf(element, dataSet, options, path + key);
    if (content !== undefined) json[key] ??= { vr: element.vr, ...content };
  }
  return json;
}

function contentOf(
  element: DataElement,
  dataSet: DataSet,
  options: DicomJsonOptions,
  path: string,
): Omit<DicomJsonElement, 'vr'> | undefined {
  if (element.items !== undefined) {
    const items = element.items.map((item, index) =>
      dataSetToJson(item.dataSet, options, `${path}/${index + 1}/`),
    );
    return items.length === 0 ? undefined : { Value: items };
  }
  if (element.valueEnd === element.valueStart) return undefined;
  if (element.tag === SPECIFIC_CHARACTER_SET) return { Value: ['ISO_IR 192'] };
  if (BINARY.has(element.vr)) return binary(element, options, path);
  const values = isText(element.vr) ? textValues(element, dataSet) : numberValues(element);
  return values.every((value) => value === null) ? undefined : { Value: values };
}

function binary(
  element: DataElement,
  options: DicomJsonOptions,
  path: string,
): Omit<DicomJsonElement, 'vr'> | undefined {
  const length = element.valueEnd - element.valueStart;
  if (!element.undefinedLength && length <= (options.maximumInlineBytes ?? DEFAULT_INLINE_BYTES)) {
    // Inline binary is little endian (PS3.18 F.2.7).
    const isBig = element.encoding.bigEndian && element.headerVr !== 'UN';
    const value = isBig ? swapped(valueBytes(element), wordSize(element.vr)) : valueBytes(element);
    return { InlineBinary: Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') };
  }
  return options.bulkDataUri === undefined ? undefined : { BulkDataURI: options.bulkDataUri(path) };
}

function textValues(element: DataElement, dataSet: DataSet): DicomJsonValue[] {
  const { vr } = element;
  const text = elementText(element, dataSet.characterSet);
  if (!isMultiValued(vr)) return [text === '' ? null : text];
  return text.split('\\').map((part) => {
    const value = trimEnd(part);
    if (value.trim() === '') return null;
    if (vr === 'PN') return personName(value);
    if (vr === 'DS' || vr === 'IS') return decimal(value);
    return value.trimStart();
  });
}

/** A number where it is one; what is none is kept as it was written, as PS3.18 F.2.3 allows for DS and IS. */
function decimal(value: string): string | number {
  const number = Number(value);
  return Number.isFinite(number) ? number : value.trim();
}

function personName(value: string): PersonName | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = value.split('=').map(withoutEmptyComponents);
  const name: PersonName = {};
  if (alphabetic !== '') name.Alphabetic = alphabetic;
  if (ideographic !== '') name.Ideographic = ideographic;
  if (phonetic !== '') name.Phonetic = phonetic;
  return Object.keys(name).length === 0 ? null : name;
}

/** Empty components at the end of a name may be left out, with their delimiters (PS3.5 6.2.1.1). */
function withoutEmptyComponents(group: string): string {
  let end = group.length;
  while (end > 0 && (group[end - 1] === '^' || group[end - 1] === ' ')) end--;
  return group.slice(0, end);
}

function numberValues(element: DataElement): DicomJsonValue[] {
  return elementNumbers(element).map((number) => {
    if (element.vr === 'AT') return jsonKey(number);
    if (!Number.isFinite(number)) return String(number);
    return element.vr === 'FL' ? shortest(number) : number;
  });
}

/** The fewest digits that give the same 32-bit number: 0.1, not 0.10000000149011612. */
function shortest(number: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(number.toPrecision(digits));
    if (Math.fround(candidate) === number) return candidate;
  }
  return Number(number.toPrecision(9));
}

function jsonKey(tag: Tag): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}
