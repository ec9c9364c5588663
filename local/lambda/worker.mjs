/**
 * The inside of a function's worker thread: loads the bundle as Lambda's Node runtime does and answers invocations one at
 * a time. Plain JavaScript, so that a worker starts without a loader and a bundle is read as it is.
 *
 * Messages in: `{invoke, event, deadline, streaming, context}`, `{drained}`. Out: `{ready}`, `{failed}` (at start),
 * `{result}`, `{error}`, and for streams `{head}`, `{chunk}`, `{end}`.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const METADATA = Symbol('metadata');

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[STREAMING] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from(stream, metadata) {
      stream[METADATA](metadata);
      return stream;
    },
  },
};

/** The stream a streaming handler writes to; a chunk is confirmed when whoever reads the response has taken it. */
class ResponseStream extends Writable {
  #head = { statusCode: 200, headers: { 'content-type': 'application/octet-stream' } };
  #headSent = false;
  #confirm;

  [METADATA](metadata) {
    this.#head = metadata;
  }

  setContentType(contentType) {
    this.#head = { ...this.#head, headers: { ...this.#head.headers, 'content-type': contentType } };
  }

  drained() {
    const confirm = this.#confirm;
    this.#confirm = undefined;
    confirm?.();
  }

  #sendHead() {
    if (this.#headSent) return;
    this.#headSent = true;
    parentPort.postMessage({ head: this.#head });
  }

  _write(chunk, _encoding, done) {
    this.#sendHead();
    this.#confirm = done;
    // Copied, as a small buffer is a view of a pool that others use.
    const bytes = new Uint8Array(chunk);
    parentPort.postMessage({ chunk: bytes }, [bytes.buffer]);
  }

  _final(done) {
    this.#sendHead();
    parentPort.postMessage({ end: true });
    done();
  }
}

let current;

async function loadHandler() {
  const { directory, handler } = workerData;
  const dot = handler.lastIndexOf('.');
  const base = join(directory, handler.slice(0, dot));
  const file = ['.js', '.cjs', '.mjs'].map((extension) => base + extension).find(existsSync);
  if (file === undefined) throw new Error(`Cannot find module '${handler.slice(0, dot)}'`);
  const loaded = file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : await loadScript(file);
  const found = loaded[handler.slice(dot + 1)];
  if (typeof found !== 'function') throw new Error(`${handler} is undefined or not exported`);
  return found;
}

async function loadScript(file) {
  const require = createRequire(file);
  try {
    return require(file);
  } catch (error) {
    // A package.json with "type": "module" beside it makes the same name an ECMAScript module.
    if (error?.code !== 'ERR_REQUIRE_ESM') throw error;
    return import(pathToFileURL(file).href);
  }
}

function describe(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: error.stack ?? '' };
  }
  return { errorType: 'Error', errorMessage: String(error), trace: '' };
}

function contextOf({ deadline, context }) {
  return {
    ...context,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function invoke(handler, message) {
  const event = JSON.parse(message.event);
  const context = contextOf(message);
  if (handler[STREAMING] !== undefined) {
    if (!message.streaming) throw new Error('a streaming handler needs an InvokeMode of RESPONSE_STREAM');
    // The lead of a response may be larger than one chunk; a few wait in the stream before the handler has to.
    current = new ResponseStream({ highWaterMark: 64 * 1024 });
    const finished = new Promise((resolve, reject) => {
      current.once('finish', resolve);
      current.once('error', reject);
    });
    // Awaited only after the handler; until then a failure is not unhandled.
    finished.catch(() => {});
    await handler(event, current, context);
    if (!current.writableEnded) current.end();
    await finished;
    return undefined;
  }
  const result = await handler(event, context);
  return result === undefined ? 'null' : JSON.stringify(result);
}

const loading = loadHandler();
loading.then(
  () => parentPort.postMessage({ ready: true }),
  (error) => parentPort.postMessage({ failed: describe(error) }),
);

parentPort.on('message', async (message) => {
  if (message.drained) {
    current?.drained();
    return;
  }
  try {
    const result = await invoke(await loading, message);
    parentPort.postMessage({ result });
  } catch (error) {
    parentPort.postMessage({ error: describe(error) });
  }
});
