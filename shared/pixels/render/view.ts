/** What a viewer may ask for over what the object asks for itself; all of it is optional, none of it changes the object. */
import type { PresentationState } from './presentation/presentation-state.ts';
import type { VoiFunction } from './voi.ts';

/** A window by its numbers, or one of those that the object brings: by position from 0, or by its explanation ('LUNG'). */
export type WindowChoice =
  | { readonly center: number; readonly width: number; readonly function?: VoiFunction }
  | { readonly index: number }
  | { readonly explanation: string };

export interface ViewOptions {
  /** Goes before the window of the presentation state and of the object; one that the object does not have is passed over. */
  readonly window?: WindowChoice;
  /** Whether the overlay planes of the object (60xx) are painted; default false, as they may hold text. */
  readonly overlays?: boolean;
  /** Applied where it refers to the object; its rules then take the place of the object's own (PS3.4 N.2). */
  readonly presentation?: PresentationState;
  /** Shows low values white, as nuclear medicine is used to see emission images; default false. */
  readonly inverted?: boolean;
}
