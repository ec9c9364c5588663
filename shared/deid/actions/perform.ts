/** The actions by their letters, and action C by its ways; an unknown letter is a bug and throws. */
import type { Cleaning, Decision } from '../decision.ts';
import type { Action } from '../table-row.ts';
import { capAge } from './cap-age.ts';
import { clean } from './clean.ts';
import { cleanDescriptor } from './clean-descriptor.ts';
import { cleanPatterns } from './clean-patterns.ts';
import { empty } from './empty.ts';
import { keep } from './keep.ts';
import type { ActionContext, Outcome, PerformAction, Target } from './outcome.ts';
import { remove } from './remove.ts';
import { replaceTitle } from './replace-title.ts';
import { replaceUid } from './replace-uid.ts';
import { replaceWithDummy } from './replace-with-dummy.ts';
import { shiftDates } from './shift-dates.ts';

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

/** The ways of cleaning; each answers undefined where the value cannot be cleaned or nothing is left of it. */
const CLEANINGS: Readonly<Record<Cleaning, (target: Target, context: ActionContext) => Outcome | undefined>> =
  {
    dates: (target, context) => shiftDates(target, context.shiftDays()),
    age: capAge,
    title: replaceTitle,
    descriptor: cleanDescriptor,
    patterns: cleanPatterns,
  };

/** What was done to an element, and by which decision. */
export interface Performed {
  readonly outcome: Outcome;
  /** The decision that was carried out: another action where the value could not be cleaned. */
  readonly done: Decision;
}

/** Carries out a decision; a value that cannot be cleaned is given the action that the decision names for this. */
export function performDecision(decision: Decision, target: Target, context: ActionContext): Performed {
  const { action, why, cleaning, otherwise = 'D' } = decision;
  if (cleaning === undefined) return { outcome: perform(action, target, context), done: decision };
  const outcome = CLEANINGS[cleaning](target, context);
  if (outcome !== undefined) return { outcome, done: decision };
  return {
    outcome: perform(otherwise, target, context),
    done: { action: otherwise, why: `${why}, but nothing can be kept` },
  };
}
