/** Application entity titles under Retain Device Identity: each becomes its keyed pseudonym of 16 characters (PS3.5 6.2, AE). */
import { elementText } from '../../dicom/index.ts';
import { type ActionContext, isEmpty, KEPT, type Outcome, type Target } from './outcome.ts';

/** The titles' pseudonyms: the same title is the same device, whose name is not told. */
export function replaceTitle(
  { element, characterSet }: Target,
  { pseudonyms }: ActionContext,
): Outcome | undefined {
  if (isEmpty(element)) return KEPT;
  if (element.vr !== 'AE') return undefined;
  const titles = elementText(element, characterSet)
    .split('\\')
    .map((title) => title.trim())
    .map((title) => (title === '' ? '' : pseudonyms.token('ae-title', title)));
  return { edit: { kind: 'replace', value: Buffer.from(titles.join('\\'), 'latin1') } };
}
