/**
 * A search of QIDO-RS (PS3.18 8.3.4, 10.6.1.2) as it was asked for: conditions, attributes to return, and the part of the
 * results. A parameter that is no attribute, or one that cannot be searched by here, is refused: results that pass over a
 * condition would be taken for the answer.
 */
import type { DicomJson, DicomJsonValue } from '../dicom/index.ts';
import { HttpRefusal } from '../runtime/http-handler.ts';
import { type Attribute, attributeOf, type Level, RETURNED, searchLevel } from './keys.ts';
import { type Matcher, matcherFor } from './match-value.ts';

export const SEARCH_LIMITS = {
  /** Rows of an answer where no number is asked for; default 101, which is what viewers ask for. */
  defaultRows: 101,
  /** Rows of an answer at most; default 1,000: some 2 MB, which Lambda can answer with. */
  maximumRows: 1_000,
  /** Conditions of a search; default 64. */
  maximumConditions: 64,
  /** Characters of what is wanted of an attribute; default 16,384: a list of 250 UIDs. */
  maximumCharacters: 16_384,
} as const;

export interface Search {
  readonly level: Level;
  readonly limit: number;
  readonly offset: number;
  /** Whether fuzzy matching was asked for, which there is none of. */
  readonly isFuzzy: boolean;
  /** What is wanted of an attribute, where one value or a list of UIDs says it: for who finds by key. */
  wanted(tag: string): string | undefined;
  /** Whether the attributes of the level meet the conditions on them. */
  matches(level: Level, attributes: DicomJson): boolean;
  /** Those attributes that are to be returned and have a value. */
  select(attributes: DicomJson, levels: readonly Level[]): DicomJson;
}

interface Condition {
  readonly attribute: Attribute;
  readonly level: Level;
  readonly text: string;
  readonly fits: Matcher | undefined;
}

/** The search for objects of the level; `given` are the UIDs in the path. */
export function parseSearch(
  level: Level,
  parameters: URLSearchParams,
  given: Readonly<Record<string, string>> = {},
): Search {
  const conditions: Condition[] = [];
  const fields: string[] = [];
  const told = new Map<string, string>();
  const all = [...parameters, ...Object.entries(given)];
  for (const [name, value] of all) {
    if (value.length > SEARCH_LIMITS.maximumCharacters) throw new HttpRefusal(400, 'value-too-long');
    if (name === 'includefield') fields.push(...value.split(',').map((field) => field.trim()));
    else if (['limit', 'offset', 'fuzzymatching'].includes(name)) {
      if (told.has(name)) throw new HttpRefusal(400, 'repeated-parameter');
      told.set(name, value);
    } else if (name !== 'accept') conditions.push(conditionOf(name, value, level));
  }
  if (conditions.length > SEARCH_LIMITS.maximumConditions) throw new HttpRefusal(400, 'too-many-conditions');
  const paths = conditions.map(({ attribute }) => attribute.path.join('.'));
  if (new Set(paths).size < paths.length) throw new HttpRefusal(400, 'repeated-attribute');

  const everything = fields.includes('all');
  const included = new Set(
    fields
      .filter((field) => field !== 'all' && field !== '')
      .map((field) => attributeOf(field).path[0] ?? ''),
  );
  for (const { attribute } of conditions) included.add(attribute.path[0] ?? '');
  return {
    level,
    limit: Math.min(SEARCH_LIMITS.maximumRows, wholeNumber(told.get('limit')) ?? SEARCH_LIMITS.defaultRows),
    offset: wholeNumber(told.get('offset')) ?? 0,
    isFuzzy: isTrue(told.get('fuzzymatching')),
    wanted: (tag) => conditions.find(({ attribute, fits }) => fits && attribute.path.join('.') === tag)?.text,
    matches: (of, attributes) =>
      conditions.every((condition) => condition.level !== of || holds(condition, attributes)),
    select: (attributes, levels) => {
      const selected: DicomJson = {};
      for (const tag of Object.keys(attributes).sort()) {
        const element = attributes[tag];
        const isReturned = everything || included.has(tag) || levels.some((one) => RETURNED[one].has(tag));
        // An attribute without a value breaks the lists of viewers; bulk data is for metadata.
        if (isReturned && element?.Value?.length) selected[tag] = element;
      }
      return selected;
    },
  };
}

function conditionOf(name: string, text: string, level: Level): Condition {
  const attribute = attributeOf(name);
  const at = searchLevel(attribute, level);
  if (at === undefined) throw new HttpRefusal(400, 'unsupported-attribute');
  return { attribute, level: at, text, fits: matcherFor(attribute.vr, text) };
}

function holds({ attribute, fits }: Condition, attributes: DicomJson): boolean {
  return fits === undefined || valuesAt(attributes, attribute.path).some(fits);
}

/** The values at the end of the path, in any item of the sequences on the way. */
function valuesAt(attributes: DicomJson, [tag = '', ...rest]: readonly string[]): DicomJsonValue[] {
  const values = attributes[tag]?.Value ?? [];
  if (rest.length === 0) return values;
  return values.flatMap((item) =>
    typeof item === 'object' && item !== null ? valuesAt(item as DicomJson, rest) : [],
  );
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new HttpRefusal(400, 'invalid-number');
  return Number(text);
}

function isTrue(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text !== 'true') throw new HttpRefusal(400, 'invalid-fuzzymatching');
  return true;
}
