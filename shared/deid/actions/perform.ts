/** The actions by their letters; an unknown letter is a bug and throws. */
import type { Action } from '../table-row.ts';
import { clean } from './clean.ts';
import { empty } from './empty.ts';
import { keep } from './keep.ts';
import type { ActionContext, Outcome, PerformAction, Target } from './outcome.ts';
import { remove } from './remove.ts';
import { replaceUid } from './replace-uid.ts';
import { replaceWithDummy } from './replace-with-dummy.ts';

const ACTIONS: Readonly<Record<Action, PerformAction>> = {
  D: replaceWithDummy,
  Z: empty,
  X: remove,
  K: keep,
  C: clean,
  U: replaceUid,
};

/** What the action makes of the element. */
export function perform(action: Action, target: Target, context: ActionContext): Outcome {
  const performAction = ACTIONS[action];
  if (performAction === undefined) throw new TypeError(`no action ${String(action)}`);
  return performAction(target, context);
}
