/**
 * Action C: text is replaced by text of which no part comes from the original. A kept text is cleaned when it holds an
 * identifier of the instance: what stands around an identifier often identifies as well, so the whole value goes.
 */
import type { VR } from '../../dicom/index.ts';
import { dummyValue } from './dummy-value.ts';
import { isSequence, type PerformAction, REMOVED } from './outcome.ts';
import { replaceUid } from './replace-uid.ts';

/** Bytes in which a part cannot be replaced without knowing what they are. */
const OPAQUE: ReadonlySet<VR> = new Set(['UN', 'OB', 'OW', 'OF', 'OD', 'OL', 'OV']);

/** C: clean, that is replace with values known not to contain identifying information and consistent with the VR. */
export const clean: PerformAction = (target, context) => {
  const { element } = target;
  if (isSequence(element) || OPAQUE.has(element.vr)) return REMOVED;
  if (element.vr === 'UI') return replaceUid(target, context);
  return { edit: { kind: 'replace', value: dummyValue(element.vr) } };
};
