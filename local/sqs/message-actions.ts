/**
 * Actions on messages: send, receive with long polling, delete, change visibility, alone and in batches.
 */

import { createHash } from 'node:crypto';
import { type ActionCall, allowed, batch, type Parameters } from './action-call.ts';
import type { MessageAttribute } from './contract.ts';
import { chooseAttributes, md5OfAttributes, sizeOfMessage } from './message-attributes.ts';
import { patience } from './patience.ts';
import type { Queue } from './queue.ts';
import {
  changeVisibility,
  checkMessage,
  deleteMessages,
  messageOfHandle,
  type NewMessage,
  receiveMessages,
  sendMessages,
} from './queue-operations.ts';
import { invalidParameter, SqsError } from './sqs-error.ts';

const MOST_MESSAGES = 10;
const LARGEST_BATCH_BYTES = 1_048_576;
const LONGEST_WAIT_S = 20;

function messageIn(entry: Parameters): NewMessage {
  const attributes = entry.MessageAttributes as Record<string, MessageAttribute> | undefined;
  return {
    body: entry.MessageBody,
    ...(attributes ? { attributes } : {}),
    ...(entry.DelaySeconds === undefined || entry.DelaySeconds === null
      ? {}
      : { delaySeconds: Number(entry.DelaySeconds) }),
  };
}

function sentResult(message: NewMessage, id: string): Record<string, string> {
  const named = Object.keys(message.attributes ?? {}).length > 0;
  return {
    MessageId: id,
    MD5OfMessageBody: createHash('md5').update(message.body).digest('hex'),
    ...(named ? { MD5OfMessageAttributes: md5OfAttributes(message.attributes ?? {}) } : {}),
  };
}

export function sendMessage(call: ActionCall) {
  const queue = allowed(call, 'SendMessage');
  const message = messageIn(call.parameters);
  checkMessage(queue, message);
  const [id = ''] = sendMessages(call.store, queue, [message]);
  return sentResult(message, id);
}

export function sendMessageBatch(call: ActionCall) {
  const queue = allowed(call, 'SendMessage');
  const entries: readonly Parameters[] = call.parameters.Entries ?? [];
  const bytes = entries.reduce(
    (sum, entry) => sum + sizeOfMessage(entry.MessageBody ?? '', entry.MessageAttributes),
    0,
  );
  if (bytes > LARGEST_BATCH_BYTES)
    throw new SqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${LARGEST_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
      'AWS.SimpleQueueService.BatchRequestTooLong',
    );
  const good: NewMessage[] = [];
  const { Successful, ...rest } = batch(call.parameters, (entry) => {
    const message = messageIn(entry);
    checkMessage(queue, message);
    good.push(message);
    return {};
  });
  const ids = sendMessages(call.store, queue, good);
  return {
    Successful: Successful.map((entry, at) => ({ ...entry, ...sentResult(good[at]!, ids[at]!) })),
    ...rest,
  };
}

export async function receiveMessage(call: ActionCall) {
  const { parameters, store, signal } = call;
  const queue = allowed(call, 'ReceiveMessage');
  const max = bounded(parameters, 'MaxNumberOfMessages', 1, 1, MOST_MESSAGES);
  const wait = bounded(parameters, 'WaitTimeSeconds', queue.attributes.waitMs / 1000, 0, LONGEST_WAIT_S);
  const visibilityTimeout = bounded(
    parameters,
    'VisibilityTimeout',
    queue.attributes.visibilityTimeoutMs / 1000,
    0,
    43_200,
  );
  const options = { max, visibilityTimeout };
  let messages = receiveMessages(store, call, queue, options);
  if (messages.length === 0 && wait > 0) {
    const waiting = patience(wait * 1000, signal);
    while (messages.length === 0 && !waiting.signal.aborted) {
      await queue.waitForVisible(waiting.signal);
      // A message given to a client that has gone would stay hidden for nothing.
      if (!signal.aborted) messages = receiveMessages(store, call, queue, options);
    }
    waiting.end();
  }
  const wanted = new Set<string>([
    ...(parameters.AttributeNames ?? []),
    ...(parameters.MessageSystemAttributeNames ?? []),
  ]);
  if (messages.length === 0) return {};
  return {
    Messages: messages.map((message) => {
      const system: Record<string, string> = {
        SenderId: call.account,
        SentTimestamp: String(message.sentAt),
        ApproximateReceiveCount: String(message.receiveCount),
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
        ...(message.deadLetterSourceArn === undefined
          ? {}
          : { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
      };
      const chosen = Object.entries(system).filter(([name]) => wanted.has('All') || wanted.has(name));
      const attributes = chooseAttributes(message.attributes, parameters.MessageAttributeNames ?? []);
      return {
        MessageId: message.messageId,
        ReceiptHandle: message.receiptHandle,
        MD5OfBody: message.md5OfBody,
        Body: message.body,
        ...(chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {}),
        ...(attributes
          ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }
          : {}),
      };
    }),
  };
}

function bounded(parameters: Parameters, name: string, usual: number, from: number, to: number): number {
  const value = Number(parameters[name] ?? usual);
  if (!Number.isInteger(value) || value < from || value > to)
    throw invalidParameter(
      `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${from} and ${to}, if provided.`,
    );
  return value;
}

export function deleteMessageBatch(call: ActionCall) {
  const queue = allowed(call, 'DeleteMessage');
  const handles: string[] = [];
  const result = batch(call.parameters, (entry) => {
    messageOfHandle(queue, entry.ReceiptHandle);
    handles.push(entry.ReceiptHandle);
    return {};
  });
  deleteMessages(call.store, queue, handles);
  return result;
}

export function deleteMessage(call: ActionCall) {
  deleteMessages(call.store, allowed(call, 'DeleteMessage'), [call.parameters.ReceiptHandle]);
}

export function changeMessageVisibility(call: ActionCall) {
  return changeOne(allowed(call, 'ChangeMessageVisibility'), call.parameters);
}

export function changeMessageVisibilityBatch(call: ActionCall) {
  const queue = allowed(call, 'ChangeMessageVisibility');
  return batch(call.parameters, (entry) => changeOne(queue, entry));
}

function changeOne(queue: Queue, entry: Parameters): Record<string, string> {
  changeVisibility(queue, entry.ReceiptHandle, Number(entry.VisibilityTimeout ?? Number.NaN));
  return {};
}
