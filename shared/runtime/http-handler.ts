/**
 * The edge to HTTP: API Gateway's payload 2.0 (function URLs send the same) to a plain request, the route's answer back. It
 * checks bodies and parameters by schema, the caller's role by the route's, and answers a fault of ours with a bare 500: what went
 * wrong is in the log, by name only.
 */
import type { z } from 'zod';
import { COGNITO_ROLES_CLAIM, type Role, STAFF_API } from '../contract/roles.ts';
import { type AuthorizerContext, type Caller, callerOf, denial } from './caller.ts';
import type { LambdaContext } from './lambda.ts';
import { describeError, type Logger } from './logger.ts';

export interface HttpEvent {
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly http: { readonly method: string; readonly sourceIp?: string };
    readonly authorizer?: AuthorizerContext;
  };
}

export interface HttpRequest {
  /** As it was sent: a route for GET answers HEAD as well. */
  readonly method: string;
  /** What stands in the route's braces, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** The body by its schema; anything else is answered with 400. */
  body<Output>(schema: z.ZodType<Output>): Output;
  /** The body as it was sent. */
  bytes(): Uint8Array;
  /** Where the request came from, as far as can be told: who calls the API past the distribution may say what they like. */
  readonly address: string | undefined;
  readonly run: string;
  readonly caller: Caller;
  /** What stands before the route's path: the root of staff with a JWT, or nothing. */
  readonly base: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  /** An object is sent as JSON. */
  readonly body?: object | string | Uint8Array;
}

/**
 * `path` is written as in API Gateway: `/uploads/{upload}`; one brace takes one segment. A route with a role is reached by its path
 * with a signature, and below the root of staff with a JWT.
 */
export interface Route<Answer = HttpAnswer> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Whom it is for; none only where the route itself judges a token or a session: below `/api` and `/download`. */
  readonly role?: Role;
  answer(request: HttpRequest): Promise<Answer>;
}

/** An answer given by throwing it, from any depth of a route. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string) {
    super(`${status} ${error}`);
    this.status = status;
    this.error = error;
  }
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly cookies?: string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** What every answer bears unless its route says otherwise: nothing is cached, sniffed or framed. */
export const COMMON_HEADERS = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** Who else is let in without a role: what is below judges a token or a session itself. */
const JUDGES_ITSELF = /^\/(api|download)\//;

export interface Access {
  /** The claim of a JWT that names roles. @default - Cognito's */
  readonly rolesClaim?: string;
}

/** The routes, each for who has the role, unless it names another itself. */
export function needing<Answer>(role: Role, routes: readonly Route<Answer>[]): Route<Answer>[] {
  return routes.map((route) => ({ ...route, role: route.role ?? role }));
}

/** Refuses who has not the role, where one request needs more than its route does. */
export function mustHave(role: Role, { caller, base }: Pick<HttpRequest, 'caller' | 'base'>): void {
  const denied = denial(caller, role, base);
  if (denied) throw new HttpRefusal(denied.status, denied.error);
}

/** A Lambda handler that answers by the first route that fits. */
export function httpHandler(
  routes: readonly Route[],
  log: Logger,
  access: Access = {},
): (event: HttpEvent, lambda: LambdaContext) => Promise<HttpResult> {
  const answer = answerer(routes, log, access);
  return async (event, lambda) => resultOf(await answer(event, lambda));
}

/** Answers requests by the first route that fits, and logs that it did; what a route throws becomes an answer of its own. */
export function answerer<Answer extends { readonly status: number }>(
  routes: readonly Route<Answer>[],
  log: Logger,
  { rolesClaim = COGNITO_ROLES_CLAIM }: Access = {},
): (event: HttpEvent, lambda: Pick<LambdaContext, 'awsRequestId'>) => Promise<Answer | HttpAnswer> {
  for (const { role, path } of routes)
    if (role === undefined && !JUDGES_ITSELF.test(path)) throw new Error(`${path} is for no role`);
  const compiled = routes.map((route) => ({ ...route, pattern: patternOf(route.path) }));
  return async (event, lambda) => {
    const began = performance.now();
    const method = event.requestContext.http.method === 'HEAD' ? 'GET' : event.requestContext.http.method;
    const base = event.rawPath.startsWith(`${STAFF_API}/`) ? STAFF_API : '';
    const path = event.rawPath.slice(base.length).replace(/(?<=.)\/$/, '');
    const fitting = compiled.filter(
      ({ pattern, role }) => pattern.test(path) && !(base !== '' && role === undefined),
    );
    const caller = callerOf(event.requestContext.authorizer, rolesClaim);
    const route = fitting.find((candidate) => candidate.method === method);
    const run = lambda.awsRequestId;
    let answer: Answer | HttpAnswer;
    try {
      if (!route)
        throw new HttpRefusal(fitting.length > 0 ? 405 : 404, fitting.length > 0 ? 'method' : 'not-found');
      if (route.role !== undefined) mustHave(route.role, { caller, base });
      answer = await route.answer({ ...requestOf(event, route.pattern, path), caller, base, run });
    } catch (error) {
      if (!(error instanceof HttpRefusal)) log.error('a request failed', { run, ...describeError(error) });
      answer =
        error instanceof HttpRefusal
          ? { status: error.status, body: { error: error.error } }
          : { status: 500, body: { error: 'internal' } };
    }
    log.info('answered', {
      run,
      route: route ? `${route.method} ${base}${route.path}` : 'none',
      status: answer.status,
      milliseconds: Math.round(performance.now() - began),
    });
    return answer;
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

function requestOf(
  event: HttpEvent,
  pattern: RegExp,
  path: string,
): Omit<HttpRequest, 'caller' | 'base' | 'run'> {
  const headers = new Map(
    Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? '']),
  );
  const cookies = event.cookies ?? headers.get('cookie')?.split('; ') ?? [];
  const text = event.isBase64Encoded
    ? Buffer.from(event.body ?? '', 'base64').toString('utf8')
    : (event.body ?? '');
  return {
    method: event.requestContext.http.method,
    parameters: Object.fromEntries(
      Object.entries(pattern.exec(path)?.groups ?? {}).map(([name, value]) => [name, decoded(value)]),
    ),
    query: new URLSearchParams(event.rawQueryString ?? ''),
    header: (name) => headers.get(name),
    cookie: (name) => cookieIn(cookies, name),
    body: (schema) => {
      const parsed = schema.safeParse(jsonOf(text));
      if (!parsed.success) throw new HttpRefusal(400, 'invalid-body');
      return parsed.data;
    },
    bytes: () => Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    address: addressOf(event),
  };
}

/**
 * The value of a cookie. One that is there with two values is not there: no browser sends that of a name with the prefix `__Host-`,
 * and which of them counts is not for who added the second one to say.
 */
export function cookieIn(cookies: readonly string[], name: string): string | undefined {
  const values = cookies
    .filter((cookie) => cookie.startsWith(`${name}=`))
    .map((cookie) => cookie.slice(name.length + 1));
  return new Set(values).size === 1 ? values[0] : undefined;
}

/** The address before the distribution's own in `X-Forwarded-For`, to which API Gateway adds whom it was called by. */
export function addressOf({ headers = {}, requestContext }: HttpEvent): string | undefined {
  const { sourceIp } = requestContext.http;
  const passed = (headers['x-forwarded-for'] ?? '').split(',').map((address) => address.trim());
  const address = passed.filter((each) => each !== '' && each !== sourceIp).at(-1) ?? sourceIp;
  return address !== undefined && /^[\da-f.:]{2,45}$/i.test(address) ? address : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpRefusal(400, 'invalid-path');
  }
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new HttpRefusal(400, 'invalid-body');
  }
}

function resultOf({ status, headers = {}, cookies, body }: HttpAnswer): HttpResult {
  const isBytes = body instanceof Uint8Array;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    statusCode: status,
    headers: {
      ...COMMON_HEADERS,
      ...(typeof body === 'object' && !isBytes ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(cookies ? { cookies: [...cookies] } : {}),
    body: isBytes ? Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64') : text,
    isBase64Encoded: isBytes,
  };
}
