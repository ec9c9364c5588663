/**
 * The contract of queues and messages. Runs against the local server, or against AWS (see under-test.ts).
 */
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SqsUnderTest, sqsUnderTest } from './under-test.ts';

const MIB = 1 << 20;

describe('queues and messages', () => {
  let sqs: SqsUnderTest;
  beforeAll(async () => {
    sqs = await sqsUnderTest();
  });
  afterAll(() => sqs.close());

  const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
    sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
  const receive = async (QueueUrl: string, more: object = {}): Promise<Message[]> => {
    const options = {
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All' as const],
    };
    return (
      (await sqs.client.send(new ReceiveMessageCommand({ QueueUrl, ...options, ...more }))).Messages ?? []
    );
  };
  const remove = (QueueUrl: string, { ReceiptHandle }: Message) =>
    sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const depth = async (QueueUrl: string) => {
    const { Attributes = {} } = await sqs.client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return [
      Number(Attributes.ApproximateNumberOfMessages),
      Number(Attributes.ApproximateNumberOfMessagesDelayed),
      Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    ];
  };
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error) => error.name,
    );

  it('gives what was sent, counts receipts and forgets what is deleted', async () => {
    const { url } = await sqs.newQueue();
    const sent = await send(url, '{"key":"ü+ 日本"}');
    const [message] = await receive(url);
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: '{"key":"ü+ 日本"}',
      MD5OfBody: sent.MD5OfMessageBody,
    });
    expect(message!.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
    });
    expect(await depth(url)).toEqual([0, 0, 1]);
    await remove(url, message!);
    expect(await depth(url)).toEqual([0, 0, 0]);
    expect(await refusal(remove(url, message!))).toBe('no error');
  });

  it('carries attributes, whose digest the client checks, and gives those asked for', async () => {
    const { url } = await sqs.newQueue();
    const MessageAttributes = {
      'trace.id': { DataType: 'String', StringValue: 'abc' },
      'trace.no': { DataType: 'Number', StringValue: '7' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 1]) },
    };
    const sent = await send(url, 'with attributes', { MessageAttributes });
    expect(sent.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
    const [all] = await receive(url, { MessageAttributeNames: ['All'], VisibilityTimeout: 0 });
    expect(all!.MessageAttributes).toEqual(MessageAttributes);
    expect(all!.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    const [some] = await receive(url, { MessageAttributeNames: ['trace.*'], VisibilityTimeout: 0 });
    expect(Object.keys(some!.MessageAttributes!).sort()).toEqual(['trace.id', 'trace.no']);
    const [none] = await receive(url);
    expect(none!.MessageAttributes).toBeUndefined();
  });

  it('hides a received message for its visibility timeout', async () => {
    const { url } = await sqs.newQueue({ VisibilityTimeout: '1' });
    await send(url, 'again');
    const [first] = await receive(url);
    expect(await receive(url, { WaitTimeSeconds: 0 })).toEqual([]);
    const [second] = await receive(url, { WaitTimeSeconds: 3 });
    expect(second).toMatchObject({
      MessageId: first!.MessageId,
      Attributes: { ApproximateReceiveCount: '2' },
    });
    expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
  });

  it('shows a message again when its visibility is set to zero, later when it is extended', async () => {
    const { url } = await sqs.newQueue();
    await send(url, 'back');
    const change = (message: Message, VisibilityTimeout: number) =>
      sqs.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: message.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    const [first] = await receive(url);
    await change(first!, 0);
    const [second] = await receive(url);
    expect(second!.MessageId).toBe(first!.MessageId);
    await change(second!, 1);
    const before = Date.now();
    expect(await receive(url, { WaitTimeSeconds: 3 })).toHaveLength(1);
    expect(Date.now() - before).toBeGreaterThan(500);
    expect(await refusal(change(second!, 50_000))).toBe('InvalidParameterValue');
  });

  it('holds a delayed message back', async () => {
    const { url } = await sqs.newQueue();
    await send(url, 'later', { DelaySeconds: 1 });
    expect(await depth(url)).toEqual([0, 1, 0]);
    const before = Date.now();
    expect(await receive(url, { WaitTimeSeconds: 3 })).toMatchObject([{ Body: 'later' }]);
    expect(Date.now() - before).toBeGreaterThan(500);
  });

  it('wakes a waiting receiver as soon as there is a message', async () => {
    const { url } = await sqs.newQueue();
    const started = Date.now();
    const waiting = receive(url, { WaitTimeSeconds: 10 });
    setTimeout(() => void send(url, 'wake up'), 200);
    expect(await waiting).toMatchObject([{ Body: 'wake up' }]);
    expect(Date.now() - started).toBeLessThan(3000);
  });

  it('sends and deletes in batches, each entry on its own', async () => {
    const { url } = await sqs.newQueue();
    const Entries = Array.from({ length: 10 }, (_, at) => ({ Id: `e${at}`, MessageBody: `m${at}` }));
    Entries[3]!.MessageBody = '\u0001';
    const sent = await sqs.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(sent.Successful).toHaveLength(9);
    expect(sent.Failed).toMatchObject([{ Id: 'e3', SenderFault: true, Code: 'InvalidMessageContents' }]);
    const received: Message[] = [];
    while (received.length < 9) received.push(...(await receive(url)));
    expect(new Set(received.map(({ Body }) => Body)).size).toBe(9);
    const handles = received.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    const changed = await sqs.client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: handles.map((entry) => ({ ...entry, VisibilityTimeout: 60 })),
      }),
    );
    expect(changed.Successful).toHaveLength(9);
    const deleted = await sqs.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [...handles, { Id: 'bad', ReceiptHandle: 'bad' }],
      }),
    );
    expect(deleted.Successful).toHaveLength(9);
    expect(deleted.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await depth(url)).toEqual([0, 0, 0]);
  });

  it('takes messages of up to 1 MiB', async () => {
    const { url } = await sqs.newQueue();
    expect(await refusal(send(url, 'x'.repeat(MIB)))).toBe('no error');
    expect(await refusal(send(url, 'x'.repeat(MIB + 1)))).toBe('InvalidParameterValue');
    const [large] = await receive(url);
    expect(large!.Body).toHaveLength(MIB);
    const halves = [
      { Id: '1', MessageBody: 'x'.repeat(MIB / 2) },
      { Id: '2', MessageBody: 'x'.repeat(MIB / 2 + 1) },
    ];
    expect(
      await refusal(sqs.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: halves }))),
    ).toMatch(/BatchRequestTooLong/);
  });

  it('moves what was received too often to the dead-letter queue, and back when told to', async () => {
    const dead = await sqs.newQueue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const queue = await sqs.newQueue({ RedrivePolicy, VisibilityTimeout: '0' });
    await send(queue.url, 'poison');
    for (let attempt = 1; attempt <= 2; attempt++) {
      const [message] = await receive(queue.url, { WaitTimeSeconds: 3 });
      expect(message?.Attributes?.ApproximateReceiveCount).toBe(String(attempt));
    }
    expect(await receive(queue.url)).toEqual([]);
    const [poison] = await receive(dead.url, { VisibilityTimeout: 0, WaitTimeSeconds: 3 });
    expect(poison).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: queue.arn } });
    const sources = await sqs.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.url }));
    expect(sources.queueUrls).toEqual([queue.url]);
    await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
    const [redriven] = await receive(queue.url, { WaitTimeSeconds: 10 });
    expect(redriven).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } });
  });

  it('describes, configures and finds queues', async () => {
    const { url, arn } = await sqs.newQueue({ VisibilityTimeout: '90' });
    const name = url.split('/').at(-1)!;
    expect((await sqs.client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(url);
    await sqs.client.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '5' } }),
    );
    const { Attributes } = await sqs.client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: arn,
      VisibilityTimeout: '90',
      DelaySeconds: '5',
      MessageRetentionPeriod: '345600',
    });
    const create = (VisibilityTimeout: string) =>
      sqs.client.send(new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout } }));
    expect(await refusal(create('90'))).toBe('no error');
    expect(await refusal(create('91'))).toMatch(/QueueNameExists|QueueAlreadyExists/);
    const { QueueUrls } = await sqs.client.send(new ListQueuesCommand({ QueueNamePrefix: name }));
    expect(QueueUrls).toEqual([url]);
  });

  it('refuses what it cannot do by the names of AWS', async () => {
    const { url } = await sqs.newQueue();
    expect(await refusal(send(`${url}-not`, 'x'))).toMatch(/QueueDoesNotExist|NonExistentQueue/);
    expect(await refusal(sqs.client.send(new GetQueueUrlCommand({ QueueName: 'no-such-queue' })))).toMatch(
      /QueueDoesNotExist|NonExistentQueue/,
    );
    expect(
      await refusal(sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'x' }))),
    ).toBe('ReceiptHandleIsInvalid');
    expect(await refusal(receive(url, { MaxNumberOfMessages: 11 }))).toBe('InvalidParameterValue');
    expect(await refusal(sqs.newQueue({ VisibilityTimeout: '50000' }))).toBe('InvalidAttributeValue');
    const twice = [
      { Id: 'a', MessageBody: '1' },
      { Id: 'a', MessageBody: '2' },
    ];
    expect(
      await refusal(sqs.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: twice }))),
    ).toMatch(/BatchEntryIdsNotDistinct/);
    expect(
      await refusal(sqs.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))),
    ).toMatch(/EmptyBatchRequest/);
  });

  it('drops everything when purged', async () => {
    const { url } = await sqs.newQueue();
    await send(url, 'one');
    await send(url, 'two', { DelaySeconds: 60 });
    await sqs.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    await expect.poll(() => depth(url), { timeout: 70_000 }).toEqual([0, 0, 0]);
  });
});
