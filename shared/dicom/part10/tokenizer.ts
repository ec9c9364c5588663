/**
 * Splits bytes into data elements: every byte between the beginning and the end belongs to one, or the object is refused with
 * a reason and an offset. Effort is bounded: each byte is looked at a fixed number of times, counts and depth have limits.
 */
import { UnprocessableInstanceError } from '../../errors.ts';
import { type DataElement, DataSet, type Item } from '../data-set.ts';
import { followsPixelRepresentation } from '../dictionary.ts';
import { type Encoding, EXPLICIT_LITTLE, IMPLICIT_LITTLE, read16, read32, readTag } from '../encoding.ts';
import {
  ITEM,
  ITEM_DELIMITATION,
  isGroupLength,
  isPixelData,
  SEQUENCE_DELIMITATION,
  type Tag,
} from '../tag.ts';
import type { VR } from '../vr.ts';
import { walkFragmentsIn } from './fragments.ts';
import { detectEncoding, type Header, readHeader, UNDEFINED_LENGTH, vrOfTag } from './header.ts';
import type { ReadLimits } from './limits.ts';
import { refuseLimit } from './refuse.ts';
import type { Tally } from './tally.ts';
import { onlyZerosFrom, type Window } from './window.ts';

/** After so many values that looked like a sequence and were none, no more are tried: they stay unknown. */
const MOST_FAILED_ATTEMPTS = 1000;

/** The data set that is being filled, and how deep it lies; 0 is the root. */
interface Place {
  readonly dataSet: DataSet;
  readonly elements: DataElement[];
  readonly depth: number;
}

export class Tokenizer {
  readonly #window: Window;
  readonly #limits: ReadLimits;
  readonly #tally: Tally;
  /** The header read last; read anew after each call that may read another. */
  readonly #header: Header = {
    tag: 0,
    headerVr: undefined,
    length: 0,
    valueStart: 0,
    regular: true,
    encoding: EXPLICIT_LITTLE,
  };
  /** Whether something irregular was met since this was last cleared. */
  #irregular = false;

  constructor(window: Window, limits: ReadLimits, tally: Tally) {
    this.#window = window;
    this.#limits = limits;
    this.#tally = tally;
  }

  /** Reads File Meta Information: all that is of group 0002. Returns where it ends. */
  readFileMeta(at: number, dataSet: DataSet, elements: DataElement[]): number {
    const window = this.#window;
    const place = { dataSet, elements, depth: 0 };
    while (at + 8 <= window.end) {
      window.require(at + 8);
      if (read16(window.bytes, at, false) !== 2) break;
      readHeader(window, at, window.end, dataSet.encoding, this.#header);
      at = this.#readElement(at, window.end, place);
    }
    return at;
  }

  /** Reads the elements of the root up to Pixel Data or the end; returns where that is. */
  readRoot(at: number, dataSet: DataSet, elements: DataElement[]): number {
    const window = this.#window;
    const place = { dataSet, elements, depth: 0 };
    while (at < window.end) {
      if (onlyZerosFrom(window, at)) {
        this.#tally.note('trailing-zeros');
        return window.end;
      }
      readHeader(window, at, window.end, dataSet.encoding, this.#header);
      const { tag } = this.#header;
      if (isPixelData(tag)) return at;
      if (tag >>> 16 === 0xfffe) window.refuseMalformed(at, 'an item or delimiter outside of a sequence');
      at = this.#readElement(at, window.end, place);
    }
    return at;
  }

  /** Reads one header, for who goes on alone: that of Pixel Data. */
  headerAt(at: number, encoding: Encoding): Header {
    readHeader(this.#window, at, this.#window.end, encoding, this.#header);
    return { ...this.#header };
  }

  /** Reads the element whose header was just read; returns where it ends. */
  #readElement(start: number, end: number, place: Place): number {
    const header = this.#header;
    const { tag, headerVr, length, valueStart } = header;
    this.#tally.count();
    const vr = headerVr === undefined || headerVr === 'UN' ? vrOfTag(tag) : headerVr;
    if (length === UNDEFINED_LENGTH) {
      return this.#holdsFragments(tag, vr, headerVr, start)
        ? this.#readFragments(vr, start, end, place)
        : this.#readSequence(vr, start, end, place);
    }
    const valueEnd = valueStart + length;
    if (valueEnd > end) this.#window.refuseOverrun(tag, start, length, end - valueStart, end);
    if (valueEnd > this.#window.bytes.length) this.#window.require(valueEnd);
    if (vr === 'SQ' || (vr === 'UN' && this.#startsWithItem(valueStart, length))) {
      return this.#readSequence(vr, start, valueEnd, place);
    }
    if ((length & 1) === 1) this.#tally.note('odd-length');
    if (isGroupLength(tag) && length !== 4) this.#tally.note('group-length-not-4-bytes');
    this.#take(header, vr, start, valueEnd, valueEnd, undefined, header.regular, place);
    return valueEnd;
  }

  #readFragments(vr: VR, start: number, end: number, place: Place): number {
    const header = { ...this.#header };
    const { bigEndian } = header.encoding;
    const { maximumFragments } = this.#limits;
    const walked = { tag: header.tag, base: this.#window.base, end, bigEndian, maximumFragments };
    const { delimiter } = walkFragmentsIn(this.#window, header.valueStart, walked);
    // Fragments under VR UN would be read as items of a sequence (PS3.5 6.2.2).
    const misnamed = header.headerVr === 'UN';
    const regular = header.regular && !misnamed;
    this.#take(header, misnamed ? 'OB' : vr, start, delimiter, delimiter + 8, undefined, regular, place);
    return delimiter + 8;
  }

  /** Reads a sequence that ends at `end`, or of undefined length before it. */
  #readSequence(vr: VR, start: number, end: number, place: Place): number {
    const header = { ...this.#header };
    const { headerVr, valueStart } = header;
    const delimited = header.length === UNDEFINED_LENGTH;
    const outside = this.#irregular;
    this.#irregular = false;
    const inside = headerVr === 'UN' ? IMPLICIT_LITTLE : header.encoding;
    // What says SQ has to be one; what says UN is one if it can be read as one.
    const certain = delimited || headerVr === 'SQ' || (vr === 'SQ' && headerVr === undefined);
    const items: Item[] = [];
    const read = certain
      ? this.#readItems(valueStart, end, delimited, inside, place, items)
      : this.#tryItems(valueStart, end, inside, place, items);
    const regular = header.regular && !this.#irregular;
    this.#irregular = outside;
    if (read < 0) {
      this.#take(header, 'UN', start, end, end, undefined, regular, place);
      return end;
    }
    this.#take(header, 'SQ', start, delimited ? read - 8 : read, read, items, regular, place);
    return read;
  }

  /** Adds an element to its data set. */
  #take(
    header: Header,
    vr: VR,
    start: number,
    valueEnd: number,
    end: number,
    items: Item[] | undefined,
    regular: boolean,
    place: Place,
  ): void {
    const { tag, headerVr, valueStart, encoding } = header;
    const { bytes, base } = this.#window;
    const undefinedLength = header.length === UNDEFINED_LENGTH;
    if (!regular) this.#irregular = true;
    if (!header.regular) {
      this.#tally.note(encoding === place.dataSet.encoding ? 'unknown-vr' : 'implicit-vr-in-explicit');
    }
    const { elements } = place;
    const last = elements[elements.length - 1];
    if (last !== undefined && last.tag >= tag) this.#tally.note('order-of-tags');
    const offset = start + base;
    const element: DataElement = {
      tag,
      vr,
      headerVr,
      bytes,
      start,
      valueStart,
      valueEnd,
      end,
      undefinedLength,
      encoding,
      items,
      offset,
      regular,
    };
    elements.push(element);
    if (vr === 'US' && headerVr !== 'US' && followsPixelRepresentation(tag)) {
      this.#tally.undecided.push([element, place.dataSet]);
    }
  }

  /** Whether an undefined length is that of fragments; refuses it where a VR cannot have one (PS3.5 7.1.2). */
  #holdsFragments(tag: Tag, vr: VR, headerVr: VR | undefined, start: number): boolean {
    if (vr.charCodeAt(0) === 0x4f) return headerVr === vr || isPixelData(tag) || headerVr === undefined;
    if (headerVr !== undefined && headerVr !== 'UN' && headerVr !== 'SQ') {
      this.#window.refuseMalformed(start, `an undefined length with VR ${headerVr}`);
    }
    return false;
  }

  #startsWithItem(at: number, length: number): boolean {
    // What is carried as UN is little endian in every transfer syntax (PS3.5 6.2.2).
    return length >= 8 && readTag(this.#window.bytes, at, false) === ITEM;
  }

  /** Reads items where there may be none: -1, and nothing is noted, when the bytes are no items after all. */
  #tryItems(at: number, end: number, encoding: Encoding, around: Place, items: Item[]): number {
    const { anomalies, failedAttempts } = this.#tally;
    if (failedAttempts >= MOST_FAILED_ATTEMPTS) return -1;
    const noted = new Set(anomalies);
    try {
      return this.#readItems(at, end, false, encoding, around, items);
    } catch (error) {
      const unreadable =
        error instanceof UnprocessableInstanceError && /^(malformed|truncated)$/.test(error.reason);
      if (!unreadable) throw error;
      this.#tally.failedAttempts++;
      this.#tally.anomalies = noted.add('unreadable-sequence');
      this.#irregular = false;
      return -1;
    }
  }

  /** Reads the items of a sequence (PS3.5 7.5); returns where it ends, delimiter included. */
  #readItems(
    at: number,
    end: number,
    delimited: boolean,
    expected: Encoding,
    around: Place,
    items: Item[],
  ): number {
    const window = this.#window;
    const { bigEndian } = expected;
    const depth = around.depth + 1;
    if (depth > this.#limits.maximumDepth) refuseLimit('too-deep', 'maximumDepth', this.#limits.maximumDepth);
    while (delimited || at < end) {
      if (at + 8 > end) window.refuseCut(at, end, 'a sequence that is not delimited');
      if (at + 8 > window.bytes.length) window.require(at + 8);
      const tag = readTag(window.bytes, at, bigEndian);
      const length = read32(window.bytes, at + 4, bigEndian);
      if (tag === SEQUENCE_DELIMITATION && this.#delimits(at, end, delimited)) return at + 8;
      if (tag !== ITEM) window.refuseMalformed(at, 'neither an item nor the delimiter of the sequence');
      this.#tally.count();
      const undefinedLength = length === UNDEFINED_LENGTH;
      const contentStart = at + 8;
      const limit = undefinedLength ? end : contentStart + length;
      if (limit > end) window.refuseOverrun(ITEM, at, length, end - contentStart, end);
      if (!undefinedLength) window.require(limit);
      const encoding =
        limit > contentStart ? detectEncoding(window, contentStart, limit, expected) : expected;
      if (encoding !== expected) {
        this.#irregular = true;
        const anomaly = encoding.explicitVr ? 'explicit-vr-in-implicit' : 'implicit-vr-in-explicit';
        this.#tally.note(anomaly);
      }
      const elements: DataElement[] = [];
      const dataSet = new DataSet(elements, encoding, around.dataSet);
      const place = { dataSet, elements, depth };
      const contentEnd = this.#readItemContent(contentStart, limit, undefinedLength, place);
      const itemEnd = undefinedLength ? contentEnd + 8 : limit;
      items.push({ start: at, contentStart, contentEnd, end: itemEnd, undefinedLength, dataSet });
      at = itemEnd;
    }
    return at;
  }

  /** Whether a delimiter ends what it stands in; at the end of what has a length it is superfluous, elsewhere wrong. */
  #delimits(at: number, end: number, delimited: boolean): boolean {
    if (delimited) return true;
    if (at + 8 !== end) return false;
    this.#tally.note('stray-delimiter');
    this.#irregular = true;
    return true;
  }

  /** Reads the elements of an item; returns where they end, which is where the delimiter starts if there is one. */
  #readItemContent(at: number, end: number, delimited: boolean, place: Place): number {
    const window = this.#window;
    while (at < end) {
      readHeader(window, at, end, place.dataSet.encoding, this.#header);
      const { tag } = this.#header;
      if (tag >>> 16 === 0xfffe) {
        if (tag === ITEM_DELIMITATION && this.#delimits(at, end, delimited)) return at;
        window.refuseMalformed(at, 'an item or delimiter out of place');
      }
      at = this.#readElement(at, end, place);
    }
    if (delimited) window.refuseCut(at, end, 'an item that is not delimited');
    return at;
  }
}
