/** What the page hands over to the viewer, and what it can ask of it afterwards. */
import type { SeriesSummary, StudySummary } from '../../../shared/contract/study-summary.ts';
import type { Identity } from '../identity.ts';
import type { Slice } from './stack.ts';

export interface Start {
  readonly study: StudySummary;
  readonly priors: readonly StudySummary[];
  readonly series: SeriesSummary;
  readonly slice: Slice;
  /** The dialog, and the parts of it that are filled here. */
  readonly dialog: HTMLDialogElement;
  readonly header: HTMLElement;
  readonly stage: HTMLElement;
  readonly footer: HTMLElement;
  readonly identified: Identity | undefined;
  /** The active pane shows another image. */
  moved(series: SeriesSummary, image: number): void;
}

export interface Workspace {
  show(series: SeriesSummary, slice: Slice): void;
  toggleHelp(): void;
  close(): void;
}

export type Layout = 1 | 2 | 4;
