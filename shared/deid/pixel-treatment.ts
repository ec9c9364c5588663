/**
 * What is to be done to the pixel bytes of an instance. It is found out before the plan is made, since it takes reading and
 * looking, which planning does not; the plan carries it out with the rest and states it in the instance.
 */
import type { Edit, NewElement } from '../dicom/index.ts';
import type { PixelRisks } from './pixel-risk.ts';
import type { Operation } from './plan.ts';

export interface PixelTreatment {
  /** For the plan: where, which action, by which rule; never a value. */
  readonly operations: readonly Operation[];
  /** The new value of Pixel Data; absent where it is kept. */
  readonly rewrite?: Extract<Edit, { kind: 'rewrite' }>;
  /** Elements of the root data set that follow from it, such as Burned In Annotation (0028,0301); they replace others. */
  readonly attributes?: readonly NewElement[];
  /** The syntax of the new value, where it is another than the object's. */
  readonly transferSyntaxUid?: string;
  /** The whole picture was searched for text and cleaned of it: Clean Pixel Data (PS3.15 E.3.1). */
  readonly cleaned?: boolean;
  /** An overlay in the pixel words is gone: no reason to refuse the instance any more. */
  readonly overlaysCleared?: boolean;
  /** Gives up what is kept for it outside of memory; for who has written the instance, or will not. */
  close?(): void;
  /** What the rules said of the instance when this was found out, so that they need not be asked again. */
  readonly risks?: PixelRisks;
}

/** Pixel bytes are kept as they are. */
export const UNTREATED: PixelTreatment = { operations: [] };
