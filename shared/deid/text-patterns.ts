/**
 * What looks like an identifier in free text, whoever's it is: e-mail addresses, URLs, telephone numbers, dates, record
 * numbers behind their label, national numbers. The patterns ask for the punctuation or the label that these are written
 * with, since plain digits are measurements more often than not.
 */

const MONTH = '(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,6}\\.?';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const YEAR = '(?:1[89]|20)\\d\\d';

const DATES: readonly string[] = [
  `\\b${DAY}([-/.])(?:0?[1-9]|1[0-2])\\1(?:${YEAR}|\\d\\d)\\b(?!\\.\\d)`,
  `\\b(?:0?[1-9]|1[0-2])([-/])${DAY}\\1(?:${YEAR}|\\d\\d)\\b`,
  `\\b${YEAR}([-/.])(?:0[1-9]|1[0-2])\\1(?:0[1-9]|[12]\\d|3[01])\\b`,
  `\\b${YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\b`,
  `\\b${DAY}(?:st|nd|rd|th|\\.)?[ -]${MONTH}[ -]${YEAR}\\b`,
  `\\b${MONTH} ${DAY}(?:st|nd|rd|th)?,? ${YEAR}\\b`,
];

const OTHERS: readonly string[] = [
  // E-mail and URL.
  '[\\w.+%-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63})+',
  '\\b(?:https?|ftps?|file|ldaps?|wss?)://[^\\s"<>]+',
  '\\bwww\\.[\\w-]+(?:\\.[\\w-]+)+[^\\s"<>]*',
  // Telephone: international, North American, and any digits behind a label.
  '(?<![\\w.])(?:\\+|00)[1-9]\\d{0,2}(?:[ ()./-]{0,2}\\d){7,12}\\b',
  '(?<![\\w.])(?:\\(\\d{3}\\) ?|\\d{3}[-.])\\d{3}[-.]\\d{4}\\b',
  '\\b(?:tel|telefon|phone|telephone|mobile|fax|pager|cell)\\b[ .:#]{0,3}[+(]?\\d(?:[ ()./-]{0,2}\\d){3,14}',
  // National numbers: United States, United Kingdom, Switzerland, Nordic countries, Brazil, Italy, Spain, France, India.
  '(?<![\\d.-])\\d{3}-\\d{2}-\\d{4}(?![\\d-])',
  '(?<![\\d.-])\\d{3} \\d{3} \\d{4}(?![\\d.])',
  '\\b756\\.\\d{4}\\.\\d{4}\\.\\d{2}\\b',
  '(?<![\\d.-])(?:\\d\\d)?\\d{6}[-+A]\\d{3}[\\dA-Z](?![\\dA-Z])',
  '\\b\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}\\b',
  '\\b[A-Z]{6}\\d{2}[A-EHLMPR-T]\\d{2}[A-Z]\\d{3}[A-Z]\\b',
  '\\b\\d{8}-?[A-HJ-NP-TV-Z]\\b',
  '\\b[12] ?\\d\\d ?(?:0[1-9]|1[0-2]) ?\\d\\d ?\\d{3} ?\\d{3}(?: ?\\d\\d)?\\b',
  '(?<![\\d.])[2-9]\\d{3} \\d{4} \\d{4}(?![\\d.])',
  // A record number behind its label.
  '\\b(?:mrn|pid|ssn|nhs|pat(?:ient)?[ -]?(?:id|no|nr|number)|med(?:ical)? rec(?:ord)?|record (?:no|number)|' +
    'acc(?:ession)?(?: ?#| no| number)|case (?:no|number)|dob|born|geb(?:oren)?)\\b[ .:#=]{0,3}[A-Z]{0,4}[-/]?\\d[\\w./-]*',
];

/** Nothing can match in a text without any of these. */
const MAY_MATCH = /\d[^\d]{0,3}\d[^\d]{0,3}\d[^\d]{0,3}\d|@|:\/\/|www\./i;

const all = (sources: readonly string[]): readonly RegExp[] =>
  sources.map((source) => new RegExp(source, 'giu'));
const WITHOUT_DATES = all(OTHERS);
const WITH_DATES = all([...OTHERS, ...DATES]);

/** Whether anything in the text looks like an identifier; dates only where they are not kept. */
export function holdsPattern(text: string, keepsDates: boolean): boolean {
  return MAY_MATCH.test(text) && replacePatterns(text, '', keepsDates) !== text;
}

/** The text with each identifier-like part replaced. */
export function replacePatterns(text: string, by: string, keepsDates: boolean): string {
  let replaced = text;
  for (const pattern of keepsDates ? WITHOUT_DATES : WITH_DATES) replaced = replaced.replace(pattern, by);
  return replaced;
}
