/** Action K: the value stays as it is; the items of a sequence are de-identified one by one. */
import { DESCENDED, isSequence, KEPT, type PerformAction } from './outcome.ts';

/** K: keep, unchanged for non-sequence attributes, cleaned for sequences. */
export const keep: PerformAction = ({ element }) => (isSequence(element) ? DESCENDED : KEPT);
