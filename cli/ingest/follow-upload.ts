/**
 * Watches an upload until it has settled, or until nothing moves any more: a message in a dead-letter queue must not
 * keep a person waiting for ever.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UploadSummary } from '../../shared/contract/report.ts';
import type { QueueDepth } from '../stack/queue-depths.ts';
import { deadLetters, endedItems, queuesAreEmpty } from './stages.ts';

export interface FollowPorts {
  summary(): Promise<UploadSummary>;
  queues(): Promise<readonly QueueDepth[]>;
  onChange(summary: UploadSummary, queues: readonly QueueDepth[]): void;
  /** Milliseconds that only grow. */
  /** How long nothing may change before it is said to stand still, where no queue can be asked. @default a minute */
  readonly patienceMs?: number;
  now(): number;
  pause(milliseconds: number): Promise<unknown>;
}

export interface Followed {
  readonly summary: UploadSummary;
  /** When the last item came to its end. */
  readonly lastEndedAt: number;
  readonly endedAt: number;
  /** Why it did not settle. */
  readonly stalled?: { readonly deadLetters: number };
}

const SHORTEST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 5_000;
/** Counting an upload costs its size: asking takes no more than a tenth of the time. */
const SHARE = 9;
/** Nothing has changed for so long, all queues are empty and a dead-letter queue is not. */
const STALLED_WITH_DEAD_LETTERS_MS = 3_000;
/** The same where no dead-letter queue tells why. */
const STALLED_MS = 60_000;

/** Resolves when the upload has settled or stands still. */
export async function followUpload(ports: FollowPorts, signal?: AbortSignal): Promise<Followed> {
  let changedAt = ports.now();
  let lastEndedAt = changedAt;
  let seen = '';
  let ended = 0;
  for (;;) {
    signal?.throwIfAborted();
    const askedAt = ports.now();
    const [summary, queues] = await Promise.all([ports.summary(), ports.queues()]);
    const now = ports.now();
    ports.onChange(summary, queues);
    if (endedItems(summary) > ended) {
      ended = endedItems(summary);
      lastEndedAt = now;
    }
    if (summary.settled) return { summary, lastEndedAt, endedAt: now };

    const state = JSON.stringify([summary, queues]);
    if (state !== seen || summary.closedAt === null) {
      seen = state;
      changedAt = now;
    }
    const dead = deadLetters(queues);
    const patience = dead > 0 ? STALLED_WITH_DEAD_LETTERS_MS : (ports.patienceMs ?? STALLED_MS);
    if (queuesAreEmpty(queues) && now - changedAt > patience) {
      return { summary, lastEndedAt, endedAt: now, stalled: { deadLetters: dead } };
    }
    await ports.pause(Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, (now - askedAt) * SHARE)));
  }
}

/** The clock and the pause of a process. */
export const realTime = {
  now: () => performance.now(),
  pause: (milliseconds: number) => sleep(milliseconds),
};
