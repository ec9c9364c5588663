/**
 * The beginning of an object: preamble, File Meta Information, transfer syntax, and what the data set is really written in
 * (PS3.10 7). Preamble and meta information may be missing and the transfer syntax may be wrong: then the bytes decide.
 */

import { UnprocessableInstanceError } from '../../errors.ts';
import { type DataElement, DataSet } from '../data-set.ts';
import {
  type Encoding,
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  encodingOf,
  IMPLICIT_BIG,
  IMPLICIT_LITTLE,
  read16,
  readTag,
} from '../encoding.ts';
import { isGroupLength } from '../tag.ts';
import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  type TransferSyntax,
  transferSyntaxOf,
} from '../transfer-syntax.ts';
import { detectEncoding, looksLikeElement, vrOfTag } from './header.ts';
import { inflate } from './inflate.ts';
import type { ReadLimits } from './limits.ts';
import { hasPreamble, looksLikeDicom } from './looks-like-dicom.ts';
import { refuse } from './refuse.ts';
import { Tally } from './tally.ts';
import { Tokenizer } from './tokenizer.ts';
import { MoreBytesNeeded, Window } from './window.ts';

const TRANSFER_SYNTAX_UID = 0x00020010;

/** An object whose data set can be read. */
export interface Opened {
  readonly preamble: boolean;
  readonly meta: DataSet | undefined;
  readonly transferSyntax: TransferSyntax;
  /** Whether the object names its transfer syntax. */
  readonly declared: boolean;
  readonly encoding: Encoding;
  /** Of the data set: the object's own bytes, or the inflated ones. */
  readonly window: Window;
  readonly start: number;
  readonly inflated: Uint8Array | undefined;
  readonly tally: Tally;
}

/** Opens an object of which the first bytes are at hand. */
export function openObject(bytes: Uint8Array, size: number, limits: ReadLimits): Opened {
  if (size === 0) throw new UnprocessableInstanceError('empty', '0 bytes');
  if (!looksLikeDicom(bytes)) refuse('not-dicom', 0, 'no preamble, meta information or data element');
  const tally = new Tally(limits);
  const window = new Window(bytes, 0, size);
  const preamble = hasPreamble(bytes);
  if (!preamble) tally.note('no-preamble');
  const { meta, end } = readMeta(window, preamble ? 132 : 0, limits, tally);
  const uid = meta?.uid(TRANSFER_SYNTAX_UID);
  const syntax = uid === undefined ? undefined : transferSyntaxOf(uid);
  if (uid !== undefined && syntax === undefined) {
    refuse('unsupported-transfer-syntax', 0, 'a transfer syntax that PS3.6 does not have');
  }
  if (syntax?.deflated) {
    const opened = openDeflated(window, end, limits);
    if (opened !== undefined) {
      return {
        preamble,
        meta,
        transferSyntax: syntax,
        declared: true,
        encoding: EXPLICIT_LITTLE,
        tally,
        ...opened,
      };
    }
    tally.note('not-deflated');
  }
  const encoding = rootEncoding(window, end, syntax, tally);
  const transferSyntax = syntax ?? syntaxOfEncoding(encoding);
  const declared = syntax !== undefined;
  return {
    preamble,
    meta,
    transferSyntax,
    declared,
    encoding,
    window,
    start: end,
    inflated: undefined,
    tally,
  };
}

/** The uncompressed transfer syntax of an encoding (PS3.5 A.1, A.2, A.3). */
export function syntaxOfEncoding(encoding: Encoding): TransferSyntax {
  const little = encoding.explicitVr ? EXPLICIT_VR_LITTLE_ENDIAN : IMPLICIT_VR_LITTLE_ENDIAN;
  return transferSyntaxOf(encoding.bigEndian ? EXPLICIT_VR_BIG_ENDIAN : little) as TransferSyntax;
}

function readMeta(
  window: Window,
  at: number,
  limits: ReadLimits,
  tally: Tally,
): { meta: DataSet | undefined; end: number } {
  const elements: DataElement[] = [];
  const written = detectEncoding(window, at, window.end, EXPLICIT_LITTLE);
  const isMeta = at + 2 <= window.bytes.length && read16(window.bytes, at, false) === 2;
  const encoding = isMeta ? written : EXPLICIT_LITTLE;
  const meta = new DataSet(elements, encoding);
  const end = new Tokenizer(window, limits, tally).readFileMeta(at, meta, elements);
  if (elements.length === 0) {
    tally.note('no-file-meta');
    return { meta: undefined, end };
  }
  if (!encoding.explicitVr) tally.note('implicit-file-meta');
  return { meta, end };
}

function openDeflated(
  window: Window,
  start: number,
  limits: ReadLimits,
): { window: Window; start: number; inflated: Uint8Array } | undefined {
  if (window.bytes.length < window.end) throw new MoreBytesNeeded(window.end, 'maximumInflatedBytes');
  const inflated = inflate(window.bytes, start, limits.maximumInflatedBytes);
  if (inflated !== undefined) return { window: new Window(inflated, 0, inflated.length), start: 0, inflated };
  if (looksLikeElement(window, start, window.end, EXPLICIT_LITTLE)) return undefined;
  return refuse('malformed', start, 'no deflate stream');
}

/** What the root is written in: as declared, unless its first element says otherwise. */
function rootEncoding(
  window: Window,
  at: number,
  declared: TransferSyntax | undefined,
  tally: Tally,
): Encoding {
  const expected = encodingOf(declared?.explicitVr ?? true, declared?.bigEndian ?? false);
  if (declared === undefined) tally.note('no-transfer-syntax');
  if (at + 8 > window.end) return expected;
  window.require(at + 8);
  const swapped = swappedEncoding(window, at, expected);
  const encoding = swapped ?? detectEncoding(window, at, window.end, expected);
  if (encoding === IMPLICIT_BIG) {
    refuse('unsupported-transfer-syntax', at, 'a data set in implicit VR big endian');
  }
  if (declared !== undefined && swapped !== undefined) tally.note('wrong-byte-order');
  if (declared !== undefined && encoding.explicitVr !== declared.explicitVr) {
    const anomaly = encoding.explicitVr ? 'explicit-vr-under-implicit' : 'implicit-vr-under-explicit';
    tally.note(anomaly);
  }
  return encoding;
}

/** The encoding of the other byte order, if the first tag is one of the standard's, and of its first groups, in that one only. */
function swappedEncoding(window: Window, at: number, expected: Encoding): Encoding | undefined {
  const tag = readTag(window.bytes, at, expected.bigEndian);
  const swapped = readTag(window.bytes, at, !expected.bigEndian);
  if (tag >>> 16 < 0x100 || swapped >>> 16 >= 0x100) return undefined;
  if (vrOfTag(swapped) === 'UN' || (vrOfTag(tag) !== 'UN' && !isGroupLength(tag))) return undefined;
  const candidates = expected.bigEndian ? [EXPLICIT_LITTLE, IMPLICIT_LITTLE] : [EXPLICIT_BIG, IMPLICIT_BIG];
  return candidates.find((encoding) => looksLikeElement(window, at, window.end, encoding));
}
