import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { allow, arn, bundle, consumes, lambda, mapping, queue, type Running, ref, run } from './fixture.ts';

let running: Running | undefined;
const clients: SQSClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await running?.stop();
  running = undefined;
});

/** A function that writes what it is given to its log, fails what it is told to, and passes the rest on. */
const STEP = `
  import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
  const sqs = new SQSClient({});
  export const handler = async ({ Records }) => {
    const batchItemFailures = [];
    for (const { messageId, body, attributes } of Records) {
      const { text, failTimes = 0, how } = JSON.parse(body);
      if (Number(attributes.ApproximateReceiveCount) <= failTimes) {
        if (how === 'throw') throw new Error('no');
        if (how === 'malformed') return { batchItemFailures: [{ id: messageId }] };
        if (how === 'hang') await new Promise(() => {});
        batchItemFailures.push({ itemIdentifier: messageId });
        continue;
      }
      await sqs.send(new SendMessageCommand({
        QueueUrl: process.env.OUT_QUEUE_URL,
        MessageBody: JSON.stringify({ text, batch: Records.length, received: attributes.ApproximateReceiveCount }),
      }));
    }
    return { batchItemFailures };
  };`;

async function start(options: { mapping?: object; function?: object; maxReceiveCount?: number } = {}) {
  running = await run(
    {
      Resources: {
        ...queue('Inbox', {}, options.maxReceiveCount),
        Outbox: { Type: 'AWS::SQS::Queue' },
        ...lambda('Step', [consumes('Inbox'), allow('sqs:SendMessage', arn('Outbox'))], {
          Environment: { Variables: { OUT_QUEUE_URL: ref('Outbox') } },
          ...options.function,
        }),
        ...mapping('Inbox', 'Step', options.mapping),
      },
      Outputs: { InboxUrl: { Value: ref('Inbox') } },
    },
    { step: bundle(STEP) },
  );
  const { stack } = running;
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint: stack.endpoints.sqs,
    credentials: stack.operator,
  });
  clients.push(client);
  const send = (body: object) =>
    client.send(
      new SendMessageCommand({ QueueUrl: stack.outputs.InboxUrl, MessageBody: JSON.stringify(body) }),
    );
  const depth = (logicalId: string) => {
    const found = stack.queues().find((one) => one.logicalId === logicalId);
    return found === undefined ? Number.NaN : found.visible + found.inFlight + found.delayed;
  };
  const settled = (expected: Record<string, number>) =>
    expect
      .poll(() => Object.fromEntries(Object.keys(expected).map((id) => [id, depth(id)])), { timeout: 10_000 })
      .toEqual(expected);
  return { stack, send, settled };
}

describe('an event source mapping', () => {
  it('hands messages to the function and deletes them', async () => {
    const { stack, send, settled } = await start();
    await Promise.all([1, 2, 3].map((n) => send({ text: `m${n}` })));
    await settled({ Inbox: 0, Outbox: 3, InboxDeadLetters: 0 });
    expect(stack.invocations()).toMatchObject([{ function: 'StepFunction', errors: 0 }]);
    expect(stack.queues().find(({ deadLetter }) => deadLetter)?.logicalId).toBe('InboxDeadLetters');
  });

  it('delivers again what failed, and only that', async () => {
    const { send, settled, stack } = await start();
    await Promise.all([send({ text: 'good' }), send({ text: 'late', failTimes: 2 }), send({ text: 'good' })]);
    await settled({ Inbox: 0, Outbox: 3, InboxDeadLetters: 0 });
    expect(stack.invocations()[0]?.errors).toBe(0);
  });

  it('leaves to the dead-letter queue what fails every time', async () => {
    const { send, settled } = await start({ maxReceiveCount: 2 });
    await Promise.all([send({ text: 'bad', failTimes: 99 }), send({ text: 'good' })]);
    await settled({ Inbox: 0, Outbox: 1, InboxDeadLetters: 1 });
  });

  it.each(['throw', 'malformed', 'hang'])(
    'fails the whole batch when the function does this: %s',
    async (how) => {
      const { send, settled } = await start({
        mapping: { BatchSize: 2, MaximumBatchingWindowInSeconds: 1 },
        function: { Timeout: 1 },
        maxReceiveCount: 1,
      });
      await Promise.all([
        send({ text: 'bad', failTimes: 99, how }),
        send({ text: 'bad', failTimes: 99, how }),
      ]);
      await settled({ Inbox: 0, Outbox: 0, InboxDeadLetters: 2 });
    },
  );

  it('waits its window for a batch to fill', async () => {
    const { send, settled, stack } = await start({
      mapping: { BatchSize: 5, MaximumBatchingWindowInSeconds: 1 },
    });
    for (let n = 0; n < 5; n += 1) await send({ text: `m${n}` });
    await settled({ Inbox: 0, Outbox: 5 });
    expect(stack.invocations()[0]?.invocations).toBe(1);
  });

  it('hands over a batch that does not fill, though garbage is collected while it waits', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { send, settled } = await start({ mapping: { BatchSize: 5, MaximumBatchingWindowInSeconds: 1 } });
    await send({ text: 'alone' });
    const timer = setInterval(collectGarbage, 20);
    await settled({ Inbox: 0, Outbox: 1 }).finally(() => clearInterval(timer));
  });

  it('takes no more than its batch size', async () => {
    const { send, settled, stack } = await start({ mapping: { BatchSize: 1 } });
    await Promise.all(Array.from({ length: 6 }, (_, n) => send({ text: `m${n}` })));
    await settled({ Inbox: 0, Outbox: 6 });
    expect(stack.invocations()[0]?.invocations).toBe(6);
  });
});

describe('an event source mapping that Lambda would refuse', () => {
  const app = (statements: object[], queueProperties: object = {}, mappingProperties: object = {}) => ({
    Resources: {
      ...queue('Inbox', queueProperties),
      ...lambda('Step', statements),
      ...mapping('Inbox', 'Step', mappingProperties),
    },
  });

  it.each([
    [
      'of a role that may not receive',
      app([allow(['sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arn('Inbox'))]),
      /the role of StepFunction does not have permission to call sqs:ReceiveMessage on arn:aws:sqs:/,
    ],
    [
      'of a queue that shows messages again before the function ends',
      app([consumes('Inbox')], { VisibilityTimeout: 5 }),
      /visibility timeout: 5 seconds is less than function timeout: 10 seconds/,
    ],
    [
      'of large batches without a window',
      app([consumes('Inbox')], {}, { BatchSize: 100 }),
      /needs a batching window/,
    ],
    [
      'with a filter',
      app([consumes('Inbox')], {}, { FilterCriteria: { Filters: [] } }),
      /FilterCriteria is not known/,
    ],
  ])('is refused: %s', async (_, template, message) => {
    await expect(run(template, { step: bundle(STEP) })).rejects.toThrow(message);
  });
});
