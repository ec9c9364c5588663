/** One PUT to a signed address: what S3 made of it, in the few words that matter to a sender. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { SignedTarget } from '../../shared/contract/api.ts';
import { Failure } from '../failure.ts';
import { PassingFailure } from './patience.ts';

/** `stands`: an object is there already. `expired`: the address is. `gone`: its parts are no longer awaited. */
export type PutOutcome = 'stored' | 'stands' | 'expired' | 'gone';

export interface Putter {
  put(target: SignedTarget, bytes: Uint8Array): Promise<PutOutcome>;
  close(): void;
}

/** A connection over which nothing moves for so long is given up. */
const SILENCE_MS = 60_000;
const LARGEST_ANSWER_BYTES = 64 << 10;

/** Sends over connections that are kept. */
export function startPutter(signal?: AbortSignal): Putter {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return {
    async put(target, bytes) {
      const { origin } = new URL(target.url);
      const { status, text } = await send(target, bytes, agents, signal).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw new PassingFailure(`${origin} cannot be reached`, { cause: error });
      });
      return outcomeOf(status, /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '', origin);
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Damage on the way and a body that was cut off are sent again, as a busy server is asked again. */
const PASSING = new Set(['BadDigest', 'RequestTimeout', 'IncompleteBody', 'SlowDown', 'InternalError']);

function outcomeOf(status: number, code: string, origin: string): PutOutcome {
  if (status >= 200 && status < 300) return 'stored';
  if (status === 412) return 'stands';
  if (status === 403) return 'expired';
  if (status === 404 && code === 'NoSuchUpload') return 'gone';
  const message = `${origin} answers with ${status} ${code}`.trimEnd();
  if (status >= 500 || status === 409 || status === 429 || PASSING.has(code))
    throw new PassingFailure(message);
  throw new Failure(`a file could not be uploaded: ${message}`);
}

function send(
  target: SignedTarget,
  bytes: Uint8Array,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  signal: AbortSignal | undefined,
): Promise<{ status: number; text: string }> {
  const url = new URL(target.url);
  const isPlain = url.protocol === 'http:';
  return new Promise((resolve, reject) => {
    const request = (isPlain ? httpRequest : httpsRequest)(url, {
      method: 'PUT',
      agent: isPlain ? agents.http : agents.https,
      headers: { ...target.headers, 'content-length': bytes.length },
      ...(signal ? { signal } : {}),
    });
    let isAnswered = false;
    request.setTimeout(SILENCE_MS, () => request.destroy(new Error('silence')));
    // S3 closes the connection on what it refuses before the end of the body: the answer counts, not the broken pipe.
    request.once('error', (error) => {
      if (!isAnswered) reject(error);
    });
    request.once('response', (response) => {
      isAnswered = true;
      textOf(response).then((text) => {
        const status = response.statusCode ?? 0;
        if (status >= 300) request.destroy();
        resolve({ status, text });
      }, reject);
    });
    request.end(bytes);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= LARGEST_ANSWER_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
