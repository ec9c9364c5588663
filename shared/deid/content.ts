/**
 * What stands in a sequence that an option keeps and cleans (PS3.15 E.3.3, E.3.4): structure, codes, numbers and
 * coordinates stay, free text keeps its radiology vocabulary. Of a content item whose concept names a person, an
 * organization or one of their numbers no value stays (PS3.16 D).
 */
import type { DataElement, DataSet, Tag } from '../dicom/index.ts';
import type { Decision } from './decision.ts';
import { isFreeText } from './rules.ts';

/** Ordinary: ruled by the tables alone. Cleaned: its text is. Identifying: its values are replaced. */
export type Content = 'ordinary' | 'cleaned' | 'identifying';

const CONCEPT_NAME_CODE_SEQUENCE: Tag = 0x0040a043;
const CODE_VALUE: Tag = 0x00080100;

/** Of PS3.16 TID 1001 to 1010: observers, subjects, the procedure's numbers. */
const IDENTIFYING_CONCEPTS: ReadonlySet<string> = new Set([
  '121008', // Person Observer Name
  '121009', // Person Observer's Organization Name
  '121013', // Device Observer Name
  '121016', // Device Observer Serial Number
  '121017', // Device Observer Physical Location During Observation
  '121020', // Placer Number
  '121021', // Filler Number
  '121022', // Accession Number
  '121029', // Subject Name
  '121030', // Subject ID
  '121031', // Subject Birth Date
  '121032', // Subject Sex
  '121033', // Subject Age
  '121036', // Mother of fetus
  '121106', // Comment
  '121114', // Performing Physician
  '128774', // Person Observer's Login Name
]);

/** Date Time, Date, Time, Text Value, Numeric Value and its other forms. */
const VALUES: ReadonlySet<Tag> = new Set([
  0x0040a120, 0x0040a121, 0x0040a122, 0x0040a160, 0x0040a30a, 0x0040a161, 0x0040a162, 0x0040a163,
]);

const FREE_TEXT: Decision = {
  action: 'C',
  why: 'text in cleaned content',
  cleaning: 'descriptor',
  otherwise: 'D',
};
const IDENTIFYING_VALUE: Decision = { action: 'D', why: 'a value of an identifying concept' };

/** What an item is, of a sequence that the decision descends into and that stands in the given content. */
export function contentOf(item: DataSet, decision: Decision, around: Content): Content {
  if (around === 'identifying') return around;
  if (around === 'ordinary' && decision.cleaning !== 'descriptor') return around;
  const concept = item.sequence(CONCEPT_NAME_CODE_SEQUENCE)[0]?.text(CODE_VALUE)?.trim();
  return concept !== undefined && IDENTIFYING_CONCEPTS.has(concept) ? 'identifying' : 'cleaned';
}

/** The decision for an element in that content: text that would be kept is cleaned, an identifying value replaced. */
export function decideInContent(decision: Decision, element: DataElement, content: Content): Decision {
  if (content === 'ordinary' || element.items !== undefined) return decision;
  const mayStay = decision.action === 'K' || decision.cleaning !== undefined;
  if (content === 'identifying' && mayStay && VALUES.has(element.tag)) return IDENTIFYING_VALUE;
  return decision.action === 'K' && isFreeText(element.tag, element.vr) ? FREE_TEXT : decision;
}
