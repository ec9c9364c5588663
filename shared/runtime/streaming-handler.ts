/**
 * The edge to an answer that Lambda streams: the head, then what the body is made of, piece by piece. A body that fails on its
 * way breaks the connection off, which is how the client learns of it: the head has been sent by then.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { COMMON_HEADERS, type HttpAnswer, type HttpEvent } from './http-handler.ts';
import type { LambdaContext } from './lambda.ts';
import { describeError, type Logger } from './logger.ts';

/** An answer whose body may come in pieces. */
export interface StreamedAnswer extends Omit<HttpAnswer, 'body'> {
  readonly body?: HttpAnswer['body'] | AsyncIterable<Uint8Array>;
  /** Bytes of a body in pieces, where they are known. */
  readonly length?: number | undefined;
}

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

/** A Lambda handler that streams what is answered. */
export function streamingHandler(
  answer: (event: HttpEvent, context: LambdaContext) => Promise<StreamedAnswer>,
  log: Logger,
): unknown {
  return awslambda.streamifyResponse<HttpEvent>(async (event, response, context) => {
    const { status, headers = {}, body, length } = await answer(event, context);
    const isJson =
      typeof body === 'object' && !(body instanceof Uint8Array) && !(Symbol.asyncIterator in body);
    const whole = isJson ? JSON.stringify(body) : (body as string | Uint8Array | AsyncIterable<Uint8Array>);
    const out = awslambda.HttpResponseStream.from(response, {
      statusCode: status,
      headers: {
        ...COMMON_HEADERS,
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...headers,
        ...(length === undefined ? {} : { 'content-length': String(length) }),
      },
    });
    try {
      if (event.requestContext.http.method === 'HEAD' || whole === undefined) out.end();
      else if (typeof whole === 'object' && Symbol.asyncIterator in whole)
        await pipeline(Readable.from(whole), out);
      else out.end(whole);
    } catch (error) {
      log.error('a stream failed', { run: context.awsRequestId, ...describeError(error) });
      throw error;
    }
  });
}
