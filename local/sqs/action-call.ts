/**
 * What an action of SQS is given, the check of the policies and the running of batches.
 */
import type { Authorize, Principal } from '../auth/authorize.ts';
import { queueNameOf } from './contract.ts';
import type { Queue } from './queue.ts';
import { type QueueAddress, queueArn } from './queue-operations.ts';
import type { QueueStore } from './queue-store.ts';
import { SqsError } from './sqs-error.ts';

const MOST_ENTRIES = 10;

// biome-ignore lint/suspicious/noExplicitAny: parameters are as the client sent them; each action checks what it uses.
export type Parameters = Readonly<Record<string, any>>;

export interface ActionCall extends QueueAddress {
  readonly parameters: Parameters;
  readonly store: QueueStore;
  readonly principal: Principal;
  readonly authorize: Authorize;
  readonly urlOf: (queue: string) => string;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

/** Asks the policies for the action on the queue of that name. */
export function allow(call: ActionCall, action: string, queue: string): void {
  call.authorize({ principal: call.principal, action: `sqs:${action}`, resource: queueArn(call, queue) });
}

/** The queue of the call, when its URL names one and the policies allow the action on it. */
export function allowed(call: ActionCall, action: string): Queue {
  const name = queueNameOf(String(call.parameters.QueueUrl ?? ''));
  allow(call, action, name);
  return call.store.queue(name);
}

export interface BatchResult {
  readonly Successful: Record<string, string>[];
  readonly Failed?: Record<string, unknown>[];
}

/** Runs each entry on its own: what one does wrong does not touch the others. */
export function batch(
  parameters: Parameters,
  run: (entry: Parameters) => Record<string, string>,
): BatchResult {
  const entries: readonly Parameters[] = parameters.Entries ?? [];
  if (entries.length === 0)
    throw new SqsError(
      'EmptyBatchRequest',
      'There should be at least one entry in the request.',
      'AWS.SimpleQueueService.EmptyBatchRequest',
    );
  if (entries.length > MOST_ENTRIES)
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
      'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    );
  if (new Set(entries.map((entry) => entry.Id)).size !== entries.length)
    throw new SqsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
      'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    );
  const successful: Record<string, string>[] = [];
  const failed: Record<string, unknown>[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      failed.push({ Id: entry.Id, SenderFault: true, Code: error.type, Message: error.message });
    }
  }
  return { Successful: successful, ...(failed.length > 0 ? { Failed: failed } : {}) };
}
