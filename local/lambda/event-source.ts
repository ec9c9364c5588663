/**
 * An event source mapping: takes batches off a queue, hands them to a function and deletes what did not fail. What failed
 * shows again when its visibility timeout ends; AWS waits the queue's whole timeout, this at most `retryAfterSeconds`, or
 * one retry of a long step would take an hour of a person's evening.
 */
import { availableParallelism } from 'node:os';
import type { ReceivedMessage, SqsServer } from '../sqs/contract.ts';
import { patience } from '../sqs/patience.ts';
import { failedMessages } from './batch-response.ts';
import type { FunctionHost } from './function-host.ts';
import { sqsEvent } from './sqs-event.ts';

export interface EventSource {
  readonly queue: string;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Batches at the same time at most. */
  readonly maximumConcurrency: number;
  readonly reportsItemFailures: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly retryAfterSeconds: number;
}

export interface Poller {
  stop(): Promise<void>;
}

/** The steps of a chain share the cores already: more workers for each would only compile the same code once more. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2));

/** Starts polling. */
export function startPoller(source: EventSource, sqs: SqsServer, host: FunctionHost): Poller {
  const stopping = new AbortController();
  const { signal } = stopping;
  const slots = Math.min(source.maximumConcurrency, host.concurrency, AT_ONCE);
  const running = new Set<Promise<void>>();

  const handle = async (batch: readonly ReceivedMessage[]) => {
    const result = await host.invoke(sqsEvent(batch, source.queueArn, source.region));
    if (signal.aborted && !result.ok) return;
    const ids = batch.map(({ messageId }) => messageId);
    const failed = !result.ok
      ? new Set(ids)
      : source.reportsItemFailures
        ? failedMessages(result.payload, ids)
        : new Set<string>();
    const done = batch.filter(({ messageId }) => !failed.has(messageId));
    if (done.length > 0)
      sqs.delete(
        source.queue,
        done.map(({ receiptHandle }) => receiptHandle),
      );
    if (source.retryAfterSeconds >= source.visibilityTimeoutSeconds) return;
    for (const { messageId, receiptHandle } of batch) {
      if (failed.has(messageId)) sqs.changeVisibility(source.queue, receiptHandle, source.retryAfterSeconds);
    }
  };

  const poll = async () => {
    while (!signal.aborted) {
      if (running.size >= slots) {
        await Promise.race(running);
        continue;
      }
      await sqs.waitForMessages(source.queue, signal);
      if (signal.aborted) break;
      const batch = await gather(source, sqs, signal);
      if (batch.length === 0) continue;
      const work = handle(batch).finally(() => running.delete(work));
      running.add(work);
    }
  };
  const polling = poll();
  return {
    stop: async () => {
      stopping.abort();
      await polling;
      await Promise.allSettled(running);
    },
  };
}

/** A batch: what is there, and what comes within the window while it is not full. */
async function gather(source: EventSource, sqs: SqsServer, signal: AbortSignal): Promise<ReceivedMessage[]> {
  const batch = sqs.receive(source.queue, { max: source.batchSize });
  if (batch.length === 0) return batch;
  const ends = Date.now() + source.batchingWindowSeconds * 1000;
  while (batch.length < source.batchSize && !signal.aborted) {
    const left = ends - Date.now();
    if (left <= 0) break;
    const waiting = patience(left, signal);
    await sqs.waitForMessages(source.queue, waiting.signal);
    waiting.end();
    batch.push(...sqs.receive(source.queue, { max: source.batchSize - batch.length }));
  }
  return batch;
}
