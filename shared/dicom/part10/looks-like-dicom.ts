/**
 * Whether an object may be DICOM at all, judged by its first bytes: by preamble and prefix, else by a chain of elements as
 * files without them begin with. Refuses what other formats begin with.
 */
import {
  type Encoding,
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_BIG,
  IMPLICIT_LITTLE,
  readTag,
} from '../encoding.ts';
import { type Header, looksLikeElement, readHeader, UNDEFINED_LENGTH, vrOfTag } from './header.ts';
import { Window } from './window.ts';

/** Groups that a file without preamble begins with: command, meta information, file set, identification, patient. */
const FIRST_GROUPS: ReadonlySet<number> = new Set([0x0000, 0x0002, 0x0004, 0x0008, 0x0010]);

/** What is judged, however much is at hand, so that the verdict does not depend on how an object is read. */
export const JUDGED_BYTES = 1024;
/** So many elements have to follow each other, none of them longer than any that a header begins with. */
const CHAIN = 3;
const LONGEST_VALUE = 1024 * 1024;

/** Whether `DICM` and then meta information, or nothing that could stand without a preamble, follow 128 bytes (PS3.10 7.1). */
export function hasPreamble(firstBytes: Uint8Array): boolean {
  if (!startsWith(firstBytes, 128, 'DICM')) return false;
  // A file without preamble may hold these letters there by chance.
  const metaFollows = firstBytes[132] === 2 && firstBytes[133] === 0;
  return metaFollows || !beginsWithElements(firstBytes);
}

/** Whether the object may be DICOM, with or without preamble and meta information. */
export function looksLikeDicom(firstBytes: Uint8Array): boolean {
  return startsWith(firstBytes, 128, 'DICM') || beginsWithElements(firstBytes);
}

function beginsWithElements(bytes: Uint8Array): boolean {
  return [EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG, IMPLICIT_BIG].some((encoding) =>
    begins(bytes, encoding),
  );
}

function begins(firstBytes: Uint8Array, encoding: Encoding): boolean {
  const bytes = firstBytes.subarray(0, JUDGED_BYTES);
  if (bytes.length < 8) return false;
  const first = readTag(bytes, 0, encoding.bigEndian);
  if (!FIRST_GROUPS.has(first >>> 16)) return false;
  if (!encoding.explicitVr && vrOfTag(first) === 'UN') return false;
  // How long the object is is not known here: what lies beyond the first bytes is taken as plausible.
  const end = Number.MAX_SAFE_INTEGER;
  const window = new Window(bytes, 0, end);
  let at = 0;
  for (let element = 0; element === 0 || (element < CHAIN && at + 12 <= bytes.length); element++) {
    if (!looksLikeElement(window, at, end, encoding)) return false;
    const { length, valueStart } = headerAt(window, at, encoding);
    if (length === UNDEFINED_LENGTH) return true;
    if (length > LONGEST_VALUE) return false;
    at = valueStart + length;
  }
  return true;
}

function headerAt(window: Window, at: number, encoding: Encoding): Header {
  const header: Header = { tag: 0, headerVr: undefined, length: 0, valueStart: 0, regular: true, encoding };
  readHeader(window, at, window.end, encoding, header);
  return header;
}

function startsWith(bytes: Uint8Array, at: number, letters: string): boolean {
  for (let index = 0; index < letters.length; index++) {
    if (bytes[at + index] !== letters.charCodeAt(index)) return false;
  }
  return true;
}
