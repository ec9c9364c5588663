/**
 * Whether a value fits what is wanted of it (PS3.4 C.2.2.2): single values, lists of UIDs, `*` and `?`, ranges of dates and
 * times. Text is compared by its characters, names without regard to case. What cannot be a value of the VR is refused.
 */
import type { DicomJson, DicomJsonValue, PersonName, VR } from '../dicom/index.ts';
import { HttpRefusal } from '../runtime/http-handler.ts';

/** Whether a value fits; a missing one is an empty text. */
export type Matcher = (value: DicomJsonValue) => boolean;

const WITHOUT_WILDCARDS: ReadonlySet<VR> = new Set([
  'DA', 'TM', 'DT', 'UI', 'IS', 'DS', 'SL', 'SS', 'US', 'UL', 'SV', 'UV', 'FL', 'FD', 'AT',
] as const); // biome-ignore format: a list of VRs

/** What is wanted of values of the VR; undefined where anything is (universal matching). */
export function matcherFor(vr: VR, wanted: string): Matcher | undefined {
  if (/^\**$/.test(wanted)) return undefined;
  switch (vr) {
    case 'DA':
      return ranged(wanted, /^\d{8}$/, (text, isEnd) => text.padEnd(8, isEnd ? '9' : '0'), 'invalid-date');
    case 'TM':
      return ranged(wanted, /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/, comparableTime, 'invalid-time');
    case 'DT':
      return ranged(wanted, /^\d{4}(\d{2}){0,5}(\.\d{1,6})?$/, comparableInstant, 'invalid-date');
    case 'UI':
      return oneOf(wanted.split(/[\\,]/).map((uid) => equal(uid.trim())));
    case 'PN':
      return matchesName(wanted);
    case 'CS':
      // Neither separator can stand in a code string.
      return oneOf(wanted.split(/[\\,]/).map((code) => fitsText(code)));
    case 'SQ':
      throw new HttpRefusal(400, 'sequence-without-attribute');
    default:
      return WITHOUT_WILDCARDS.has(vr) ? equalNumber(vr, wanted) : fitsText(wanted);
  }
}

function oneOf(matchers: readonly Matcher[]): Matcher {
  return (value) => matchers.some((matches) => matches(value));
}

function equal(wanted: string): Matcher {
  return (value) => textOf(value) === wanted;
}

function equalNumber(vr: VR, wanted: string): Matcher {
  if (vr === 'AT') return equal(wanted.toUpperCase());
  const number = Number(wanted);
  if (wanted.trim() === '' || !Number.isFinite(number)) throw new HttpRefusal(400, 'invalid-number');
  return (value) => value !== null && value !== '' && Number(value) === number;
}

/** Leading and trailing spaces mean nothing (PS3.5 6.2). */
function fitsText(wanted: string): Matcher {
  const pattern = wanted.trim();
  return (value) => fitsWildcards(textOf(value).trim(), pattern);
}

/** A name fits by any of its representations, empty components at its end left out (PS3.5 6.2.1). */
function matchesName(wanted: string): Matcher {
  const patterns = wanted.split('=').map(comparableName);
  return (value) => {
    const { Alphabetic, Ideographic, Phonetic } = (value ?? {}) as PersonName;
    const groups = [Alphabetic, Ideographic, Phonetic].map((group) => comparableName(group ?? ''));
    if (patterns.length === 1)
      return groups.some((group) => group !== '' && fitsWildcards(group, patterns[0] ?? ''));
    return patterns.every((pattern, index) => pattern === '' || fitsWildcards(groups[index] ?? '', pattern));
  };
}

function comparableName(name: string): string {
  return name
    .replace(/[\^ ]+$/, '')
    .trim()
    .toLowerCase();
}

/** One value, or two with `-` between of which one may be missing; both ends belong to the range (PS3.4 C.2.2.2.5). */
function ranged(
  wanted: string,
  single: RegExp,
  comparable: (text: string, isEnd: boolean) => string,
  error: string,
): Matcher {
  const [from = '', to, ...more] = wanted.split('-').map((text) => text.trim());
  const parts = to === undefined ? [from] : [from, to].filter((part) => part !== '');
  if (more.length > 0 || parts.length === 0 || !parts.every((part) => single.test(part)))
    throw new HttpRefusal(400, error);
  const low = from === '' ? '' : comparable(from, false);
  const high = to === undefined ? low : to === '' ? undefined : comparable(to, true);
  return (value) => {
    const text = textOf(value).trim();
    if (!single.test(text)) return false;
    const own = comparable(text, false);
    return own >= low && (high === undefined || own <= high);
  };
}

/** Hours to microseconds; at the end of a range what is not said is as late as it can be. */
function comparableTime(text: string, isEnd: boolean): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole.padEnd(6, isEnd ? '9' : '0')}.${fraction.padEnd(6, isEnd ? '9' : '0')}`;
}

function comparableInstant(text: string, isEnd: boolean): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole.padEnd(14, isEnd ? '9' : '0')}.${fraction.padEnd(6, isEnd ? '9' : '0')}`;
}

/** `*` for any characters, `?` for one; by hand, as a pattern made into a regular expression can be made to take for ever. */
export function fitsWildcards(value: string, pattern: string): boolean {
  let at = 0;
  let within = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    if (pattern[within] === '*') {
      star = within++;
      resume = at;
    } else if (within < pattern.length && (pattern[within] === '?' || pattern[within] === value[at])) {
      at++;
      within++;
    } else if (star >= 0) {
      within = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[within] === '*') within++;
  return within === pattern.length;
}

function textOf(value: string | number | null | PersonName | DicomJson): string {
  return value === null || typeof value === 'object' ? '' : String(value);
}
