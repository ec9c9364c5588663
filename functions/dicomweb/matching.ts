/**
 * QIDO-RS matching over DICOM JSON (PS3.18 8.3.4): equality, `*` and `?`, lists of UIDs, ranges of dates. Attributes are named
 * by keyword or by tag. A parameter that is no attribute of the standard is refused rather than ignored.
 */
import { type DicomJson, formatTag, type PersonName, tagOf } from '../../shared/dicom/index.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';

export interface Query {
  matches(attributes: DicomJson): boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Answers have at most this many rows; default and bound. */
const DEFAULT_LIMIT = 101;
const MAXIMUM_LIMIT = 1_000;
const NOT_ATTRIBUTES = ['limit', 'offset', 'fuzzymatching', 'includefield'];
/** VRs whose values match by wildcard (PS3.4 C.2.2.2.4). */
const WILDCARD = /[*?]/;

/** The query of a request. */
export function parseQuery(parameters: URLSearchParams): Query {
  const conditions = [...parameters]
    .filter(([name]) => !NOT_ATTRIBUTES.includes(name))
    .map(([name, value]) => condition(jsonTagOf(name), value));
  return {
    matches: (attributes) => conditions.every((holds) => holds(attributes)),
    limit: Math.min(MAXIMUM_LIMIT, wholeNumber(parameters.get('limit'), DEFAULT_LIMIT)),
    offset: wholeNumber(parameters.get('offset'), 0),
  };
}

function condition(tag: string, wanted: string): (attributes: DicomJson) => boolean {
  if (wanted === '' || wanted === '*') return () => true;
  const isRange = /^(\d{8})?-(\d{8})?$/.test(wanted);
  return (attributes) => {
    const element = attributes[tag];
    const values = (element?.Value ?? []).map(textOf);
    if (element?.vr === 'DA' && isRange) {
      const [from = '', to = ''] = wanted.split('-');
      return values.some((value) => value >= from && (to === '' || value <= to));
    }
    const patterns = element?.vr === 'UI' || tag.endsWith('000D') ? wanted.split(/[\\,]/) : [wanted];
    return patterns.some((pattern) => values.some((value) => fits(value, pattern, element?.vr === 'PN')));
  };
}

function fits(value: string, pattern: string, ignoreCase: boolean): boolean {
  if (!WILDCARD.test(pattern) && !ignoreCase) return value === pattern;
  // Matched by hand: a pattern made into a regular expression can be made to take for ever.
  return fitsWildcard(ignoreCase ? value.toLowerCase() : value, ignoreCase ? pattern.toLowerCase() : pattern);
}

/** Greedy, with one place to come back to: linear in practice, never exponential. */
function fitsWildcard(value: string, pattern: string): boolean {
  let at = 0;
  let in_ = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    if (in_ < pattern.length && pattern[in_] === '*') {
      star = in_++;
      resume = at;
    } else if (in_ < pattern.length && (pattern[in_] === '?' || pattern[in_] === value[at])) {
      at++;
      in_++;
    } else if (star >= 0) {
      in_ = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[in_] === '*') in_++;
  return in_ === pattern.length;
}

function textOf(value: string | number | null | PersonName | DicomJson): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  const { Alphabetic } = value as PersonName;
  return typeof Alphabetic === 'string' ? Alphabetic : '';
}

function jsonTagOf(name: string): string {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) return name.toUpperCase();
  try {
    return formatTag(tagOf(name)).replace(/[(),]/g, '');
  } catch {
    throw new HttpRefusal(400, 'unknown-attribute');
  }
}

function wholeNumber(text: string | null, otherwise: number): number {
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new HttpRefusal(400, 'invalid-number');
  return Number(text);
}
