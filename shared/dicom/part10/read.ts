/**
 * Reads an object that is in memory, and the steps that reading from a ranged source shares with it: the elements before Pixel
 * Data, Pixel Data itself, the elements after it.
 */
import { type DataElement, DataSet } from '../data-set.ts';
import { type FragmentWalk, type WalkedElement, walkFragmentsIn } from './fragments.ts';
import { type Header, UNDEFINED_LENGTH, vrOfTag } from './header.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits } from './limits.ts';
import { type Opened, openObject } from './open.ts';
import type { Part10, PixelDataExtent } from './part10.ts';
import { refuse, refuseElement, refuseLimit } from './refuse.ts';
import { Tokenizer } from './tokenizer.ts';
import type { Window } from './window.ts';

/** An object of which what stands before Pixel Data was read. */
export interface ReadHead {
  readonly opened: Opened;
  readonly dataSet: DataSet;
  readonly elements: DataElement[];
  readonly headerEnd: number;
  /** The header of the element that holds the pixels. */
  readonly pixelHeader: Header | undefined;
}

/** Reads a whole object that is in memory. */
export function readPart10(bytes: Uint8Array, limits: Partial<ReadLimits> = {}): Part10 {
  const allLimits = { ...DEFAULT_READ_LIMITS, ...limits };
  const head = readHead(bytes, bytes.length, allLimits);
  const walk = isEncapsulated(head)
    ? walkFragmentsIn(head.opened.window, head.pixelHeader.valueStart, walkedPixelData(head, allLimits))
    : undefined;
  const pixelData = takePixelData(head, walk);
  if (pixelData !== undefined) readTail(head, head.opened.window, pixelData.element.end, allLimits);
  return finish(head, pixelData, bytes.length, bytes.length);
}

/** Reads what stands before Pixel Data; asks for more bytes when those at hand do not reach so far. */
export function readHead(bytes: Uint8Array, size: number, limits: ReadLimits): ReadHead {
  const opened = openObject(bytes, size, limits);
  const elements: DataElement[] = [];
  const dataSet = new DataSet(elements, opened.encoding);
  const tokenizer = new Tokenizer(opened.window, limits, opened.tally);
  const headerEnd = tokenizer.readRoot(opened.start, dataSet, elements);
  if (opened.inflated === undefined && headerEnd > limits.maximumHeaderBytes) {
    refuseLimit('too-large', 'maximumHeaderBytes', limits.maximumHeaderBytes);
  }
  const pixelHeader =
    headerEnd < opened.window.end ? tokenizer.headerAt(headerEnd, opened.encoding) : undefined;
  return { opened, dataSet, elements, headerEnd, pixelHeader };
}

/** Whether the pixels are encapsulated: only then has their element an undefined length (PS3.5 A.4). */
export function isEncapsulated(head: ReadHead): head is ReadHead & { readonly pixelHeader: Header } {
  if (head.pixelHeader?.length !== UNDEFINED_LENGTH) return false;
  if (head.opened.encoding.bigEndian) {
    refuse('unsupported-transfer-syntax', head.headerEnd, 'encapsulated Pixel Data in big endian');
  }
  if (!head.opened.declared) {
    refuse('unsupported-transfer-syntax', head.headerEnd, 'encapsulated Pixel Data, and no transfer syntax');
  }
  return true;
}

/** What a walk over the fragments of Pixel Data has to know. */
export function walkedPixelData(
  head: ReadHead & { readonly pixelHeader: Header },
  limits: ReadLimits,
): WalkedElement {
  return {
    tag: head.pixelHeader.tag,
    base: 0,
    end: head.opened.window.end,
    bigEndian: head.pixelHeader.encoding.bigEndian,
    maximumFragments: limits.maximumFragments,
  };
}

/** Adds the element that holds the pixels to the data set; its bytes need not be at hand. */
export function takePixelData(head: ReadHead, walk: FragmentWalk | undefined): PixelDataExtent | undefined {
  const { pixelHeader: header, headerEnd: start, opened } = head;
  if (header === undefined) return undefined;
  const undefinedLength = walk !== undefined;
  const valueEnd = walk?.delimiter ?? header.valueStart + header.length;
  const left = opened.window.end - header.valueStart;
  if (valueEnd > opened.window.end) {
    refuseElement('truncated', header.tag, start, `${header.length} value bytes announced, ${left} left`);
  }
  if (!undefinedLength && header.length % 2 === 1) opened.tally.note('odd-length');
  if (!header.regular) opened.tally.note('unknown-vr');
  const named = header.headerVr === undefined || header.headerVr === 'UN' ? undefined : header.headerVr;
  const element: DataElement = {
    tag: header.tag,
    vr: named ?? (undefinedLength ? 'OB' : vrOfTag(header.tag)),
    headerVr: header.headerVr,
    bytes: opened.window.bytes,
    start,
    valueStart: header.valueStart,
    valueEnd,
    end: undefinedLength ? valueEnd + 8 : valueEnd,
    undefinedLength,
    encoding: header.encoding,
    items: undefined,
    offset: start,
    // Fragments under VR UN would be read as items of a sequence (PS3.5 6.2.2).
    regular: header.regular && !(undefinedLength && header.headerVr === 'UN'),
  };
  head.elements.push(element);
  if (walk === undefined) return { element, start, end: element.end };
  const { basicOffsetTable, fragments } = walk;
  return { element, start, end: element.end, fragments, ...(basicOffsetTable && { basicOffsetTable }) };
}

/** Reads the elements after Pixel Data, from an index of a window that reaches to the end of the object. */
export function readTail(head: ReadHead, window: Window, at: number, limits: ReadLimits): void {
  const { opened, dataSet, elements } = head;
  if (opened.inflated === undefined && window.end - at > limits.maximumHeaderBytes) {
    refuseLimit('too-large', 'maximumHeaderBytes', limits.maximumHeaderBytes);
  }
  const end = new Tokenizer(window, limits, opened.tally).readRoot(at, dataSet, elements);
  if (end < window.end) refuse('malformed', end + window.base, 'a second element that holds pixels');
}

/** The object as it was read. */
export function finish(
  head: ReadHead,
  pixelData: PixelDataExtent | undefined,
  size: number,
  bytesRead: number,
): Part10 {
  const { opened, dataSet, headerEnd } = head;
  const { preamble, meta, transferSyntax, encoding, inflated, tally } = opened;
  for (const [element, owner] of tally.undecided) element.vr = owner.signedPixels ? 'SS' : 'US';
  return {
    size,
    preamble,
    meta,
    transferSyntax,
    encoding,
    dataSet,
    ...(pixelData && { pixelData }),
    headerEnd,
    bytesRead,
    anomalies: [...tally.anomalies],
    inflated,
  };
}
