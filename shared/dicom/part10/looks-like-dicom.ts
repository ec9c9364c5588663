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
import { looksLikeElement, vrOfTag } from './header.ts';
import { Window } from './window.ts';

/** Groups that a file without preamble begins with: command, meta information, file set, identification, patient. */
const FIRST_GROUPS: ReadonlySet<number> = new Set([0x0000, 0x0002, 0x0004, 0x0008, 0x0010]);

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

function begins(bytes: Uint8Array, encoding: Encoding): boolean {
  if (bytes.length < 8) return false;
  const tag = readTag(bytes, 0, encoding.bigEndian);
  if (!FIRST_GROUPS.has(tag >>> 16)) return false;
  if (!encoding.explicitVr && vrOfTag(tag) === 'UN') return false;
  // How long the object is does not matter here: what lies beyond the first bytes is taken as plausible.
  return looksLikeElement(
    new Window(bytes, 0, Number.MAX_SAFE_INTEGER),
    0,
    Number.MAX_SAFE_INTEGER,
    encoding,
  );
}

function startsWith(bytes: Uint8Array, at: number, letters: string): boolean {
  for (let index = 0; index < letters.length; index++) {
    if (bytes[at + index] !== letters.charCodeAt(index)) return false;
  }
  return true;
}
