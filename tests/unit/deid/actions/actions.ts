/** Performs one action on one element of a built instance. */
import type { ActionContext, Outcome } from '../../../../shared/deid/actions/outcome.ts';
import { perform } from '../../../../shared/deid/actions/perform.ts';
import { keyedPseudonyms } from '../../../../shared/deid/index.ts';
import type { Action } from '../../../../shared/deid/table-row.ts';
import { type NewElement, readPart10 } from '../../../../shared/dicom/index.ts';
import { instance, SECRET } from '../instances.ts';

const pseudonyms = keyedPseudonyms(SECRET);

export const context: ActionContext = {
  pseudonyms,
  uid: (original) => pseudonyms.uid(original),
  patientOf: () => ({ id: 'PSEUDONYM', name: 'PSEUDONYM NAME' }),
  shiftDays: () => -70,
  holdsIdentifier: () => false,
  keepsDates: false,
};

/** What the action makes of the element, which stands in an instance. */
export function act(action: Action, planted: NewElement): Outcome {
  const { dataSet } = readPart10(instance([planted]));
  const element = dataSet.get(planted.tag);
  if (element === undefined) throw new Error('the element was not written');
  return perform(action, { element, dataSet, characterSet: dataSet.characterSet }, context);
}

/** The text that the outcome replaces a value with. */
export function replacement({ edit }: Outcome): string | undefined {
  return edit.kind === 'replace' ? Buffer.from(edit.value).toString('latin1').replace(/\0+$/, '') : undefined;
}
