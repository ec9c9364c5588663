/**
 * Descriptors under Clean Descriptors (PS3.15 E.3.5): what looks like an identifier goes first, then of what is left each
 * word that is neither radiology's vocabulary, nor a number of few digits, nor both in one (T1w, C7, 5mm). The items of a
 * sequence are cleaned one by one.
 */
import { elementText, type VR } from '../../dicom/index.ts';
import { DESCRIPTOR_WORDS } from '../descriptor-vocabulary.ts';
import { plainSpelling } from '../identifier-forms.ts';
import { replacePatterns } from '../text-patterns.ts';
import {
  type ActionContext,
  DESCENDED,
  isEmpty,
  isSequence,
  KEPT,
  type Outcome,
  type Target,
} from './outcome.ts';

/** The VRs of descriptors; Reason for the Attribute Modification (0400,0565) is a CS. */
const DESCRIBING: ReadonlySet<VR> = new Set<VR>(['CS', 'LO', 'LT', 'SH', 'ST', 'UC', 'UT']);
/** A word with what is joined to it by a point, a comma between digits, an apostrophe. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:[.,'’][\p{L}\p{N}\p{M}]+)*/gu;
const NUMBER = /^\d{1,4}(?:[.,]\d{1,4})?$/;
const YEAR = /^(?:1[89]|20)\d\d$/;
/** Digits joined by marks, together too many for a measurement. */
const DIGIT_RUN = /\d+(?:[-/.,:_ ]?\d+)*/g;
const MOST_DIGITS = 6;
/** In a word of letters and digits. */
const MOST_MIXED_DIGITS = 4;
const SPACES = / {2,}/g;

/** The descriptor's vocabulary, numbers and units; undefined where nothing of it is left. */
export function cleanDescriptor(target: Target, context: ActionContext): Outcome | undefined {
  const { element, characterSet } = target;
  if (isEmpty(element)) return KEPT;
  if (isSequence(element)) return DESCENDED;
  if (!DESCRIBING.has(element.vr)) return undefined;
  const original = elementText(element, characterSet);
  const kept = keepVocabulary(original);
  if (!/[\p{L}\p{N}]/u.test(kept)) return undefined;
  const value = characterSet.encode(kept, element.vr);
  if (value === undefined || context.holdsIdentifier(target, value)) return undefined;
  return kept === original ? KEPT : { edit: { kind: 'replace', value } };
}

/** The text without the words that are neither vocabulary nor numbers. */
export function keepVocabulary(text: string): string {
  const withoutPatterns = replacePatterns(text, ' ', false).replace(DIGIT_RUN, (run) =>
    run.replace(/\D/g, '').length > MOST_DIGITS && !/^[\d.,]+(?: [\d.,]+)+$/.test(run) ? ' ' : run,
  );
  const cleaned = withoutPatterns.replace(WORD, (word) => (isKept(word) ? word : ''));
  return cleaned === text ? text : cleaned.replace(SPACES, ' ').trim();
}

function isKept(word: string): boolean {
  if (NUMBER.test(word)) return !YEAR.test(word);
  const plain = plainSpelling(word);
  if (DESCRIPTOR_WORDS.has(plain)) return true;
  const pieces = plain.match(/\d+|[^\d]+/g) ?? [];
  if (pieces.length > 1) {
    const digits = plain.replace(/\D/g, '').length;
    return digits <= MOST_MIXED_DIGITS && pieces.every((piece) => isPiece(piece));
  }
  return plain.length === 1;
}

/** A part of a word such as T1w, 3D or 5mm. */
function isPiece(piece: string): boolean {
  if (/^\d+$/.test(piece)) return !YEAR.test(piece);
  return piece === '.' || piece === ',' || piece.length === 1 || DESCRIPTOR_WORDS.has(piece);
}
