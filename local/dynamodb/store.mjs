/**
 * DynamoDB itself: dynalite in a thread of its own, so that a fault of it costs a request and not the stack, and its work
 * does not hold up the other servers. Plain JavaScript, so that the thread starts without a loader.
 *
 * Messages in: `{id, target, body}`. Out: `{id, status, body}`.
 */
import { EventEmitter } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';

const store = dynalite({ path: workerData.path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

/** What dynalite asks of a response. */
class Reply {
  statusCode = 200;
  #id;
  constructor(id) {
    this.#id = id;
  }
  setHeader() {}
  end(body) {
    parentPort.postMessage({ id: this.#id, status: this.statusCode, body: body ?? '' });
  }
}

parentPort.on('message', ({ id, target, body }) => {
  const request = Object.assign(new EventEmitter(), {
    method: 'POST',
    url: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      // Who calls was established before; dynalite only looks whether there is a signature at all.
      authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=local',
      'x-amz-date': 'local',
    },
  });
  store.emit('request', request, new Reply(id));
  request.emit('data', Buffer.from(body));
  request.emit('end');
});
