/**
 * The spellings under which an identifier may come back in what is kept: alone and joined names, numbers without their
 * punctuation, dates in the usual orders, UTF-16, and the bytes of the instance's character set. What is too short or
 * too common to be told from ordinary content is left out; the limits are named here and documented.
 */
import type { CharacterSet, Tag } from '../dicom/index.ts';
import { type IdentifierSearch, SUPPLIED } from './identifier-search.ts';
import { COMMON_WORDS, PLACEHOLDERS } from './vocabulary.ts';

/** Latin letters of a name that is searched for alone; a name of fewer counts only joined with another. */
const MINIMUM_NAME_LETTERS = 3;
/** Characters of a name in a script whose words are short. */
const MINIMUM_OTHER_SCRIPT = 2;
/** Characters of a number with a letter and a digit in it, of digits alone, and of letters alone. */
const MINIMUM_MIXED_NUMBER = 4;
const MINIMUM_DIGITS = 5;
const MINIMUM_PHRASE = 5;
/** Characters of what is searched for as UTF-16. */
const MINIMUM_WIDE = 5;
/** Family, given and middle name; prefix and suffix ("Dr", "Jr") identify nobody (PS3.5 6.2.1). */
const NAME_COMPONENTS = 3;

/** Particles and titles: parts of many names, identifying in none. */
const PARTICLES: ReadonlySet<string> = new Set(
  (
    'abu bin bint das de dei del della den der des di do dos du el ibn la las le les los mac san santa ter van vom von ' +
    'zu zum zur dipl frau herr ing med miss mrs prof sir'
  ).split(' '),
);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const OTHER_SCRIPT = /[\u0250-\u1dff\u1f00-\uffff]/;
const NOT_ASCII = /[\u0080-\uffff]/;

/** Adds the spellings of identifiers of one data set to a search. */
export class IdentifierForms {
  readonly #search: IdentifierSearch;
  readonly #seen = new Set<string>();

  constructor(search: IdentifierSearch) {
    this.#search = search;
  }

  /** A person name: its words, and its words joined in either order. A common word counts if it is the patient's own. */
  addName(value: string, of: Tag, isPatient: boolean, characterSet: CharacterSet): void {
    if (value === '' || this.#wasSeen(isPatient ? 'patient' : 'name', value)) return;
    for (const group of value.split('=')) {
      const parts = group.split('^', NAME_COMPONENTS).map((part) => part.trim());
      const words = parts
        .flatMap((part) => part.split(/[\s,.]+/))
        .filter((word) => isNameWord(word, isPatient));
      for (const word of words) {
        if (hasEnoughLetters(word)) this.#addText(word, of, characterSet);
        if (word.includes('-')) {
          for (const piece of word.split('-'))
            if (isNameWord(piece, isPatient) && hasEnoughLetters(piece))
              this.#addText(piece, of, characterSet);
        }
      }
      if (isPatient) this.#addJoined(parts, of, characterSet);
    }
  }

  /** A number or name of a thing. */
  addNumber(value: string, of: Tag, characterSet: CharacterSet): void {
    const number = value.trim();
    if (number === '' || this.#wasSeen('number', number)) return;
    const plain = number.replace(/[^\p{L}\p{N}]+/gu, '');
    if (!isSpecific(plain)) return;
    this.#addText(number, of, characterSet);
    if (plain !== number) this.#addText(plain, of, characterSet);
  }

  /** A place or an organization, as a whole. */
  addPhrase(value: string, of: Tag, characterSet: CharacterSet): void {
    const phrase = value.trim();
    const lower = phrase.toLowerCase();
    if (phrase.length < MINIMUM_PHRASE || PLACEHOLDERS.has(lower) || COMMON_WORDS.has(lower)) return;
    if (!this.#wasSeen('phrase', lower)) this.#addText(phrase, of, characterSet);
  }

  /** What the caller supplies: as it stands and without punctuation, however common or short it is. */
  addSupplied(value: string, characterSet: CharacterSet): void {
    const text = value.trim();
    if (text.length < MINIMUM_OTHER_SCRIPT || this.#wasSeen('supplied', text)) return;
    this.#addText(text, SUPPLIED, characterSet);
    const plain = text.replace(/[^\p{L}\p{N}]+/gu, '');
    if (plain !== text && /\p{N}/u.test(plain)) this.#addText(plain, SUPPLIED, characterSet);
  }

  /** A date (DA, or the beginning of DT) in the spellings in use. */
  addDate(value: string, of: Tag): void {
    const [, year, month, day] =
      /^(1[89]\d\d|20\d\d)\.?(0[1-9]|1[0-2])\.?(0[1-9]|[12]\d|3[01])/.exec(value) ?? [];
    if (
      year === undefined ||
      month === undefined ||
      day === undefined ||
      this.#wasSeen('date', year + month + day)
    )
      return;
    const name = MONTHS[Number(month) - 1]!;
    this.#search.add(year + month + day, of, true);
    for (const separator of ['-', '/', '.']) {
      this.#search.add(year + separator + month + separator + day, of, true);
      this.#search.add(day + separator + month + separator + year, of, true);
    }
    this.#search.add(`${month}/${day}/${year}`, of, true);
    this.#search.add(`${day}-${name}-${year}`, of, true);
    this.#search.add(`${day} ${name} ${year}`, of, true);
    this.#search.add(`${name} ${day}, ${year}`, of, true);
  }

  /** The patient's names run together, in both orders, and with the initial of the other. */
  #addJoined(parts: readonly string[], of: Tag, characterSet: CharacterSet): void {
    const [family = '', given = ''] = parts.map((part) => part.split(/[\s,.]+/)[0]);
    if (family === '' || given === '' || isPlaceholder(family)) return;
    for (const [one, other] of [
      [family, given],
      [given, family],
    ] as const) {
      const joined = one + other;
      if (joined.length < MINIMUM_NAME_LETTERS + 1 && !OTHER_SCRIPT.test(joined)) continue;
      this.#addText(joined, of, characterSet);
      for (const separator of [' ', ', ', '_', '^']) this.#addText(one + separator + other, of, characterSet);
    }
    if (hasEnoughLetters(family) && !NOT_ASCII.test(given)) {
      this.#addText(family + given.charAt(0), of, characterSet);
      this.#addText(given.charAt(0) + family, of, characterSet);
    }
  }

  #addText(text: string, of: Tag, characterSet: CharacterSet): void {
    const search = this.#search;
    if (!NOT_ASCII.test(text)) {
      const isCommon = COMMON_WORDS.has(text.toLowerCase());
      search.add(text, of, true, isCommon);
      if (text.length >= MINIMUM_WIDE) this.#addWide(text, of, isCommon);
      return;
    }
    for (const spelling of new Set([text, text.toLowerCase(), text.toUpperCase()])) {
      search.add(utf8(spelling), of, true);
      const own = characterSet.encode(spelling, 'LO');
      if (own !== undefined) search.add(withoutEscapes(Buffer.from(own).toString('latin1')), of, true);
    }
    search.add(utf8(plainSpelling(text)), of, true);
    if (text.length >= MINIMUM_OTHER_SCRIPT) this.#addWide(text, of, false);
  }

  /** UTF-16 in both byte orders. */
  #addWide(text: string, of: Tag, isCommon: boolean): void {
    for (const spelling of new Set([text.toLowerCase(), text])) {
      const bytes = Buffer.from(spelling, 'utf16le');
      this.#search.add(bytes.toString('latin1'), of, false, isCommon);
      this.#search.add(bytes.swap16().toString('latin1'), of, false, isCommon);
    }
  }

  #wasSeen(kind: string, value: string): boolean {
    const key = `${kind}:${value}`;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    return false;
  }
}

/** A text in lower case, without accents: how kept text that is not ASCII is compared. */
export function plainSpelling(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss');
}

/** The bytes of a text in UTF-8, one character each. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function isNameWord(word: string, isPatient: boolean): boolean {
  const lower = word.toLowerCase();
  return (
    !isPlaceholder(lower) &&
    !PARTICLES.has(lower) &&
    (isPatient || !COMMON_WORDS.has(lower)) &&
    /\p{L}/u.test(word)
  );
}

function isPlaceholder(word: string): boolean {
  return PLACEHOLDERS.has(word.toLowerCase());
}

function hasEnoughLetters(word: string): boolean {
  return word.length >= (OTHER_SCRIPT.test(word) ? MINIMUM_OTHER_SCRIPT : MINIMUM_NAME_LETTERS);
}

function isSpecific(plain: string): boolean {
  const lower = plain.toLowerCase();
  if (PLACEHOLDERS.has(lower) || COMMON_WORDS.has(lower)) return false;
  if (/^0+$/.test(plain)) return false;
  const hasDigit = /\p{N}/u.test(plain);
  const hasLetter = /\p{L}/u.test(plain);
  return plain.length >= (hasDigit && hasLetter ? MINIMUM_MIXED_NUMBER : MINIMUM_DIGITS);
}

/** Without the escape sequences of ISO 2022 at either end, which depend on what stands around the text (PS3.5 6.1.2.5). */
function withoutEscapes(bytes: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins an escape sequence of ISO 2022.
  return bytes.replace(/^(?:\x1b[ -/]+[0-~])+|(?:\x1b[ -/]+[0-~])+$/g, '');
}
