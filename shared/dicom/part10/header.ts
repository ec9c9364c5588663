/**
 * Headers of data elements: tag, VR, length (PS3.5 7.1). A header of an explicit encoding whose VR is none is read in the form
 * after which something plausible follows; such an element is marked, so that a writer gives it a legal header.
 */
import { dictionaryVr } from '../dictionary.ts';
import {
  type Encoding,
  encodingOf,
  IMPLICIT_BIG,
  IMPLICIT_LITTLE,
  read16,
  read32,
  readTag,
} from '../encoding.ts';
import {
  ITEM,
  ITEM_DELIMITATION,
  isGroupLength,
  isPrivate,
  SEQUENCE_DELIMITATION,
  type Tag,
} from '../tag.ts';
import { codeHasLongForm, type VR, vrOfCode } from '../vr.ts';
import type { Window } from './window.ts';

export const UNDEFINED_LENGTH = 0xffffffff;

/** The header that was read last; one object is used for all of an input. */
export interface Header {
  tag: Tag;
  /** In the header; undefined in implicit VR and where the letters are no VR. */
  headerVr: VR | undefined;
  length: number;
  valueStart: number;
  /** Whether the header is legal in its encoding. */
  regular: boolean;
  /** How this header is written: that of the data set, but for an implicit header among explicit ones. */
  encoding: Encoding;
}

/** Reads the header at an index into `header`; `end` is where the data set around it ends. */
export function readHeader(
  window: Window,
  at: number,
  end: number,
  encoding: Encoding,
  header: Header,
): void {
  if (at + 8 > end) window.refuseCut(at, end, `${end - at} stray bytes`);
  if (at + 8 > window.bytes.length) window.require(at + 8);
  const bytes = window.bytes;
  const { bigEndian } = encoding;
  const tag = readTag(bytes, at, bigEndian);
  header.tag = tag;
  header.regular = true;
  header.encoding = encoding;
  header.headerVr = undefined;
  if (!encoding.explicitVr || tag >>> 16 === 0xfffe) {
    header.length = read32(bytes, at + 4, bigEndian);
    header.valueStart = at + 8;
    return;
  }
  const code = ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
  const vr = vrOfCode(code);
  if (vr === undefined) {
    readIrregularHeader(window, at, end, encoding, header);
    return;
  }
  header.headerVr = vr;
  if (codeHasLongForm(code)) {
    if (at + 12 > end) window.refuseCut(at, end, `${end - at} bytes of a header of 12`);
    window.require(at + 12);
    header.length = read32(bytes, at + 8, bigEndian);
    header.valueStart = at + 12;
  } else {
    header.length = read16(bytes, at + 6, bigEndian);
    header.valueStart = at + 8;
  }
}

/** The VR of a tag whose header tells none: by dictionary; LO for private creators, UL for group lengths (PS3.5 7.2, 7.8.1). */
export function vrOfTag(tag: Tag): VR {
  if (isGroupLength(tag)) return 'UL';
  if (isPrivate(tag)) return (tag & 0xff00) === 0 && (tag & 0xffff) >= 0x10 ? 'LO' : 'UN';
  return dictionaryVr(tag) ?? 'UN';
}

/** Whether an element of the encoding may start at the index: its VR, its length and what follows it are plausible. */
export function looksLikeElement(window: Window, at: number, end: number, encoding: Encoding): boolean {
  if (at + 8 > end || at + 8 > window.bytes.length) return false;
  const bytes = window.bytes;
  const { bigEndian } = encoding;
  const tag = readTag(bytes, at, bigEndian);
  if (tag >>> 16 === 0xfffe) return false;
  if (!encoding.explicitVr) return fits(window, at + 8, read32(bytes, at + 4, bigEndian), end, tag, encoding);
  const code = ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
  if (vrOfCode(code) === undefined) return false;
  if (!codeHasLongForm(code))
    return fits(window, at + 8, read16(bytes, at + 6, bigEndian), end, tag, encoding);
  if (at + 12 > end || at + 12 > bytes.length) return false;
  return fits(window, at + 12, read32(bytes, at + 8, bigEndian), end, tag, encoding);
}

function readIrregularHeader(
  window: Window,
  at: number,
  end: number,
  encoding: Encoding,
  header: Header,
): void {
  const { bytes } = window;
  const { bigEndian } = encoding;
  const { tag } = header;
  header.regular = false;
  const short = read16(bytes, at + 6, bigEndian);
  if (fits(window, at + 8, short, end, tag, encoding)) {
    header.length = short;
    header.valueStart = at + 8;
    return;
  }
  if (short === 0 && at + 12 <= Math.min(end, bytes.length)) {
    // A VR that a later edition may define has the long form (PS3.5 6.2.2).
    const long = read32(bytes, at + 8, bigEndian);
    if (fits(window, at + 12, long, end, tag, encoding)) {
      header.length = long;
      header.valueStart = at + 12;
      return;
    }
  }
  const length = read32(bytes, at + 4, bigEndian);
  if (!fits(window, at + 8, length, end, tag, encoding))
    window.refuseMalformed(at, 'no value representation');
  header.length = length;
  header.valueStart = at + 8;
  header.encoding = bigEndian ? IMPLICIT_BIG : IMPLICIT_LITTLE;
}

/** Whether a value of the length fits and is followed by the end, a delimiter or an element of a higher tag. */
function fits(
  window: Window,
  valueStart: number,
  length: number,
  end: number,
  tag: Tag,
  encoding: Encoding,
): boolean {
  if (length === UNDEFINED_LENGTH) {
    // Then an item, or the delimiter of none, comes next.
    if (valueStart + 8 > end) return false;
    if (valueStart + 8 > window.bytes.length) return true;
    const next = readTag(window.bytes, valueStart, encoding.bigEndian);
    return next === ITEM || next === SEQUENCE_DELIMITATION;
  }
  const next = valueStart + length;
  if (next >= end) return next === end;
  // Less than a header may still be padding.
  if (next + 8 > end) return window.bytes.subarray(next, end).every((byte) => byte === 0);
  // Not at hand: parsing will ask for it if it matters, and come here again.
  if (next + 8 > window.bytes.length) return true;
  const following = readTag(window.bytes, next, encoding.bigEndian);
  if (following === ITEM_DELIMITATION || following === SEQUENCE_DELIMITATION) return true;
  if (following <= tag || following >>> 16 === 0xfffe) return false;
  const code = ((window.bytes[next + 4] as number) << 8) | (window.bytes[next + 5] as number);
  if (vrOfCode(code) !== undefined) return true;
  const implicitLength = read32(window.bytes, next + 4, encoding.bigEndian);
  return implicitLength === UNDEFINED_LENGTH || next + 8 + implicitLength <= end;
}

/** The encoding a data set is really written in, when it is expected in another; the same when nothing speaks against it. */
export function detectEncoding(window: Window, at: number, end: number, expected: Encoding): Encoding {
  if (at + 8 > end) return expected;
  window.require(at + 8);
  const known =
    vrOfCode(((window.bytes[at + 4] as number) << 8) | (window.bytes[at + 5] as number)) !== undefined;
  if (known === expected.explicitVr) return expected;
  const tag = readTag(window.bytes, at, expected.bigEndian);
  if (tag >>> 16 === 0xfffe) return expected;
  const other = encodingOf(!expected.explicitVr, expected.bigEndian);
  return looksLikeElement(window, at, end, other) ? other : expected;
}
