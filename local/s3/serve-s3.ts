/**
 * HTTP in front of the store: reads what a request means, has it authenticated and answered, writes the answer.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../auth/auth-error.ts';
import { AccessDenied, type CredentialLookup } from '../auth/authorize.ts';
import { parseQuery, uriDecode } from '../auth/canonical-request.ts';
import { verifyRequest } from '../auth/verify-request.ts';
import { lengthOf } from './blob-store.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { blocksOf } from './read-extents.ts';
import { routeOf } from './routes.ts';
import { type Reply, S3Call, type S3Surroundings } from './s3-call.ts';
import { S3Error } from './s3-error.ts';
import { xmlDocument } from './xml.ts';

const LONGEST_KEY_BYTES = 1024;
/** Objects up to this size are read and sent in one piece. */
const SMALL_BYTES = 1 << 20;

export interface Serving extends S3Surroundings {
  readonly credentials: CredentialLookup;
  readonly onFault: (error: unknown) => void;
}

/** Answers one request; never rejects. */
export async function serveS3(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  response.setHeader('x-amz-request-id', randomBytes(8).toString('hex').toUpperCase());
  try {
    const target = targetOf(request);
    const rules = serving.store.buckets.get(target.bucket)?.settings.cors;
    if (request.method === 'OPTIONS') {
      response.writeHead(200, preflightHeaders(rules, request.headers)).end();
      return;
    }
    const cors = corsHeaders(rules, request.method ?? '', request.headers);
    for (const name in cors) response.setHeader(name, cors[name]!);
    await send(response, request, await answer(request, target, serving), serving);
  } catch (error) {
    sendError(response, request, error, serving);
  }
}

interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

/** Path style, or the bucket as the first label of a host under `localhost`. */
function targetOf(request: IncomingMessage): Target {
  const url = request.url ?? '/';
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = new Map(question < 0 ? [] : parseQuery(url.slice(question + 1)));
  const host = /^([a-z0-9][a-z0-9.-]+)\.localhost(?::\d+)?$/.exec(request.headers.host ?? '');
  if (host) return { bucket: host[1]!, key: uriDecode(path.slice(1)), query };
  const slash = path.indexOf('/', 1);
  const bucket = uriDecode(path.slice(1, slash < 0 ? undefined : slash));
  return { bucket, key: slash < 0 ? '' : uriDecode(path.slice(slash + 1)), query };
}

async function answer(request: IncomingMessage, target: Target, serving: Serving): Promise<Reply> {
  const method = request.method ?? '';
  const verified = verifyRequest(
    { method, rawUrl: request.url ?? '/', headers: request.headers, service: 's3' },
    serving.credentials,
  );
  const { bucket, key, query } = target;
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES)
    throw new S3Error('KeyTooLongError', 400, 'Your key is too long');
  if (bucket !== '') serving.store.bucket(bucket);
  const headers = headersOf(request, query);
  const operation = routeOf(method, bucket, key, query);
  return operation(new S3Call({ method, bucket, key, query, headers, verified, stream: request }, serving));
}

/** A presigned URL carries `x-amz-` headers as parameters; as headers they are bytes, so their text is made Latin-1. */
function headersOf(
  request: IncomingMessage,
  query: ReadonlyMap<string, string>,
): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of query)
    if (name.startsWith('x-amz-')) headers[name] = Buffer.from(value).toString('latin1');
  for (const name in request.headers) {
    const value = request.headers[name];
    headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}

async function send(
  response: ServerResponse,
  request: IncomingMessage,
  reply: Reply,
  serving: Serving,
): Promise<void> {
  request.resume();
  if (reply.xml !== undefined) {
    const body = Buffer.from(reply.xml);
    response.writeHead(reply.status, {
      'content-type': 'application/xml',
      'content-length': body.length,
      ...reply.headers,
    });
    response.end(body);
  } else if (reply.extents === undefined) {
    const length =
      request.method === 'HEAD' || reply.status === 204 || reply.status === 304
        ? {}
        : { 'content-length': 0 };
    response.writeHead(reply.status, { ...length, ...reply.headers }).end();
  } else if (lengthOf(reply.extents) <= SMALL_BYTES) {
    const bytes = serving.store.blobs.readSmall(reply.extents);
    response.writeHead(reply.status, reply.headers).end(bytes);
  } else {
    response.writeHead(reply.status, reply.headers);
    for await (const block of blocksOf(serving.store.blobs, reply.extents)) await written(response, block);
    response.end();
  }
}

/** The block has left for the socket; only then may its buffer be used again. */
function written(response: ServerResponse, block: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new ClientGone());
    response.once('close', gone);
    response.write(block, (error) => {
      response.off('close', gone);
      if (error) reject(new ClientGone());
      else resolve();
    });
  });
}

class ClientGone extends Error {}

function sendError(
  response: ServerResponse,
  request: IncomingMessage,
  error: unknown,
  serving: Serving,
): void {
  if (error instanceof ClientGone || (request.destroyed && !request.complete)) {
    response.destroy();
    return;
  }
  const { code, status, message, headers } = faceOf(error);
  if (status === 500) serving.onFault(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // The rest of the body is read and dropped: closing the connection would hide the answer from a client still sending.
  request.resume();
  if (request.method === 'HEAD') {
    response.writeHead(status, headers).end();
    return;
  }
  const body = Buffer.from(
    xmlDocument(
      'Error',
      [
        ['Code', code],
        ['Message', message],
        ['RequestId', String(response.getHeader('x-amz-request-id'))],
      ],
      '',
    ),
  );
  response
    .writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length, ...headers })
    .end(body);
}

function faceOf(error: unknown): Pick<S3Error, 'code' | 'status' | 'message' | 'headers'> {
  if (error instanceof S3Error) return error;
  if (error instanceof AuthError)
    return { code: error.code, status: error.status, message: error.message, headers: {} };
  if (error instanceof AccessDenied)
    return { code: 'AccessDenied', status: 403, message: error.message, headers: {} };
  return {
    code: 'InternalError',
    status: 500,
    message: 'We encountered an internal error. Please try again.',
    headers: {},
  };
}
