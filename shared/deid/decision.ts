/** What is decided for an element before its value is looked at: an action, the rule that asks for it, the way of cleaning. */
import type { Action } from './table-row.ts';

/**
 * How action C cleans: dates are shifted, an age is capped, an application entity title becomes a pseudonym, a descriptor
 * keeps its vocabulary, a text loses what looks like an identifier. Where none is named the whole value is replaced.
 */
export type Cleaning = 'dates' | 'age' | 'title' | 'descriptor' | 'patterns';

/** An action and the rule that asks for it. */
export interface Decision {
  readonly action: Action;
  /** Names the rule, never a value. */
  readonly why: string;
  readonly cleaning?: Cleaning;
  /** What is done where the value cannot be cleaned, or nothing is left of it. Default D. */
  readonly otherwise?: Action;
}

/** Kept, unless the value holds an identifier. */
export const KEPT: Decision = { action: 'K', why: 'identifies nobody' };
