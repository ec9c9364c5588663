/**
 * Action Z: the value becomes empty. Patient's Name and Patient ID, for which Z allows a dummy, become the patient's
 * pseudonym, so that the instances of a patient stay together.
 */

import { isEmpty, isSequence, KEPT, NO_ITEMS, type PerformAction } from './outcome.ts';
import { patientPseudonym } from './patient-pseudonym.ts';

const NO_VALUE = new Uint8Array(0);

/** Z: replace with a zero-length value, or a non-zero length value that may be a dummy value. */
export const empty: PerformAction = (target, context) => {
  const pseudonym = patientPseudonym(target, context);
  if (pseudonym !== undefined) return pseudonym;
  if (isEmpty(target.element)) return KEPT;
  if (isSequence(target.element)) return NO_ITEMS;
  return { edit: { kind: 'replace', value: NO_VALUE } };
};
