/** What is counted and noted while an object is read, over all the windows of it. */
import type { DataElement, DataSet } from '../data-set.ts';
import type { ReadLimits } from './limits.ts';
import type { Anomaly } from './part10.ts';
import { refuseLimit } from './refuse.ts';

export class Tally {
  anomalies: Set<Anomaly> = new Set();
  /** Elements that are US or SS, as Pixel Representation will say when all is read. */
  readonly undecided: [DataElement, DataSet][] = [];
  /** Attempts to read unknown values as sequences that failed; each costs an error, so they are limited. */
  failedAttempts = 0;
  readonly #limits: ReadLimits;
  #elements = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /** Counts an element or item, also one that was read in vain. */
  count(): void {
    if (++this.#elements > this.#limits.maximumElements) {
      refuseLimit('too-many-elements', 'maximumElements', this.#limits.maximumElements);
    }
  }

  note(anomaly: Anomaly): void {
    this.anomalies.add(anomaly);
  }
}
