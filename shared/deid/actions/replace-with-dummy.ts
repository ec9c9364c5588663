/**
 * Action D: a value of the same VR that says nothing. Values that were empty stay empty: there is nothing to replace. A
 * sequence is written anew with one authored item, or, where it holds references only, keeps its items with pseudonymous
 * UIDs in them.
 */
import { dummyItems, holdsReferencesOnly } from './dummy-items.ts';
import { dummyValue } from './dummy-value.ts';
import { DESCENDED, isEmpty, isSequence, KEPT, type PerformAction } from './outcome.ts';
import { patientPseudonym } from './patient-pseudonym.ts';
import { replaceUid } from './replace-uid.ts';

/** D: replace with a non-zero length value that may be a dummy value and consistent with the VR. */
export const replaceWithDummy: PerformAction = (target, context) => {
  const { element } = target;
  const pseudonym = patientPseudonym(target, context);
  if (pseudonym !== undefined) return pseudonym;
  if (isEmpty(element)) return KEPT;
  if (isSequence(element)) {
    if (holdsReferencesOnly(element.tag)) return DESCENDED;
    return { edit: { kind: 'remove' }, add: { tag: element.tag, vr: 'SQ', value: dummyItems(element.tag) } };
  }
  if (element.vr === 'UI') return replaceUid(target, context);
  return { edit: { kind: 'replace', value: dummyValue(element.vr) } };
};
