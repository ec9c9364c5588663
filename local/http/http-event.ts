/** HTTP to Lambda and back in payload format 2.0, as HTTP APIs and function URLs speak it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResponseHead } from '../lambda/definition.ts';

/** Who signed the request, where a route asks for a signature. */
export interface Signer {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly account: string;
}

export interface HttpEventFacts {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  /** Path as sent, with its stage. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly routeKey: string;
  readonly stage: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly account: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly signer: Signer | undefined;
  /** What the token said, where a route asks for one. */
  readonly token?:
    | { readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] | null }
    | undefined;
}

const TEXT = /^(text\/|application\/(json|xml|javascript|graphql|.*\+(json|xml)|x-www-form-urlencoded))/;

/** The event of a request. */
export function httpEvent(facts: HttpEventFacts): Record<string, unknown> {
  const { request, body, rawQuery, signer } = facts;
  const headers = joinedHeaders(request);
  const cookies = headers.cookie?.split(/; */);
  delete headers.cookie;
  const isText = TEXT.test(headers['content-type'] ?? 'text/plain');
  const now = new Date();
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath: facts.rawPath,
    rawQueryString: rawQuery,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(rawQuery === '' ? {} : { queryStringParameters: joinedQuery(rawQuery) }),
    ...(facts.pathParameters === undefined ? {} : { pathParameters: facts.pathParameters }),
    requestContext: {
      accountId: facts.account,
      apiId: facts.apiId,
      ...(signer === undefined ? {} : { authorizer: { iam: iamContext(signer) } }),
      ...(facts.token === undefined ? {} : { authorizer: { jwt: facts.token } }),
      domainName: facts.domainName,
      domainPrefix: facts.domainName.split('.')[0],
      http: {
        method: request.method,
        path: facts.rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: headers['x-forwarded-for']?.split(',')[0] ?? request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: facts.routeKey,
      stage: facts.stage,
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: isText ? body.toString() : body.toString('base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

// `12/Mar/2020:19:03:58 +0000`
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

function iamContext({ accessKeyId, arn, account }: Signer) {
  return {
    accessKey: accessKeyId,
    accountId: account,
    callerId: accessKeyId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId: accessKeyId,
  };
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    joined[name] = Array.isArray(value) ? value.join(',') : (value ?? '');
  }
  return joined;
}

function joinedQuery(rawQuery: string): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  }
  return joined;
}

/** Sends a function's buffered answer; one without a status code is the body itself, as JSON. */
export function sendAnswer(response: ServerResponse, payload: string): void {
  const answer: unknown = JSON.parse(payload);
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) {
    const body = typeof answer === 'string' ? answer : payload;
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    return;
  }
  const { body, isBase64Encoded } = answer as { body?: unknown; isBase64Encoded?: boolean };
  const bytes = Buffer.from(
    typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body),
    isBase64Encoded ? 'base64' : 'utf8',
  );
  sendHead(response, answer as ResponseHead, bytes.length);
  response.end(bytes);
}

/** Sends status, headers and cookies of an answer. */
export function sendHead(response: ServerResponse, head: ResponseHead, length?: number): void {
  for (const [name, value] of Object.entries(head.headers ?? {})) {
    // Lambda's own framing: a length is known only for buffered answers.
    if (!/^(transfer-encoding|connection)$/i.test(name)) response.setHeader(name, String(value));
  }
  if (head.cookies !== undefined && head.cookies.length > 0)
    response.setHeader('set-cookie', [...head.cookies]);
  const status = Number(head.statusCode ?? 200);
  if (!response.hasHeader('content-type') && length !== 0) response.setHeader('content-type', 'text/plain');
  if (length !== undefined && !response.hasHeader('content-length') && status !== 204) {
    response.setHeader('content-length', length);
  }
  response.writeHead(status);
}

/** Answers with a message, as API Gateway words its own faults. */
export function sendFault(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}
