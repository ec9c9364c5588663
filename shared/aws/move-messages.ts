/** Messages moved from one queue to another as they are, and how many a queue holds. Bodies are neither read nor shown. */
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { sqs } from './clients.ts';

const BATCH = 10;
/** Empty answers after which a queue counts as empty: SQS asks some of its servers only, and long polls all. */
const EMPTY_ANSWERS = 2;

/** About how many messages the queue holds that can be received now. */
export async function waitingIn(queueUrl: string): Promise<number> {
  const output = await sqs().send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(output.Attributes?.ApproximateNumberOfMessages ?? 0);
}

/**
 * Moves messages, at most `limit`; returns how many. Each is removed when it has been sent, so that one that is cut off
 * between stands in both queues: every step may run again on the same message.
 */
export async function moveMessages(from: string, to: string, limit: number): Promise<number> {
  let moved = 0;
  let empty = 0;
  while (moved < limit && empty < EMPTY_ANSWERS) {
    const received = await sqs().send(
      new ReceiveMessageCommand({
        QueueUrl: from,
        MaxNumberOfMessages: Math.min(BATCH, limit - moved),
        WaitTimeSeconds: 1,
        VisibilityTimeout: 60,
      }),
    );
    const messages = received.Messages ?? [];
    empty = messages.length === 0 ? empty + 1 : 0;
    if (messages.length === 0) continue;
    const sent = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: to,
        Entries: messages.map(({ Body }, index) => ({ Id: String(index), MessageBody: Body ?? '' })),
      }),
    );
    const taken = (sent.Successful ?? []).map(({ Id }) => messages[Number(Id)]);
    if (taken.length === 0) throw new Error('SQS took none of the messages');
    await sqs().send(
      new DeleteMessageBatchCommand({
        QueueUrl: from,
        Entries: taken.map((message, index) => ({
          Id: String(index),
          ReceiptHandle: message?.ReceiptHandle ?? '',
        })),
      }),
    );
    moved += taken.length;
  }
  return moved;
}
