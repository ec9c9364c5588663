/**
 * How far an upload has come, told from its summary and from what waits in the queues: what waits before a step has
 * passed the steps before it. Counts never go back, so that a message that is delivered twice does not show.
 */
import type { UploadSummary } from '../../shared/contract/report.ts';
import type { QueueDepth } from '../stack/queue-depths.ts';
import type { Stage } from '../terminal/progress.ts';

export interface Sent {
  readonly files: number;
  readonly of: number;
}

/** Items of the upload that have come to an end. */
export function endedItems(summary: UploadSummary): number {
  return Object.values(summary.states).reduce((sum, count) => sum + count, 0);
}

/** Messages that wait before a step or are worked on. */
function waitingFor(step: RegExp, queues: readonly QueueDepth[]): number {
  return queues
    .filter((queue) => !queue.deadLetter && step.test(queue.name))
    .reduce((sum, queue) => sum + queue.visible + queue.inFlight + queue.delayed, 0);
}

/** Messages that were given up. */
export function deadLetters(queues: readonly QueueDepth[]): number {
  return queues
    .filter((queue) => queue.deadLetter)
    .reduce((sum, queue) => sum + queue.visible + queue.inFlight, 0);
}

/** Whether no queue has anything to do. */
export function queuesAreEmpty(queues: readonly QueueDepth[]): boolean {
  return waitingFor(/./, queues) === 0;
}

/** Keeps the five counts of one upload. */
export function stageCounter(): (
  sent: Sent,
  summary: UploadSummary,
  queues: readonly QueueDepth[],
) => Stage[] {
  const highest = new Map<string, number>();
  return (sent, summary, queues) => {
    const ended = endedItems(summary);
    const known = Math.max(ended + summary.pending, summary.total, sent.files);
    const previewed = ended + waitingFor(/index/i, queues);
    const deidentified = previewed + waitingFor(/thumbnail/i, queues);
    const parsed = deidentified + waitingFor(/deidentify/i, queues);
    const counts = { parsed, 'de-identified': deidentified, previewed, indexed: ended };
    const later = Object.entries(counts).map(([name, count]) => {
      const done = Math.max(highest.get(name) ?? 0, Math.min(count, known));
      highest.set(name, done);
      return { name, done, total: known };
    });
    return [{ name: 'uploaded', done: sent.files, total: sent.of }, ...later];
  };
}
