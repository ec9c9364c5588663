/**
 * Actions on queues: create, describe, configure, purge, delete, and moving what a dead-letter queue holds.
 */
import { randomUUID } from 'node:crypto';
import { type ActionCall, allow, allowed } from './action-call.ts';
import { queueNameOf } from './contract.ts';
import { attributeTexts } from './queue-attributes.ts';
import { queueArn, redriveMessages } from './queue-operations.ts';
import { invalidParameter, noSuchQueue, SqsError } from './sqs-error.ts';

export function createQueue(call: ActionCall) {
  const { parameters, store } = call;
  const name = String(parameters.QueueName ?? '');
  allow(call, 'CreateQueue', name);
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name))
    throw invalidParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  const texts = attributeTexts(parameters.Attributes ?? {});
  const known = store.queues.get(name);
  const different = Object.keys(texts).find(
    (attribute) => known && known.attributes.raw[attribute] !== texts[attribute],
  );
  if (different !== undefined)
    throw new SqsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${different}`,
      'QueueAlreadyExists',
    );
  if (!known) store.configure(name, texts, parameters.tags ?? {});
  return { QueueUrl: call.urlOf(name) };
}

export function getQueueAttributes(call: ActionCall) {
  const queue = allowed(call, 'GetQueueAttributes');
  const { visible, delayed, inFlight } = queue.depth;
  const created = String(Math.floor(queue.createdAt / 1000));
  const all: Record<string, string> = {
    ...queue.attributes.raw,
    QueueArn: queueArn(call, queue.name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
  };
  const names: readonly string[] = call.parameters.AttributeNames ?? [];
  if (names.includes('All')) return { Attributes: all };
  const chosen = Object.entries(all).filter(([name]) => names.includes(name));
  return chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {};
}

export function startMessageMoveTask(call: ActionCall) {
  const { parameters, store } = call;
  const source = queueNameOf(String(parameters.SourceArn ?? ''));
  for (const action of ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])
    allow(call, action, source);
  const from = store.queue(source);
  const isDeadLetterQueue = [...store.queues.values()].some(
    (queue) => queue.attributes.redrive?.deadLetterQueue === source,
  );
  if (!isDeadLetterQueue) throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
  const target =
    parameters.DestinationArn === undefined ? undefined : queueNameOf(String(parameters.DestinationArn));
  if (target !== undefined) allow(call, 'SendMessage', target);
  if (target !== undefined && !store.queues.has(target)) throw noSuchQueue();
  redriveMessages(store, from, target === undefined ? undefined : store.queue(target));
  return { TaskHandle: Buffer.from(randomUUID()).toString('base64url') };
}

export function getQueueUrl(call: ActionCall) {
  const name = String(call.parameters.QueueName ?? '');
  allow(call, 'GetQueueUrl', name);
  return { QueueUrl: call.urlOf(call.store.queue(name).name) };
}

export function listQueues(call: ActionCall) {
  allow(call, 'ListQueues', '*');
  const prefix = String(call.parameters.QueueNamePrefix ?? '');
  const names = [...call.store.queues.keys()].filter((name) => name.startsWith(prefix));
  return { QueueUrls: names.map(call.urlOf) };
}

export function deleteQueue(call: ActionCall) {
  call.store.removeQueue(allowed(call, 'DeleteQueue').name);
}

export function purgeQueue(call: ActionCall) {
  call.store.purge(allowed(call, 'PurgeQueue'));
}

export function setQueueAttributes(call: ActionCall) {
  const queue = allowed(call, 'SetQueueAttributes');
  const changed = attributeTexts(call.parameters.Attributes ?? {});
  call.store.configure(queue.name, { ...queue.attributes.raw, ...changed });
}

export function listQueueTags(call: ActionCall) {
  return { Tags: allowed(call, 'ListQueueTags').tags };
}

export function listDeadLetterSourceQueues(call: ActionCall) {
  const { name } = allowed(call, 'ListDeadLetterSourceQueues');
  const sources = [...call.store.queues.values()].filter(
    (queue) => queue.attributes.redrive?.deadLetterQueue === name,
  );
  return { queueUrls: sources.map((queue) => call.urlOf(queue.name)) };
}
