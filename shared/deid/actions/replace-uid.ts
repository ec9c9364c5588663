/**
 * Action U: each UID becomes its keyed pseudonym, the same in every instance and every reference. UIDs that the standard
 * itself assigns (well-known frames of reference and palettes) name nothing of a patient and stay. In a sequence of
 * references (X/Z/U*) the action reaches the items.
 */
import { elementText, encodeUid } from '../../dicom/index.ts';
import { DESCENDED, isEmpty, isSequence, KEPT, type PerformAction } from './outcome.ts';

/** PS3.6 A: well-known frames of reference and colour palettes. */
const WELL_KNOWN = /^1\.2\.840\.10008\.1\.[45]\.[\d.]+$/;

/** U: replace with a non-zero length UID that is internally consistent within a set of instances. */
export const replaceUid: PerformAction = (target, context) => {
  const { element, characterSet } = target;
  if (isSequence(element)) return DESCENDED;
  if (isEmpty(element)) return KEPT;
  const originals = elementText(element, characterSet).split('\\');
  const uids = originals.map((original) => {
    const uid = original.trim();
    return uid === '' || WELL_KNOWN.test(uid) ? uid : context.uid(uid);
  });
  return { edit: { kind: 'replace', value: encodeUid(uids.join('\\')), vr: 'UI' } };
};
