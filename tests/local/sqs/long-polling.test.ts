/**
 * A receiver that goes away in the very moment a message comes does not take it along.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { receiveMessage } from '../../../local/sqs/message-actions.ts';
import { sendMessages } from '../../../local/sqs/queue-operations.ts';
import { QueueStore } from '../../../local/sqs/queue-store.ts';
import { OPERATOR, temporaryFolder } from './under-test.ts';

it('leaves a message to the next receiver when the waiting one has gone', async () => {
  const dir = temporaryFolder();
  const store = new QueueStore(join(dir, 'messages.log'));
  const queue = store.configure('q', {});
  const gone = new AbortController();
  const answer = receiveMessage({
    parameters: { QueueUrl: 'http://127.0.0.1/000000000000/q', WaitTimeSeconds: 20 },
    region: 'eu-central-1',
    account: '000000000000',
    store,
    principal: OPERATOR,
    authorize: () => {},
    urlOf: (name) => name,
    signal: gone.signal,
  });
  sendMessages(store, queue, [{ body: 'for the next' }]);
  gone.abort();
  expect(await answer).toEqual({});
  expect(queue.depth).toEqual({ visible: 1, delayed: 0, inFlight: 0 });
  store.close();
  rmSync(dir, { recursive: true });
});
