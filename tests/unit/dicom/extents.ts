/** Checks that every byte belongs to an element, and describes a data set for comparison. */
import { type DataElement, type DataSet, type Part10, valueBytes } from '../../../shared/dicom/index.ts';

/** What is wrong with the extents of an object: gaps, overlaps, bytes that belong to nothing; empty when nothing is. */
export function strayBytes(part10: Part10): string[] {
  const wrong: string[] = [];
  const start = part10.dataSet.elements[0]?.offset;
  if (start === undefined) return wrong;
  const end = endOf(part10.dataSet.elements, start, wrong);
  const size = part10.inflated?.length ?? part10.size;
  if (end !== size && !part10.anomalies.includes('trailing-zeros')) wrong.push(`ends at ${end} of ${size}`);
  if (end > size) wrong.push(`ends at ${end} of ${size}`);
  return wrong;
}

function endOf(elements: readonly DataElement[], start: number, wrong: string[]): number {
  let at = start;
  for (const element of elements) {
    const base = element.offset - element.start;
    if (element.offset !== at) wrong.push(`element at ${element.offset}, not ${at}`);
    if (element.items !== undefined) checkItems(element, base, wrong);
    if (element.end !== element.valueEnd + (element.undefinedLength ? 8 : 0))
      wrong.push(`end of ${element.offset}`);
    at = element.end + base;
  }
  return at;
}

function checkItems(element: DataElement, base: number, wrong: string[]): void {
  let at = element.valueStart;
  for (const item of element.items ?? []) {
    if (item.start !== at || item.contentStart !== at + 8) wrong.push(`item at ${item.start}, not ${at}`);
    const contentEnd = endOf(item.dataSet.elements, item.contentStart + base, wrong) - base;
    if (contentEnd !== item.contentEnd) wrong.push(`content to ${item.contentEnd}, not ${contentEnd}`);
    const delimiter = item.end - item.contentEnd;
    if (delimiter !== 0 && delimiter !== 8) wrong.push(`delimiter of ${delimiter}`);
    at = item.end;
  }
  const delimiter = element.valueEnd - at;
  if (delimiter !== 0 && !(delimiter === 8 && !element.undefinedLength)) wrong.push(`sequence to ${at}`);
}

/** Tags, VRs and value bytes, nested: what has to survive a rewriting. Group lengths are left out. */
export function described(dataSet: DataSet): unknown[] {
  return dataSet.elements
    .filter((element) => (element.tag & 0xffff) !== 0)
    .map((element) => [
      element.tag,
      element.vr,
      element.items === undefined
        ? Buffer.from(valueBytes(element)).toString('hex')
        : element.items.map((item) => described(item.dataSet)),
    ]);
}
