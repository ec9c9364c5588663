/**
 * Starts the SQS server: queues with their journal, HTTP before them on the loopback interface, and the calls that AWS's own
 * side makes.
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { QueueAttributes, QueueFacts, SqsOptions, SqsServer } from './contract.ts';
import { attributeTexts } from './queue-attributes.ts';
import {
  changeVisibility,
  checkMessage,
  deleteMessages,
  messageOfHandle,
  queueArn,
  receiveMessages,
  redriveMessages,
  sendMessages,
} from './queue-operations.ts';
import { QueueStore } from './queue-store.ts';
import { serveSqs } from './serve-sqs.ts';

/** Opens what `dir` holds and serves it; resolves when requests are accepted. */
export async function startSqs(options: SqsOptions): Promise<SqsServer> {
  const { region, account, credentials, authorize } = options;
  const onFault = options.onFault ?? ((error) => console.error('local SQS:', error));
  mkdirSync(options.dir, { recursive: true });
  const store = new QueueStore(join(options.dir, 'messages.log'));
  const address = { region, account };
  let endpoint = '';
  const urlOf = (queue: string) => `${endpoint}/${account}/${queue}`;
  const serving = { store, region, account, credentials, authorize, onFault, urlOf };
  const server = createServer(
    { requestTimeout: 0, keepAliveTimeout: 0, noDelay: true },
    (request, response) => {
      void serveSqs(request, response, serving);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  endpoint = `http://127.0.0.1:${port}`;
  const factsOf = (name: string): QueueFacts => ({ name, arn: queueArn(address, name), url: urlOf(name) });

  return {
    endpoint,
    port,
    createQueue: (name: string, attributes: QueueAttributes = {}) =>
      factsOf(store.configure(name, attributeTexts(attributes)).name),
    deleteQueue: (name) => {
      if (store.queues.has(name)) store.removeQueue(name);
    },
    queue: (name) => (store.queues.has(name) ? factsOf(name) : undefined),
    send: (name, body, sendOptions) => {
      const queue = store.queue(name);
      const message = { body, ...sendOptions };
      checkMessage(queue, message);
      const [messageId = ''] = sendMessages(store, queue, [message]);
      return { messageId };
    },
    receive: (name, receiveOptions = {}) =>
      receiveMessages(store, address, store.queue(name), receiveOptions),
    delete: (name, handles) => deleteMessages(store, store.queue(name), handles),
    changeVisibility: (name, handle, seconds) => {
      const queue = store.queue(name);
      if (messageOfHandle(queue, handle)?.state === 'in flight') changeVisibility(queue, handle, seconds);
    },
    waitForMessages: (name, signal) => store.queue(name).waitForVisible(signal),
    depths: () => Object.fromEntries([...store.queues].map(([name, queue]) => [name, queue.depth])),
    ageOfOldest: (name) => {
      const oldest = store.queue(name).messages.values().next().value;
      return oldest ? Date.now() - oldest.sentAt : 0;
    },
    waitForChange: (signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          forget();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const forget = store.onceChanged(done);
        signal?.addEventListener('abort', done);
      }),
    redrive: (from, target) =>
      redriveMessages(store, store.queue(from), target === undefined ? undefined : store.queue(target)),
    purge: (name) => store.purge(store.queue(name)),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      store.close();
      await closed;
    },
  };
}
