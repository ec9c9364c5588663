/**
 * Whether text within an ultrasound region tells who the patient is. Scales, calipers and labels of anatomy are what the doctor
 * needs; a name, a number or a date is not. What cannot be read with confidence counts as telling if it looks like words: a
 * label lost is seen, a name that stays is not.
 */
import type { Reading } from '../text/find-text.ts';
import { ULTRASOUND_WORDS } from './ultrasound-words.ts';

/** What is known of the instance's identifiers and of the words of the field. */
export interface TextJudge {
  /** Whether the text holds an identifier of the instance's own header. */
  isIdentifier(text: string): boolean;
  /** Whether a word, in lower case, is one of the field's. */
  isKnownWord(word: string): boolean;
}

/** Read with less, the letters are guesses. */
const CONFIDENT = 0.7;
const DATE =
  /(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d{6}|\d{1,2}[ -]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -,]*\d{2,4})(?!\d)/i;
/** Longer than any measurement. */
const NUMBER = /\d{5,}/;
const WORD = /\p{L}{3,}/gu;

/** Whether what was read tells, or may tell, an identity. */
export function isTelling({ text, confidence }: Reading, judge: TextJudge): boolean {
  if (text.trim() === '') return false;
  if (judge.isIdentifier(text) || DATE.test(text) || NUMBER.test(text.replace(/[\s,-]/g, ''))) return true;
  const words = text.match(WORD) ?? [];
  if (confidence < CONFIDENT) return words.length > 0;
  return words.some((word) => {
    const folded = word.toLowerCase();
    return !ULTRASOUND_WORDS.has(folded) && !judge.isKnownWord(folded);
  });
}
