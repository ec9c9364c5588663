/** A Lambda function URL: one function behind a host name of its own, its answer buffered or streamed. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../auth/auth-error.ts';
import { AccessDenied, type Authorize, type CredentialLookup, type Principal } from '../auth/authorize.ts';
import { verifyRequest } from '../auth/verify-request.ts';
import type { ResponseSink } from '../lambda/definition.ts';
import type { FunctionHost } from '../lambda/function-host.ts';
import { applyCors, type CorsSettings } from './cors.ts';
import { httpEvent, type Signer, sendAnswer, sendFault, sendHead } from './http-event.ts';
import { readBody } from './read-body.ts';

export interface FunctionUrl {
  readonly id: string;
  readonly domainName: string;
  readonly function: FunctionHost;
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly streams: boolean;
  readonly cors: CorsSettings | undefined;
}

export interface UrlSurroundings {
  readonly account: string;
  readonly credentials: CredentialLookup;
  readonly authorize: Authorize;
  /** Who calls a URL that asks for no signature. */
  readonly anonymous: Principal;
}

/** What a function may be called with (Lambda's quota for synchronous invocations). */
const BODY_LIMIT = 6 * 1024 * 1024;

/** Answers requests to the URL. */
export function serveFunctionUrl(url: FunctionUrl, around: UrlSurroundings) {
  const admit = (request: IncomingMessage, body: Buffer): Signer | undefined => {
    const { method = 'GET', url: rawUrl = '/', headers } = request;
    const signed =
      url.authType === 'NONE'
        ? undefined
        : verifyRequest({ method, rawUrl, headers, service: 'lambda', body }, around.credentials);
    const principal = signed?.principal ?? around.anonymous;
    const resource = url.function.definition.arn;
    const urlContext = { 'lambda:FunctionUrlAuthType': url.authType };
    around.authorize({ principal, action: 'lambda:InvokeFunctionUrl', resource, context: urlContext });
    // Since October 2025 a URL's caller needs both permissions.
    const context = { 'lambda:InvokedViaFunctionUrl': 'true' };
    around.authorize({ principal, action: 'lambda:InvokeFunction', resource, context });
    return signed && { accessKeyId: signed.accessKeyId, arn: principal.arn, account: around.account };
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, BODY_LIMIT);
    if (body === undefined) return sendFault(response, 413, 'Request Entity Too Large');
    if (url.cors !== undefined && applyCors(url.cors, request, response)) return;
    let signer: Signer | undefined;
    try {
      signer = admit(request, body);
    } catch (error) {
      if (!(error instanceof AuthError || error instanceof AccessDenied)) throw error;
      return sendFault(response, 403, 'Forbidden');
    }
    const [rawPath = '/', rawQuery = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const event = httpEvent({
      request,
      body,
      rawPath,
      rawQuery,
      routeKey: '$default',
      stage: '$default',
      apiId: url.id,
      domainName: url.domainName,
      account: around.account,
      pathParameters: undefined,
      signer,
    });
    const result = await url.function.invoke(event, url.streams ? sinkTo(response) : undefined);
    if (result.ok) {
      if (!response.headersSent) sendAnswer(response, result.payload);
    } else if (response.headersSent) {
      // The length was never promised: only a broken connection tells that the end is missing.
      response.destroy();
    } else sendFault(response, 502, 'Internal Server Error');
  };
}

function sinkTo(response: ServerResponse): ResponseSink {
  return {
    head: (metadata) => sendHead(response, metadata),
    write: (chunk) =>
      new Promise((resolve) => {
        // A viewer that has gone takes nothing more; the function still runs to its end, as in Lambda.
        if (response.destroyed || response.write(chunk)) return resolve();
        const done = () => {
          response.off('drain', done).off('close', done);
          resolve();
        };
        response.once('drain', done).once('close', done);
      }),
    end: () => response.end(),
  };
}
