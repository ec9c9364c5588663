/**
 * What can be done with the messages of a queue, the same over the wire and in process: send, receive, delete, hide, redrive.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ReceivedMessage, ReceiveOptions, SendOptions } from './contract.ts';
import { queueNameOf } from './contract.ts';
import { checkAttributes, sizeOfMessage } from './message-attributes.ts';
import type { Message, Queue } from './queue.ts';
import type { QueueStore } from './queue-store.ts';
import { invalidParameter, missingParameter, SqsError } from './sqs-error.ts';

const LONGEST_VISIBILITY_S = 43_200;
const LONGEST_DELAY_S = 900;
/** Anything outside the characters of XML 1.0. */
const FORBIDDEN_CHARACTERS = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export interface NewMessage extends SendOptions {
  readonly body: string;
}

export interface QueueAddress {
  readonly region: string;
  readonly account: string;
}

export function queueArn({ region, account }: QueueAddress, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

/** Throws when the message is one that the queue does not take. */
export function checkMessage(queue: Queue, { body, attributes, delaySeconds }: NewMessage): void {
  if (typeof body !== 'string' || body === '') throw missingParameter('MessageBody');
  const limit = queue.attributes.largestMessageBytes;
  if (attributes) checkAttributes(attributes);
  if (sizeOfMessage(body, attributes) > limit)
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  if (FORBIDDEN_CHARACTERS.test(body))
    throw new SqsError('InvalidMessageContents', 'Invalid characters were found in the message body.');
  if (delaySeconds !== undefined && !isWithin(delaySeconds, LONGEST_DELAY_S))
    throw invalidParameter(
      `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
}

/** Sends checked messages in one step; returns their ids. */
export function sendMessages(store: QueueStore, queue: Queue, messages: readonly NewMessage[]): string[] {
  const now = Date.now();
  const stored = messages.map(({ body, attributes, delaySeconds }) => {
    const delay = delaySeconds === undefined ? queue.attributes.delayMs : delaySeconds * 1000;
    const hasAttributes = attributes && Object.keys(attributes).length > 0;
    return {
      id: randomUUID(),
      body,
      at: now,
      ...(hasAttributes ? { attributes } : {}),
      ...(delay > 0 ? { visibleAt: now + delay } : {}),
    };
  });
  store.send(queue, stored);
  return stored.map(({ id }) => id);
}

/** Takes what is visible. Expired messages go, and those received too often move to the dead-letter queue. */
export function receiveMessages(
  store: QueueStore,
  address: QueueAddress,
  queue: Queue,
  { max = 1, visibilityTimeout }: ReceiveOptions,
): ReceivedMessage[] {
  const hidden =
    visibilityTimeout === undefined ? queue.attributes.visibilityTimeoutMs : visibilityTimeout * 1000;
  const now = Date.now();
  const taken: Message[] = [];
  const expired: Message[] = [];
  const dead: Message[] = [];
  const { redrive, retentionMs } = queue.attributes;
  const deadLetters = redrive && store.queues.get(redrive.deadLetterQueue);
  while (taken.length < max) {
    const message = queue.take();
    if (!message) break;
    if (now - message.sentAt > retentionMs) expired.push(message);
    else if (deadLetters && message.receiveCount >= redrive.maxReceiveCount) dead.push(message);
    else taken.push(message);
  }
  try {
    store.remove(queue, expired);
    if (deadLetters) store.move(queue, deadLetters, dead, { source: queueArn(address, queue.name) });
    store.received(queue, taken);
  } catch (error) {
    for (const message of [...expired, ...dead, ...taken]) if (message.state !== 'gone') queue.show(message);
    throw error;
  }
  for (const message of taken)
    if (hidden > 0) queue.hide(message, now + hidden);
    else queue.show(message);
  return taken.map(receivedOf);
}

function receivedOf(message: Message): ReceivedMessage {
  return {
    messageId: message.id,
    receiptHandle: Buffer.from(`${message.id} ${message.receiveCount}`).toString('base64url'),
    body: message.body,
    md5OfBody: createHash('md5').update(message.body).digest('hex'),
    sentAt: message.sentAt,
    firstReceivedAt: message.firstReceivedAt,
    receiveCount: message.receiveCount,
    ...(message.source === undefined ? {} : { deadLetterSourceArn: message.source }),
    ...(message.attributes ? { attributes: message.attributes } : {}),
  };
}

/** The message a receipt handle is for: only the newest handle of a message counts. */
export function messageOfHandle(queue: Queue, handle: string | undefined): Message | undefined {
  const [id = '', count = ''] = Buffer.from(handle ?? '', 'base64url')
    .toString('latin1')
    .split(' ');
  if (!/^[0-9a-f-]{36}$/.test(id) || !/^\d+$/.test(count))
    throw new SqsError('ReceiptHandleIsInvalid', 'The input receipt handle is not a valid receipt handle.');
  const message = queue.messages.get(id);
  return message?.receiveCount === Number(count) ? message : undefined;
}

/** Deletes what the handles stand for in one step; those of messages that are gone are ignored. */
export function deleteMessages(store: QueueStore, queue: Queue, handles: readonly string[]): void {
  const messages = new Set(handles.map((handle) => messageOfHandle(queue, handle)));
  messages.delete(undefined);
  store.remove(queue, [...messages] as Message[]);
}

export function changeVisibility(queue: Queue, handle: string | undefined, seconds: number): void {
  if (!isWithin(seconds, LONGEST_VISIBILITY_S))
    throw invalidParameter(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
    );
  const message = messageOfHandle(queue, handle);
  if (message?.state !== 'in flight')
    throw new SqsError(
      'MessageNotInflight',
      'The message referred to is not in flight.',
      'AWS.SimpleQueueService.MessageNotInflight',
    );
  if (seconds === 0) queue.show(message);
  else queue.hide(message, Date.now() + seconds * 1000);
}

/** Moves what is visible in a dead-letter queue to where each message came from, or to `target`; returns how many. */
export function redriveMessages(store: QueueStore, from: Queue, target: Queue | undefined): number {
  const groups = new Map<Queue, Message[]>();
  const staying: Message[] = [];
  for (let message = from.take(); message; message = from.take()) {
    const to = target ?? store.queues.get(queueNameOf(message.source ?? ''));
    if (!to) staying.push(message);
    else groups.set(to, [...(groups.get(to) ?? []), message]);
  }
  for (const message of staying) from.show(message);
  let moved = 0;
  for (const [to, messages] of groups) {
    store.move(from, to, messages, 'renew');
    moved += messages.length;
  }
  return moved;
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
