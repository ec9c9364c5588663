/**
 * The residual scan: what is about to be written is searched for every identifier harvested from the input, outside the
 * pixel samples that were copied untouched. It trusts no plan: it reads the finished bytes. A hit refuses the instance and
 * names the attributes, never the value.
 */
import {
  type DataSet,
  elementStrings,
  formatTag,
  isPixelData,
  type Part10,
  readPart10,
  type Segment,
} from '../dicom/index.ts';
import { UnprocessableInstanceError } from '../errors.ts';
import { DUMMY_TEXTS } from './actions/dummy-value.ts';
import { type IdentifierSearch, originOf } from './identifier-search.ts';
import { identifierIn } from './residue.ts';

/** What the gate needs to know of how the bytes came about. */
export interface Written {
  /** The finished object. */
  readonly segments: readonly Segment[];
  /** The same object written without its pixels, in memory, so that it can be read again. */
  readonly withoutPixels: () => Uint8Array;
  /** Texts that de-identification wrote itself and that a patient may happen to be called. */
  readonly authored: readonly string[];
}

/** Refuses the object when an identifier of the input is found in it. */
export function gate(part10: Part10, written: Written, identifiers: IdentifierSearch): void {
  // Bytes say nothing of VRs: only where something is found at all are the elements read again and judged.
  const isSuspect = part10.transferSyntax.deflated || holdsAnything(part10, written.segments, identifiers);
  if (!isSuspect) return;
  const { dataSet } = readPart10(written.withoutPixels());
  judge(dataSet, '', identifiers, new Set([...DUMMY_TEXTS, ...written.authored]));
}

/** Whether any identifier, however short, stands anywhere in the bytes but the pixel values. */
function holdsAnything(part10: Part10, segments: readonly Segment[], identifiers: IdentifierSearch): boolean {
  const pixels = part10.pixelData?.element;
  for (const segment of segments) {
    if (!(segment instanceof Uint8Array)) continue;
    let from = 0;
    if (pixels !== undefined && segment.buffer === pixels.bytes.buffer) {
      const shift = pixels.bytes.byteOffset - segment.byteOffset;
      const start = Math.max(0, pixels.valueStart + shift);
      const end = Math.min(segment.length, pixels.valueEnd + shift);
      if (start < end) {
        if (identifiers.find(segment, 0, start, 0) !== undefined) return true;
        from = end;
      }
    }
    if (identifiers.find(segment, from, segment.length, 0) !== undefined) return true;
  }
  return false;
}

function judge(
  dataSet: DataSet,
  prefix: string,
  identifiers: IdentifierSearch,
  authored: ReadonlySet<string>,
): void {
  for (const element of dataSet.elements) {
    const path = `${prefix}${formatTag(element.tag)}`;
    if (element.items !== undefined) {
      for (const [index, item] of element.items.entries())
        judge(item.dataSet, `${path}[${index}]/`, identifiers, authored);
      continue;
    }
    if (isPixelData(element.tag)) continue;
    const found = identifierIn(element, dataSet, identifiers);
    if (found === undefined) continue;
    if (elementStrings(element, dataSet.characterSet).every((value) => authored.has(value))) continue;
    throw new UnprocessableInstanceError(
      'residual-identifier',
      `an identifier of ${originOf(found)} in ${path}`,
    );
  }
}
