/**
 * Wires `stream-dicomweb`: what `dicomweb` reads, streamed, for answers that are too long to be buffered. Its address takes
 * signatures alone; `dicomweb` signs one for each such request, for minutes, once it has judged who asks.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { answerer, COMMON_HEADERS, type HttpEvent, needing } from '../../shared/runtime/http-handler.ts';
import type { LambdaContext } from '../../shared/runtime/lambda.ts';
import { createLogger, describeError } from '../../shared/runtime/logger.ts';
import { libraryRoutes, STAFF_ROOT } from '../dicomweb/routes.ts';
import { readStreamDicomwebConfig } from './config.ts';

/** Lambda's runtime puts it into the global scope. */
declare const awslambda: {
  streamifyResponse<Event>(
    handler: (event: Event, response: NodeJS.WritableStream, context: LambdaContext) => Promise<void>,
  ): unknown;
  readonly HttpResponseStream: {
    from(
      response: NodeJS.WritableStream,
      head: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> },
    ): NodeJS.WritableStream;
  };
};

const config = readStreamDicomwebConfig();
const log = createLogger('stream-dicomweb');
const routes = libraryRoutes(STAFF_ROOT, openObjectStore(config.libraryBucket));
const answer = answerer(
  // Its one caller is `dicomweb`, by its signature.
  needing(
    'read',
    routes.map((route) => ({ ...route, path: `${STAFF_ROOT}${route.path}` })),
  ),
  log,
);

export const handler = awslambda.streamifyResponse<HttpEvent>(async (event, response, context) => {
  const { status, headers = {}, body, length } = { length: undefined, ...(await answer(event, context)) };
  const isPieces = typeof body === 'object' && Symbol.asyncIterator in body;
  const whole =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array || isPieces
      ? body
      : JSON.stringify(body);
  const out = awslambda.HttpResponseStream.from(response, {
    statusCode: status,
    headers: {
      ...COMMON_HEADERS,
      ...(whole !== body ? { 'content-type': 'application/json' } : {}),
      ...headers,
      ...(length === undefined ? {} : { 'content-length': String(length) }),
    },
  });
  try {
    if (event.requestContext.http.method === 'HEAD' || whole === undefined) out.end();
    else if (isPieces) await pipeline(Readable.from(body as AsyncIterable<Uint8Array>), out);
    else out.end(whole as string | Uint8Array);
  } catch (error) {
    // The head is on its way already: a connection that breaks off is how the client learns of it.
    log.error('a stream failed', { run: context.awsRequestId, ...describeError(error) });
    throw error;
  }
});
