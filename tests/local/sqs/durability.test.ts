/**
 * What survives when the queues are killed at any moment.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SqsServer } from '../../../local/sqs/contract.ts';
import { clientOf, localServer, temporaryFolder } from './under-test.ts';

async function spawnServer(dir: string) {
  const child = fork(new URL('./server-process.ts', import.meta.url), [dir], {
    execArgv: ['--import', 'tsx'],
  });
  const [{ endpoint }] = (await once(child, 'message')) as [{ endpoint: string }];
  const kill = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { client: clientOf(endpoint), QueueUrl: `${endpoint}/000000000000/q`, kill };
}

describe('killed queues', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const allOf = (server: SqsServer) => {
    const bodies: string[] = [];
    for (let got = server.receive('q', { max: 100 }); got.length > 0; got = server.receive('q', { max: 100 }))
      bodies.push(...got.map(({ body }) => body));
    return bodies;
  };

  it('keep every message that was accepted and not deleted, several times over', async () => {
    const accepted = new Set<string>();
    const deletionAsked = new Set<string>();
    const deleted = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const { client, QueueUrl, kill } = await spawnServer(dir);
      const sender = async () => {
        for (let at = 0; ; at++) {
          const Entries = [0, 1, 2].map((n) => ({ Id: String(n), MessageBody: `${round}-${at}-${n}` }));
          await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
          for (const { MessageBody } of Entries) accepted.add(MessageBody);
        }
      };
      const receiver = async () => {
        for (;;) {
          const { Messages = [] } = await client.send(
            new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2, WaitTimeSeconds: 1 }),
          );
          for (const { Body } of Messages) deletionAsked.add(Body!);
          const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
          if (Entries.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
          for (const { Body } of Messages) deleted.add(Body!);
        }
      };
      const busy = [sender(), receiver()].map((work) => work.catch(() => {}));
      await vi.waitFor(() => expect(accepted.size).toBeGreaterThan(30 * (round + 1)), {
        timeout: 20_000,
        interval: 5,
      });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      await kill();
      await Promise.all(busy);
      client.destroy();
    }
    const server = await localServer(dir);
    const left = allOf(server);
    await server.close();
    expect(left.filter((body) => deleted.has(body))).toEqual([]);
    const missing = [...accepted].filter((body) => !deletionAsked.has(body) && !left.includes(body));
    expect(missing).toEqual([]);
    expect(new Set(left).size).toBe(left.length);
  });

  it('show again at once what was in flight, with its receive count, and keep delays', async () => {
    const { client, QueueUrl, kill } = await spawnServer(dir);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'held' }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 }));
    await client.send(new ReceiveMessageCommand({ QueueUrl }));
    await kill();
    client.destroy();
    const server = await localServer(dir);
    expect(server.depths().q).toEqual({ visible: 1, delayed: 1, inFlight: 0 });
    expect(server.receive('q')).toMatchObject([{ body: 'held', receiveCount: 2 }]);
    await server.close();
  });

  it('count receipts over restarts, so that what kills its receiver ends in the dead-letter queue', async () => {
    for (let round = 1; round <= 3; round++) {
      const { client, QueueUrl, kill } = await spawnServer(dir);
      if (round === 1) await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
      expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
      await kill();
      client.destroy();
    }
    const server = await localServer(dir);
    expect(server.receive('q')).toEqual([]);
    expect(server.receive('dead')).toMatchObject([
      { body: 'poison', deadLetterSourceArn: expect.stringContaining(':q') },
    ]);
    await server.close();
  });

  it('keep a journal that does not grow with what has passed through', async () => {
    const first = await localServer(dir);
    first.createQueue('q');
    for (let round = 0; round < 200; round++) {
      for (let at = 0; at < 100; at++) first.send('q', `${round}-${at}`);
      first.delete(
        'q',
        first.receive('q', { max: 100 }).map(({ receiptHandle }) => receiptHandle),
      );
    }
    first.send('q', 'left');
    await first.close();
    const second = await localServer(dir);
    const lines = readFileSync(join(dir, 'messages.log'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(allOf(second)).toEqual(['left']);
    await second.close();
  });
});
