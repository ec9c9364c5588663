/** Writes headers, items and new elements in an encoding (PS3.5 7.1, 7.5, A.4). */
import { type Encoding, encodingOf } from '../encoding.ts';
import type { EncapsulatedValue, NewElement } from '../new-element.ts';
import { formatTag, ITEM, ITEM_DELIMITATION, SEQUENCE_DELIMITATION, type Tag } from '../tag.ts';
import { hasLongForm, paddingByte, type VR, wordSize } from '../vr.ts';
import type { LengthSlot, Output } from './output.ts';

const UNDEFINED_LENGTH = 0xffffffff;
/** The greatest even length of the short form. */
const MAXIMUM_SHORT_LENGTH = 0xfffe;

/** Writes an unsigned 32-bit number. */
export function put32(bytes: Uint8Array, at: number, value: number, bigEndian: boolean): void {
  bytes[at] = bigEndian ? value >>> 24 : value;
  bytes[at + 1] = bigEndian ? value >>> 16 : value >>> 8;
  bytes[at + 2] = bigEndian ? value >>> 8 : value >>> 16;
  bytes[at + 3] = bigEndian ? value : value >>> 24;
}

/** Writes an unsigned 16-bit number. */
export function put16(bytes: Uint8Array, at: number, value: number, bigEndian: boolean): void {
  bytes[at] = bigEndian ? value >>> 8 : value;
  bytes[at + 1] = bigEndian ? value : value >>> 8;
}

/** Writes the header of an element; a value too long for its VR is written as UN (PS3.5 6.2.2). */
export function writeHeader(out: Output, tag: Tag, vr: VR, length: number, encoding: Encoding): LengthSlot {
  const { explicitVr, bigEndian } = encoding;
  const long = explicitVr && (hasLongForm(vr) || length > MAXIMUM_SHORT_LENGTH);
  const written = long && !hasLongForm(vr) ? 'UN' : vr;
  const { page, at } = out.room(long ? 12 : 8);
  put16(page, at, tag >>> 16, bigEndian);
  put16(page, at + 2, tag & 0xffff, bigEndian);
  if (explicitVr) {
    page[at + 4] = written.charCodeAt(0);
    page[at + 5] = written.charCodeAt(1);
    if (long) put32(page, at + 8, length, bigEndian);
    else put16(page, at + 6, length, bigEndian);
  } else put32(page, at + 4, length, bigEndian);
  return { page, at: long ? at + 8 : at + 4, from: out.length };
}

/** Writes the header of an item or a delimiter. */
export function writeItemHeader(out: Output, tag: Tag, length: number, bigEndian: boolean): LengthSlot {
  return writeHeader(out, tag, 'UN', length, encodingOf(false, bigEndian));
}

/** Puts in the length of all that was written since the header. */
export function closeLength(out: Output, slot: LengthSlot, bigEndian: boolean): void {
  const length = out.length - slot.from;
  if (length >= UNDEFINED_LENGTH) throw new Error(`a length of ${length} bytes needs more than 32 bits`);
  put32(slot.page, slot.at, length, bigEndian);
}

/** Writes an element with its value bytes, padded to an even length; they are in the byte order of the encoding. */
export function writeValue(out: Output, tag: Tag, vr: VR, value: Uint8Array, encoding: Encoding): void {
  const odd = value.length % 2;
  writeHeader(out, tag, vr, value.length + odd, encoding);
  out.add(value);
  if (odd === 1) {
    const { page, at } = out.room(1);
    page[at] = paddingByte(vr);
  }
}

/** Writes elements in tag order. */
export function writeNewElements(out: Output, elements: readonly NewElement[], encoding: Encoding): void {
  for (const element of inTagOrder(elements)) writeNewElement(out, element, encoding);
}

/** Writes one element made here. */
export function writeNewElement(out: Output, element: NewElement, encoding: Encoding): void {
  const { tag, vr, value } = element;
  if (value instanceof Uint8Array) {
    const word = wordSize(vr);
    writeValue(out, tag, vr, encoding.bigEndian && word > 1 ? swapped(value, word) : value, encoding);
  } else if ('fragments' in value) {
    writeFragments(out, tag, value, encoding);
  } else {
    const slot = writeHeader(out, tag, 'SQ', 0, encoding);
    for (const item of value) {
      const itemSlot = writeItemHeader(out, ITEM, 0, encoding.bigEndian);
      writeNewElements(out, item, encoding);
      closeLength(out, itemSlot, encoding.bigEndian);
    }
    closeLength(out, slot, encoding.bigEndian);
  }
}

/** A copy with the bytes of each word reversed: the same numbers in the other byte order (PS3.5 7.3). */
export function swapped(value: Uint8Array, word: number): Uint8Array {
  const copy = new Uint8Array(value.length);
  for (let at = 0; at < value.length; at++) {
    const first = at - (at % word);
    copy[at] = value[first + word - 1 - (at - first)] ?? (value[at] as number);
  }
  return copy;
}

/** The elements by ascending tag; two of one tag are a bug. */
export function inTagOrder(elements: readonly NewElement[]): NewElement[] {
  const ordered = [...elements].sort((a, b) => a.tag - b.tag);
  const twice = ordered.find((element, index) => element.tag === ordered[index - 1]?.tag);
  if (twice !== undefined) throw new Error(`two new elements ${formatTag(twice.tag)}`);
  return ordered;
}

function writeFragments(out: Output, tag: Tag, value: EncapsulatedValue, encoding: Encoding): void {
  const { bigEndian } = encoding;
  writeHeader(out, tag, 'OB', UNDEFINED_LENGTH, encoding);
  writeItemHeader(out, ITEM, 0, bigEndian);
  for (const fragment of value.fragments) {
    writeItemHeader(out, ITEM, fragment.length + (fragment.length % 2), bigEndian);
    out.add(fragment);
    if (fragment.length % 2 === 1) out.room(1);
  }
  writeItemHeader(out, SEQUENCE_DELIMITATION, 0, bigEndian);
}

/** Writes the beginning of a sequence or item of undefined length, or its end. */
export function writeDelimiter(out: Output, of: 'sequence' | 'item', bigEndian: boolean): void {
  writeItemHeader(out, of === 'item' ? ITEM_DELIMITATION : SEQUENCE_DELIMITATION, 0, bigEndian);
}
