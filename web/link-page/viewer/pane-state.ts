/** What a pane shows and what can be done with it. */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import type { Extent, Matrix, Place } from './geometry.ts';
import type { LoadedImage } from './images.ts';
import type { Look } from './paint.ts';
import type { Slice } from './stack.ts';
import type { Preset, Window } from './windowing.ts';

export interface PaneState {
  readonly series: SeriesSummary;
  readonly slice: Slice;
  readonly instance: InstanceSummary;
  /** The image, when it has come. */
  readonly image: LoadedImage | undefined;
  readonly phase: 'loading' | 'ready' | 'failed' | 'document';
  readonly look: Look;
  /** Absent is the window the image asks for. */
  readonly window: Window | undefined;
  readonly table: number;
  readonly presets: readonly Preset[];
  readonly place: Place;
  readonly matrix: Matrix;
  readonly size: Extent;
}

export interface Pane {
  readonly element: HTMLElement;
  state(): PaneState;
  open(series: SeriesSummary, slice: Slice): void;
  show(slice: Slice, rest?: number): void;
  /** Whether there was anywhere to go. */
  scroll(steps: number): boolean;
  choose(preset: Preset): void;
  beginWindow(): void;
  dragWindow(across: number, down: number): void;
  setWindow(window: Window): void;
  invert(): void;
  zoom(factor: number, at?: { readonly x: number; readonly y: number }): void;
  pan(x: number, y: number): void;
  turn(): void;
  mirror(): void;
  reset(): void;
  retry(): void;
  resize(): void;
  close(): void;
}
