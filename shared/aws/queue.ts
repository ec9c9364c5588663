/** Sends messages to a queue, as many as fit in one request, and says of each whether it was taken. */
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { sqs } from './clients.ts';

/** SQS takes ten messages in one request. */
const BATCH = 10;

export interface QueueOptions {
  /** Seconds before a message can be received. @default 0, at most 900 */
  readonly delaySeconds?: number;
}

/** A function that sends messages to the queue; the outcome of each, in order. */
export function openQueue(
  url: string,
  { delaySeconds }: QueueOptions = {},
): (messages: readonly object[]) => Promise<PromiseSettledResult<void>[]> {
  return async (messages) => {
    const outcomes: PromiseSettledResult<void>[] = [];
    for (let first = 0; first < messages.length; first += BATCH)
      outcomes.push(...(await sendBatch(url, messages.slice(first, first + BATCH), delaySeconds)));
    return outcomes;
  };
}

async function sendBatch(
  url: string,
  messages: readonly object[],
  delaySeconds: number | undefined,
): Promise<PromiseSettledResult<void>[]> {
  try {
    const output = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: messages.map((message, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(message),
          ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
        })),
      }),
    );
    const failed = new Map((output.Failed ?? []).map(({ Id, Code }) => [Id, Code]));
    return messages.map((_, index) => {
      const id = String(index);
      if (!failed.has(id)) return { status: 'fulfilled', value: undefined };
      return {
        status: 'rejected',
        reason: Object.assign(new Error('SQS took not all messages'), { code: failed.get(id) }),
      };
    });
  } catch (reason) {
    return messages.map(() => ({ status: 'rejected', reason }));
  }
}
