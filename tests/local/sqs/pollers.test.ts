/**
 * What event source mappings use in process: receiving, waiting, depths; and who may do what over the wire.
 */
import { rmSync } from 'node:fs';
import {
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessDenied, type AuthorizationRequest } from '../../../local/auth/authorize.ts';
import type { SqsServer } from '../../../local/sqs/contract.ts';
import { clientOf, localServer, OPERATOR, temporaryFolder } from './under-test.ts';

const ARN = 'arn:aws:sqs:eu-central-1:000000000000';

describe('the queues in process', () => {
  let dir: string;
  let sqs: SqsServer;
  const asked: AuthorizationRequest[] = [];
  const denied = new Set<string>();
  beforeEach(async () => {
    dir = temporaryFolder();
    asked.length = 0;
    denied.clear();
    sqs = await localServer(dir, (request) => {
      asked.push(request);
      if (denied.has(`${request.action} ${request.resource}`)) throw new AccessDenied(request);
    });
  });
  afterEach(async () => {
    await sqs.close();
    rmSync(dir, { recursive: true });
  });

  it('take attributes as a template has them, and change with it', () => {
    sqs.createQueue('dead');
    const facts = sqs.createQueue('q', {
      VisibilityTimeout: 90,
      RedrivePolicy: { deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 1 },
      SqsManagedSseEnabled: true,
    });
    expect(facts).toEqual({ name: 'q', arn: `${ARN}:q`, url: `${sqs.endpoint}/000000000000/q` });
    sqs.send('q', 'first');
    expect(sqs.receive('q', { visibilityTimeout: 0 })).toHaveLength(1);
    sqs.createQueue('q', { VisibilityTimeout: 90 });
    expect(sqs.receive('q', { visibilityTimeout: 0 })).toHaveLength(1);
    sqs.createQueue('q', { RedrivePolicy: { deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 1 } });
    expect(sqs.receive('q')).toHaveLength(0);
    expect(sqs.depths()).toMatchObject({ dead: { visible: 1 }, q: { visible: 0 } });
    expect(() => sqs.createQueue('f', { FifoQueue: true })).toThrow();
  });

  it('give as many as a poller asks for, in the order they came', () => {
    sqs.createQueue('q');
    for (let at = 0; at < 50; at++) sqs.send('q', String(at));
    const messages = sqs.receive('q', { max: 40 });
    expect(messages.map(({ body }) => Number(body))).toEqual(Array.from({ length: 40 }, (_, at) => at));
    expect(sqs.depths().q).toEqual({ visible: 10, delayed: 0, inFlight: 40 });
    sqs.delete(
      'q',
      messages.map(({ receiptHandle }) => receiptHandle),
    );
    expect(sqs.depths().q).toEqual({ visible: 10, delayed: 0, inFlight: 0 });
  });

  it('let a poller wait for a message, until it no longer wants to', async () => {
    sqs.createQueue('q');
    const stop = new AbortController();
    const waiting = sqs.waitForMessages('q', stop.signal);
    setTimeout(() => sqs.send('q', 'x'), 20);
    await waiting;
    const [message] = sqs.receive('q', { visibilityTimeout: 1 });
    const shown = sqs.waitForMessages('q');
    sqs.changeVisibility('q', message!.receiptHandle, 0);
    await shown;
    const [again] = sqs.receive('q');
    sqs.changeVisibility('q', message!.receiptHandle, 900);
    expect(again!.receiptHandle).not.toBe(message!.receiptHandle);
    setTimeout(() => stop.abort(), 20);
    await sqs.waitForMessages('q', stop.signal);
    expect(sqs.depths().q?.visible).toBe(0);
  });

  it('tell when any depth changes', async () => {
    sqs.createQueue('q');
    const changed = sqs.waitForChange();
    sqs.send('q', 'x');
    await changed;
    const delayed = sqs.send('q', 'y', { delaySeconds: 1 });
    expect(delayed.messageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sqs.depths().q).toEqual({ visible: 1, delayed: 1, inFlight: 0 });
    await expect
      .poll(() => sqs.depths().q, { timeout: 3000 })
      .toEqual({ visible: 2, delayed: 0, inFlight: 0 });
  });

  it('redrive what died, counted anew, to where it came from or elsewhere', () => {
    sqs.createQueue('dead');
    sqs.createQueue('other');
    sqs.createQueue('q', { RedrivePolicy: { deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 1 } });
    for (const body of ['1', '2', '3']) sqs.send('q', body);
    sqs.receive('q', { max: 3, visibilityTimeout: 0 });
    sqs.receive('q', { max: 3 });
    expect(sqs.depths().dead?.visible).toBe(3);
    sqs.send('dead', 'sent here directly');
    expect(sqs.redrive('dead')).toBe(3);
    expect(sqs.depths()).toMatchObject({ dead: { visible: 1 }, q: { visible: 3 } });
    expect(sqs.receive('q', { max: 3 }).map(({ receiveCount }) => receiveCount)).toEqual([1, 1, 1]);
    expect(sqs.redrive('dead', 'other')).toBe(1);
    expect(sqs.depths().other?.visible).toBe(1);
  });

  it('say how long the oldest message has been there', async () => {
    sqs.createQueue('q');
    expect(sqs.ageOfOldest('q')).toBe(0);
    sqs.send('q', 'x');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sqs.ageOfOldest('q')).toBeGreaterThanOrEqual(15);
  });

  it('cost no scan: a hundred thousand messages are sent, hidden, shown and deleted in seconds', () => {
    sqs.createQueue('q');
    const started = Date.now();
    for (let at = 0; at < 100_000; at++) sqs.send('q', 'x', { delaySeconds: at % 2 });
    const handles: string[] = [];
    for (
      let received = sqs.receive('q', { max: 10 });
      received.length > 0;
      received = sqs.receive('q', { max: 10 })
    ) {
      for (const { receiptHandle } of received) sqs.changeVisibility('q', receiptHandle, 900);
      handles.push(...received.map(({ receiptHandle }) => receiptHandle));
    }
    for (let at = 0; at < handles.length; at += 10) sqs.delete('q', handles.slice(at, at + 10));
    expect(handles.length).toBeGreaterThanOrEqual(50_000);
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  describe('over the wire', () => {
    it.each<[string, () => unknown, string[]]>([
      [
        'SendMessage',
        () => new SendMessageCommand({ QueueUrl: sqs.queue('q')!.url, MessageBody: 'x' }),
        [`sqs:SendMessage ${ARN}:q`],
      ],
      [
        'SendMessageBatch',
        () =>
          new SendMessageBatchCommand({
            QueueUrl: sqs.queue('q')!.url,
            Entries: [{ Id: '1', MessageBody: 'x' }],
          }),
        [`sqs:SendMessage ${ARN}:q`],
      ],
      [
        'ReceiveMessage',
        () => new ReceiveMessageCommand({ QueueUrl: sqs.queue('q')!.url }),
        [`sqs:ReceiveMessage ${ARN}:q`],
      ],
      ['ListQueues', () => new ListQueuesCommand({}), [`sqs:ListQueues ${ARN}:*`]],
      [
        'StartMessageMoveTask',
        () => new StartMessageMoveTaskCommand({ SourceArn: `${ARN}:dead`, DestinationArn: `${ARN}:q` }),
        [
          `sqs:StartMessageMoveTask ${ARN}:dead`,
          `sqs:ReceiveMessage ${ARN}:dead`,
          `sqs:DeleteMessage ${ARN}:dead`,
          `sqs:GetQueueAttributes ${ARN}:dead`,
          `sqs:SendMessage ${ARN}:q`,
        ],
      ],
    ])('%s asks for its actions, and is refused when one is denied', async (_, command, expected) => {
      sqs.createQueue('dead');
      sqs.createQueue('q', { RedrivePolicy: { deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 1 } });
      const client = clientOf(sqs.endpoint);
      const send = () => client.send(command() as ListQueuesCommand);
      await send();
      expect(asked.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
      expect(asked.every(({ principal }) => principal === OPERATOR)).toBe(true);
      denied.add(expected.at(-1)!);
      const [action, resource] = expected.at(-1)!.split(' ');
      const { visible } = sqs.depths().q!;
      await expect(send()).rejects.toMatchObject({
        name: expect.stringContaining('AccessDenied'),
        message: expect.stringContaining(`perform: ${action} on resource: "${resource}"`),
      });
      expect(sqs.depths().q!.visible).toBe(visible);
      client.destroy();
    });

    it('refuses another secret and an unknown key', async () => {
      sqs.createQueue('q');
      for (const credentials of [
        { accessKeyId: 'LOCALKEY', secretAccessKey: 'wrong' },
        { accessKeyId: 'NOBODY', secretAccessKey: 'local-secret' },
      ]) {
        const client = clientOf(sqs.endpoint, { credentials });
        await expect(client.send(new ListQueuesCommand({}))).rejects.toMatchObject({
          $metadata: { httpStatusCode: 403 },
        });
        client.destroy();
      }
      expect(asked).toEqual([]);
    });

    it('does not lose a message to a client that went away while waiting', async () => {
      const { url: QueueUrl } = sqs.createQueue('q');
      const client = clientOf(sqs.endpoint);
      const leaving = new AbortController();
      const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
        abortSignal: leaving.signal,
      });
      setTimeout(() => leaving.abort(), 100);
      await expect(waiting).rejects.toThrow();
      await new Promise((resolve) => setTimeout(resolve, 50));
      sqs.send('q', 'for the next');
      expect(sqs.depths().q).toEqual({ visible: 1, delayed: 0, inFlight: 0 });
      client.destroy();
    });
  });
});
