/**
 * An HTTP API (API Gateway v2) with Lambda proxy integrations: routes, signatures and tokens where a route asks for them, CORS.
 * Throttling is not imitated: one person's machine has no crowd.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../auth/auth-error.ts';
import { AccessDenied, type Authorize, type CredentialLookup, type Principal } from '../auth/authorize.ts';
import { verifyRequest } from '../auth/verify-request.ts';
import type { FunctionHost } from '../lambda/function-host.ts';
import { afterWorkingTime } from '../lambda/time-limit.ts';
import { claimsInEvent, type TokenCheck, TokenRefused } from './check-token.ts';
import { applyCors, type CorsSettings } from './cors.ts';
import { type HttpEventFacts, httpEvent, type Signer, sendAnswer, sendFault } from './http-event.ts';
import { readBody } from './read-body.ts';
import { matchRoute, type Route } from './routes.ts';

export interface ApiRoute {
  readonly function: FunctionHost;
  /** `AWS_IAM` asks for a signature and `execute-api:Invoke`, `JWT` for a token that the check takes. */
  readonly authorization: 'NONE' | 'AWS_IAM' | 'JWT';
  readonly check?: TokenCheck | undefined;
  /** Of which a token must have one. */
  readonly scopes?: readonly string[];
}

/** An API while its template is read: routes and stages arrive one by one. */
export interface HttpApi {
  readonly id: string;
  readonly domainName: string;
  readonly routes: Route<ApiRoute>[];
  readonly stages: Set<string>;
  readonly cors: CorsSettings | undefined;
}

export interface ApiSurroundings {
  readonly account: string;
  readonly region: string;
  readonly credentials: CredentialLookup;
  readonly authorize: Authorize;
  /** API Gateway itself, which a function's policy must let invoke it. */
  readonly gateway: (sourceArn: string) => Principal;
}

/** What a request to an HTTP API may hold (its quota). */
const BODY_LIMIT = 10 * 1024 * 1024;
/** How long an integration may take (its quota). */
const INTEGRATION_LIMIT_MS = 30_000;

/** Answers requests to the API. */
export function serveHttpApi(api: HttpApi, around: ApiSurroundings) {
  const arn = `arn:aws:execute-api:${around.region}:${around.account}:${api.id}`;

  const identify = (
    request: IncomingMessage,
    body: Buffer,
    rawUrl: string,
    resource: string,
  ): Signer | undefined => {
    const { method = 'GET', headers } = request;
    const signed = { method, rawUrl, headers, service: 'execute-api', body };
    const { principal, accessKeyId } = verifyRequest(signed, around.credentials);
    around.authorize({ principal, action: 'execute-api:Invoke', resource });
    return { accessKeyId, arn: principal.arn, account: around.account };
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: rawUrl = '/' } = request;
    const body = await readBody(request, BODY_LIMIT);
    if (body === undefined) return sendFault(response, 413, 'Request Entity Too Large');
    if (api.cors !== undefined && applyCors(api.cors, request, response)) return;

    const [rawPath = '/', rawQuery = ''] = split(rawUrl);
    const { stage, path } = stageOf(api, rawPath);
    const match = stage === undefined ? undefined : matchRoute(api.routes, method, path);
    if (stage === undefined || match === undefined) return sendFault(response, 404, 'Not Found');

    const { key, target } = match.route;
    let signer: Signer | undefined;
    if (target.authorization === 'AWS_IAM') {
      try {
        signer = identify(request, body, rawUrl, `${arn}/${stage}/${method}${path}`);
      } catch (error) {
        if (!(error instanceof AuthError || error instanceof AccessDenied)) throw error;
        return sendFault(response, 403, 'Forbidden');
      }
    }
    let token: HttpEventFacts['token'];
    if (target.authorization === 'JWT') {
      try {
        const scopes = target.scopes ?? [];
        const claims = await target.check?.(request.headers.authorization, scopes);
        token = { claims: claimsInEvent(claims ?? {}), scopes: scopes.length > 0 ? scopes : null };
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
        const problem = error.status === 403 ? 'insufficient_scope' : 'invalid_token';
        response.setHeader(
          'www-authenticate',
          `Bearer error="${problem}" error_description="${error.message}"`,
        );
        return sendFault(response, error.status, error.status === 403 ? 'Forbidden' : 'Unauthorized');
      }
    }
    const { definition } = target.function;
    try {
      const sourceArn = `${arn}/${stage}/${key === '$default' ? key : key.replace(' ', '')}`;
      const principal = around.gateway(sourceArn);
      around.authorize({ principal, action: 'lambda:InvokeFunction', resource: definition.arn });
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      return sendFault(response, 500, 'Internal Server Error');
    }

    const event = httpEvent({
      request,
      body,
      rawPath,
      rawQuery,
      routeKey: key,
      stage,
      apiId: api.id,
      domainName: api.domainName,
      account: around.account,
      pathParameters: match.pathParameters,
      signer,
      token,
    });
    const result = await within(INTEGRATION_LIMIT_MS, target.function.invoke(event));
    if (result === undefined) return sendFault(response, 503, 'Service Unavailable');
    if (!result.ok) return sendFault(response, 500, 'Internal Server Error');
    sendAnswer(response, result.payload);
  };
}

function split(rawUrl: string): [string, string] {
  const question = rawUrl.indexOf('?');
  return question < 0 ? [rawUrl, ''] : [rawUrl.slice(0, question), rawUrl.slice(question + 1)];
}

// The default stage answers at the root; another one's name is the first segment of the path.
function stageOf(api: HttpApi, rawPath: string): { stage: string | undefined; path: string } {
  const first = rawPath.split('/')[1] ?? '';
  if (api.stages.has(first)) return { stage: first, path: rawPath.slice(first.length + 1) || '/' };
  return { stage: api.stages.has('$default') ? '$default' : undefined, path: rawPath };
}

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | undefined> {
  let forget = () => {};
  const late = new Promise<undefined>((resolve) => {
    forget = afterWorkingTime(milliseconds, () => resolve(undefined));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    forget();
  }
}
