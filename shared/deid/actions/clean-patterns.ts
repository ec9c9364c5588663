/** Kept text that holds what looks like an identifier: that part alone is replaced, the rest stays. */
import { elementText } from '../../dicom/index.ts';
import { replacePatterns } from '../text-patterns.ts';
import { type ActionContext, isSequence, type Outcome, type Target } from './outcome.ts';
import { fitsVr } from './text-length.ts';

const IN_PLACE_OF = 'REMOVED';

/** The text without what looks like an identifier; undefined where the result cannot be written. */
export function cleanPatterns(target: Target, context: ActionContext): Outcome | undefined {
  const { element, characterSet } = target;
  if (isSequence(element)) return undefined;
  const text = replacePatterns(elementText(element, characterSet), IN_PLACE_OF, context.keepsDates);
  if (!fitsVr(text, element.vr)) return undefined;
  const value = characterSet.encode(text, element.vr);
  if (value === undefined || context.holdsIdentifier(target, value)) return undefined;
  return { edit: { kind: 'replace', value } };
}
