/**
 * HTTP in front of the queues: AWS JSON 1.0, one action per request, named by `x-amz-target`.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../auth/auth-error.ts';
import { AccessDenied, type Authorize, type CredentialLookup } from '../auth/authorize.ts';
import { verifyRequest } from '../auth/verify-request.ts';
import { ACTIONS } from './actions.ts';
import type { QueueStore } from './queue-store.ts';
import { SqsError } from './sqs-error.ts';

/** A batch of 1 MiB, its JSON escapes and base64 included. */
const LARGEST_REQUEST_BYTES = 8 << 20;
const TARGET_PREFIX = 'AmazonSQS.';

export interface Serving {
  readonly store: QueueStore;
  readonly region: string;
  readonly account: string;
  readonly credentials: CredentialLookup;
  readonly authorize: Authorize;
  readonly onFault: (error: unknown) => void;
  readonly urlOf: (queue: string) => string;
}

/** Answers one request; never rejects. */
export async function serveSqs(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  try {
    const body = await bodyOf(request);
    const { principal } = verifyRequest(
      {
        method: request.method ?? '',
        rawUrl: request.url ?? '/',
        headers: request.headers,
        service: 'sqs',
        body,
      },
      serving.credentials,
    );
    const target = String(request.headers['x-amz-target'] ?? '');
    const action = target.startsWith(TARGET_PREFIX)
      ? ACTIONS.get(target.slice(TARGET_PREFIX.length))
      : undefined;
    if (!action) throw new SqsError('InvalidAction', 'The action or operation requested is not known here.');
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const result = await action({ ...serving, principal, parameters: parsed(body), signal: gone.signal });
    reply(response, 200, result ?? {});
  } catch (error) {
    sendError(response, error, serving);
  }
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new SqsError('SerializationException', 'The request is not JSON.');
  }
}

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_REQUEST_BYTES) chunks.push(chunk);
    });
    request.on('end', () => {
      if (size > LARGEST_REQUEST_BYTES)
        reject(new SqsError('RequestTooLarge', 'The request is too large.', undefined, 413));
      else resolve(Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

function reply(
  response: ServerResponse,
  status: number,
  content: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  const body = Buffer.from(JSON.stringify(content));
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': body.length,
      'x-amzn-requestid': randomUUID(),
      ...headers,
    })
    .end(body);
}

function sendError(response: ServerResponse, error: unknown, serving: Serving): void {
  const { type, queryCode, status, message } = faceOf(error);
  if (status === 500 && !response.destroyed) serving.onFault(error);
  const fault = status < 500 ? 'Sender' : 'Receiver';
  reply(
    response,
    status,
    { __type: `com.amazonaws.sqs#${type}`, message },
    { 'x-amzn-query-error': `${queryCode};${fault}` },
  );
}

function faceOf(error: unknown): Pick<SqsError, 'type' | 'queryCode' | 'status' | 'message'> {
  if (error instanceof SqsError) return error;
  if (error instanceof AuthError)
    return { type: error.jsonType, queryCode: error.code, status: 403, message: error.message };
  if (error instanceof AccessDenied)
    return {
      type: 'AccessDeniedException',
      queryCode: 'AccessDenied',
      status: 403,
      message: error.message,
    };
  return { type: 'InternalFailure', queryCode: 'InternalFailure', status: 500, message: 'internal failure' };
}
