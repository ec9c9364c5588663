/** What an action is given and what it answers: one edit of one element, and elements to write in its place. */
import type { CharacterSet, DataElement, DataSet, Edit, NewElement } from '../../dicom/index.ts';
import type { Pseudonymizer } from '../pseudonyms.ts';

/** What every action of one instance shares. */
export interface ActionContext {
  readonly pseudonyms: Pseudonymizer;
  /** The pseudonymous UID of a UID. */
  uid(original: string): string;
  /** The Patient ID and Patient's Name to write into a data set, nested ones included. */
  patientOf(dataSet: DataSet): { readonly id: string; readonly name: string };
  /** The days by which dates of the instance's patient are shifted. */
  shiftDays(): number;
  /** Whether cleaned text, as it would be written into the element, still holds an identifier of the instance. */
  holdsIdentifier(target: Target, value: Uint8Array): boolean;
  /** Whether dates in text are left alone. */
  readonly keepsDates: boolean;
}

/** The element under an action, with where it stands. */
export interface Target {
  readonly element: DataElement;
  readonly dataSet: DataSet;
  readonly characterSet: CharacterSet;
}

/** The edit of the element, and a new element that takes its place where the edit removes it. */
export interface Outcome {
  readonly edit: Edit;
  readonly add?: NewElement;
  /** Values that were made here and may by chance be like an identifier of the instance, such as another date. */
  readonly authored?: readonly string[];
}

/** One action of PS3.15 Table E.1-1a. */
export type PerformAction = (target: Target, context: ActionContext) => Outcome;

export const KEPT: Outcome = { edit: { kind: 'keep' } };
export const REMOVED: Outcome = { edit: { kind: 'remove' } };
export const DESCENDED: Outcome = { edit: { kind: 'items' } };
export const NO_ITEMS: Outcome = { edit: { kind: 'empty-items' } };

/** Whether there is nothing in the element that could be replaced. */
export function isEmpty(element: DataElement): boolean {
  return element.items === undefined ? element.valueEnd === element.valueStart : element.items.length === 0;
}

/** Whether the element is a sequence whose items were read. */
export function isSequence(element: DataElement): boolean {
  return element.items !== undefined;
}
