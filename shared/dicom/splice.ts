/**
 * Writes an edited object. What was not edited stays the bytes it was: views of the source, or ranges of it that were not
 * read. Preamble and meta information are made anew, group lengths are dropped, the lengths that enclose an edit are
 * fixed. What is no legal encoding of the written transfer syntax is given one; nothing else is repaired.
 */
import type { DataElement, DataSet, Item } from './data-set.ts';
import { type Encoding, encodingOf, IMPLICIT_LITTLE } from './encoding.ts';
import type { MetaInput, NewElement, Segment } from './new-element.ts';
import { deflate } from './part10/inflate.ts';
import { syntaxOfEncoding } from './part10/open.ts';
import type { Part10 } from './part10/part10.ts';
import { concatSegments, segmentsLength } from './segments.ts';
import { ITEM, isGroupLength, type Tag } from './tag.ts';
import { type TransferSyntax, transferSyntaxOf } from './transfer-syntax.ts';
import { type VR, wordSize } from './vr.ts';
import {
  closeLength,
  inTagOrder,
  swapped,
  writeDelimiter,
  writeHeader,
  writeItemHeader,
  writeNewElement,
  writeValue,
} from './write/element-writer.ts';
import { writeFileMeta } from './write/file-meta.ts';
import { Output } from './write/output.ts';

const UNDEFINED_LENGTH = 0xffffffff;

/** What becomes of an element. */
export type Edit =
  | { readonly kind: 'keep' }
  | { readonly kind: 'remove' }
  /** New value bytes, in the byte order of the element; an odd length is padded. */
  | { readonly kind: 'replace'; readonly value: Uint8Array; readonly vr?: VR }
  /** A new value of any size: bytes and ranges of the source, in the byte order of the element; fragments with their items. */
  | {
      readonly kind: 'rewrite';
      readonly segments: readonly Segment[];
      readonly undefinedLength: boolean;
      readonly vr?: VR;
    }
  /** A sequence of no items. */
  | { readonly kind: 'empty-items' }
  /** A sequence whose items are edited one by one. */
  | { readonly kind: 'items' };

export interface SpliceEditor {
  /** Asked for each element; of a sequence's items only when the answer for the sequence was 'items'. Depth 0 is the root. */
  edit(element: DataElement, owner: DataSet, depth: number): Edit;
  /** Elements to insert in tag order; one that the data set has already is replaced, and not asked for. */
  add?(dataSet: DataSet, depth: number): readonly NewElement[];
}

/** The edited object. A transfer syntax other than the source's own is written by giving each element a new header. */
export function splice(part10: Part10, editor: SpliceEditor, meta: MetaInput): Segment[] {
  const syntax = writtenSyntax(part10, meta.transferSyntaxUid);
  const target = encodingOf(syntax.explicitVr, syntax.bigEndian);
  if (target.bigEndian !== part10.encoding.bigEndian)
    throw new Error('splice does not change the byte order');
  const out = new Output();
  writeFileMeta(out, meta, syntax.uid);
  const body = syntax.deflated ? new Output() : out;
  new Splicer(body, editor).writeDataSet(part10.dataSet, target, 0);
  if (!syntax.deflated) return out.finish();
  const segments = body.finish();
  if (segments.some((segment) => !(segment instanceof Uint8Array))) {
    throw new Error('bytes that were not read cannot be deflated');
  }
  return [...out.finish(), deflate(concatSegments(segments, new Uint8Array(0)))];
}

/** The transfer syntax the object is written in when it is to keep its own: the declared one, unless it is really another. */
export function writtenTransferSyntax(part10: Part10): TransferSyntax {
  const { transferSyntax: declared, encoding, inflated, pixelData } = part10;
  if (declared.deflated && inflated === undefined) return syntaxOfEncoding(encoding);
  // Fragments have no encoding but explicit little endian (PS3.5 A.4), whatever the headers around them are.
  if (pixelData?.fragments !== undefined) return declared;
  const isDeclared = declared.explicitVr === encoding.explicitVr && declared.bigEndian === encoding.bigEndian;
  return isDeclared ? declared : syntaxOfEncoding(encoding);
}

function writtenSyntax(part10: Part10, requestedUid: string): TransferSyntax {
  const requested = transferSyntaxOf(requestedUid);
  if (requested === undefined) throw new Error('no such transfer syntax');
  return requested === part10.transferSyntax ? writtenTransferSyntax(part10) : requested;
}

/** Whether an element is never written: group lengths would be wrong (PS3.5 7.2), meta information is made anew (PS3.10 7.1). */
function isSuperseded(tag: Tag, depth: number): boolean {
  return isGroupLength(tag) || (depth === 0 && tag >>> 16 === 0x0002);
}

class Splicer {
  readonly #out: Output;
  readonly #editor: SpliceEditor;

  constructor(out: Output, editor: SpliceEditor) {
    this.#out = out;
    this.#editor = editor;
  }

  writeDataSet(dataSet: DataSet, target: Encoding, depth: number): void {
    const additions = inTagOrder(this.#editor.add?.(dataSet, depth) ?? []);
    const replaced = new Set(additions.map((addition) => addition.tag));
    let next = 0;
    for (const element of dataSet.elements) {
      for (; next < additions.length && (additions[next] as NewElement).tag <= element.tag; next++) {
        writeNewElement(this.#out, additions[next] as NewElement, target);
      }
      if (replaced.has(element.tag) || isSuperseded(element.tag, depth)) continue;
      this.#writeEdited(element, dataSet, target, depth);
    }
    for (; next < additions.length; next++) writeNewElement(this.#out, additions[next] as NewElement, target);
  }

  #writeEdited(element: DataElement, owner: DataSet, target: Encoding, depth: number): void {
    const edit = this.#editor.edit(element, owner, depth);
    switch (edit.kind) {
      case 'keep':
        this.#keep(element, target);
        break;
      case 'remove':
        break;
      case 'replace':
        writeValue(this.#out, element.tag, edit.vr ?? element.vr, edit.value, target);
        break;
      case 'rewrite':
        this.#rewrite(element, edit, target);
        break;
      case 'empty-items':
        writeHeader(this.#out, element.tag, 'SQ', 0, target);
        break;
      case 'items':
        this.#writeItems(element, target, (dataSet, inner) => this.writeDataSet(dataSet, inner, depth + 1));
        break;
    }
  }

  /** Of undefined length the segments bring the items and the delimiter is written here (PS3.5 A.4). */
  #rewrite({ tag, vr }: DataElement, edit: Extract<Edit, { kind: 'rewrite' }>, target: Encoding): void {
    const length = edit.undefinedLength ? UNDEFINED_LENGTH : segmentsLength(edit.segments);
    if (length % 2 === 1 && !edit.undefinedLength) throw new Error('a value of odd length');
    writeHeader(this.#out, tag, edit.vr ?? vr, length, target);
    for (const segment of edit.segments) {
      if (segment instanceof Uint8Array) this.#out.add(segment);
      else this.#out.addUnread(segment);
    }
    if (edit.undefinedLength) writeDelimiter(this.#out, 'sequence', target.bigEndian);
  }

  #keep(element: DataElement, target: Encoding): void {
    if (element.regular && element.encoding === target) {
      this.#copy(element, element.start, element.end);
    } else if (element.items !== undefined) {
      this.#writeItems(element, target, (dataSet, inner) => {
        for (const nested of dataSet.elements) this.#keep(nested, inner);
      });
    } else if (element.undefinedLength) {
      writeHeader(this.#out, element.tag, element.vr, UNDEFINED_LENGTH, target);
      this.#copy(element, element.valueStart, element.end);
    } else this.#keepValue(element, target);
  }

  /** The value under a new header. */
  #keepValue(element: DataElement, target: Encoding): void {
    const { tag, vr, valueStart, valueEnd } = element;
    const word = wordSize(vr);
    if (element.encoding.bigEndian !== target.bigEndian && word > 1) {
      const value = swapped(element.bytes.subarray(valueStart, valueEnd), word);
      writeValue(this.#out, tag, vr, value, target);
      return;
    }
    writeHeader(this.#out, tag, vr, valueEnd - valueStart, target);
    this.#copy(element, valueStart, valueEnd);
  }

  #copy(element: DataElement, start: number, end: number): void {
    if (end <= element.bytes.length) this.#out.copy(element.bytes, start, end);
    else this.#out.copyUnread(element.offset + start - element.start, end - start);
  }

  /** The items of a sequence, each written by `write`; lengths stay of the kind they were. */
  #writeItems(
    element: DataElement,
    target: Encoding,
    write: (dataSet: DataSet, inner: Encoding) => void,
  ): void {
    const out = this.#out;
    const verbatim = element.regular && element.encoding === target;
    // A sequence carried as UN stays one: its items are implicit little endian inside (PS3.5 6.2.2).
    const carried = verbatim && element.headerVr === 'UN';
    const inner = carried ? IMPLICIT_LITTLE : target;
    const { undefinedLength } = element;
    const length = undefinedLength ? UNDEFINED_LENGTH : 0;
    const slot = writeHeader(out, element.tag, carried ? 'UN' : 'SQ', length, target);
    for (const item of element.items ?? []) this.#writeItem(item, inner, write);
    if (undefinedLength) writeDelimiter(out, 'sequence', inner.bigEndian);
    else closeLength(out, slot, target.bigEndian);
  }

  #writeItem(item: Item, inner: Encoding, write: (dataSet: DataSet, inner: Encoding) => void): void {
    const { bigEndian } = inner;
    const slot = writeItemHeader(this.#out, ITEM, item.undefinedLength ? UNDEFINED_LENGTH : 0, bigEndian);
    write(item.dataSet, inner);
    if (item.undefinedLength) writeDelimiter(this.#out, 'item', bigEndian);
    else closeLength(this.#out, slot, bigEndian);
  }
}
