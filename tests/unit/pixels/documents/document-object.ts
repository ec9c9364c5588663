/** Builds small objects that hold no image. */
import {
  type DataSet,
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  readPart10,
  type VR,
  writePart10,
} from '../../../../shared/dicom/index.ts';

export const text = (tag: number, vr: VR, value: string): NewElement => ({
  tag,
  vr,
  value: encodeText(value, vr),
});
export const numbers = (tag: number, vr: VR, ...values: number[]): NewElement => ({
  tag,
  vr,
  value: encodeNumbers(values, vr),
});
export const decimals = (tag: number, ...values: number[]): NewElement => text(tag, 'DS', values.join('\\'));
export const sequence = (tag: number, ...items: NewElement[][]): NewElement => ({
  tag,
  vr: 'SQ',
  value: items,
});

/** A Part 10 object of the elements, in the order of their tags at every level. */
export function documentBytes(
  elements: readonly NewElement[],
  sopClass = '1.2.840.10008.5.1.4.1.1.88.11',
): Uint8Array {
  const all = [{ tag: 0x00080016, vr: 'UI' as const, value: encodeUid(sopClass) }, ...elements];
  return writePart10(sorted(all), {
    mediaStorageSopClassUid: sopClass,
    mediaStorageSopInstanceUid: '1.2.3',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    implementationClassUid: '1.2.3',
    implementationVersionName: 'TEST',
  });
}

export function documentDataSet(...elements: NewElement[]): DataSet {
  return readPart10(documentBytes(elements)).dataSet;
}

function sorted(elements: readonly NewElement[]): NewElement[] {
  return [...elements].sort((a, b) => a.tag - b.tag);
}

/** A coded concept of a meaning. */
export const concept = (tag: number, meaning: string, code = 'X1'): NewElement =>
  sequence(tag, [text(0x00080100, 'SH', code), text(0x00080104, 'LO', meaning)]);

/** A content item; `more` comes in the order of tags. */
export function contentItem(type: string, name: string | undefined, ...more: NewElement[]): NewElement[] {
  return sorted([
    text(0x0040a040, 'CS', type),
    ...(name === undefined ? [] : [concept(0x0040a043, name)]),
    ...more,
  ]);
}
