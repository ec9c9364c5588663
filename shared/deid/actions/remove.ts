/** Action X: the element goes, with all that is nested in it. */
import { type PerformAction, REMOVED } from './outcome.ts';

/** X: remove. */
export const remove: PerformAction = () => REMOVED;
