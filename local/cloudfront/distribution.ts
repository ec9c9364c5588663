/**
 * A CloudFront distribution: chooses the behaviour by path, asks its origin and dresses the answer. Nothing is cached or
 * compressed, and http is not redirected to https: the loopback address stands for both.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { uriDecode } from '../auth/canonical-request.ts';
import { readBody } from '../http/read-body.ts';
import { fitsPattern } from '../iam/pattern.ts';
import type { EdgeFunction, EdgeRequest, EdgeResponse } from './edge-function.ts';
import type { Forwarding } from './forwarding.ts';
import type { Origin, OriginClient } from './origin.ts';
import { endToEnd, type HeaderMap, type HeadersPolicy } from './response-headers.ts';
import { edgeEvent, fromEdgeRequest, type ViewerRequest, withEdgeResponse } from './viewer-request.ts';

export interface Behavior {
  /** Undefined for the default behaviour. */
  readonly pathPattern: string | undefined;
  readonly origin: Origin;
  readonly allowedMethods: readonly string[];
  readonly forwarding: Forwarding;
  readonly headersPolicy: HeadersPolicy | undefined;
  readonly viewerRequest: EdgeFunction | undefined;
  readonly viewerResponse: EdgeFunction | undefined;
}

export interface ErrorPage {
  readonly status: number;
  readonly path: string;
  readonly answeredAs: number;
}

export interface Distribution {
  readonly id: string;
  /** In their order; the default one is last. */
  readonly behaviors: readonly Behavior[];
  readonly defaultRootObject: string;
  readonly errorPages: readonly ErrorPage[];
}

const BODY_LIMIT = 50 * 1024 * 1024;

/** Answers a viewer's requests. */
export function serveDistribution(distribution: Distribution, client: OriginClient) {
  const behaviorFor = (uri: string): Behavior =>
    distribution.behaviors.find(
      ({ pathPattern }) => pathPattern === undefined || fitsPattern(rooted(pathPattern), uri),
    ) as Behavior;

  const ask = (behavior: Behavior, viewer: ViewerRequest) => {
    const uri = viewer.uri === '/' ? `/${distribution.defaultRootObject}` : viewer.uri;
    return client.ask(behavior.origin, {
      method: viewer.method,
      uri,
      query: forwardedQuery(viewer.query, behavior.forwarding),
      headers: forwardedHeaders(viewer, behavior.forwarding),
      body: viewer.body,
    });
  };

  const answer = async (behavior: Behavior, viewer: ViewerRequest, response: ServerResponse) => {
    const reply = await ask(behavior, viewer);
    if (reply === undefined) return refuse(response, 502, 'no origin answers on this machine');
    const page = distribution.errorPages.find(({ status }) => status === reply.statusCode);
    if (page !== undefined) {
      reply.resume();
      const instead: ViewerRequest = {
        ...viewer,
        method: 'GET',
        uri: page.path,
        query: '',
        body: Buffer.alloc(0),
      };
      const pageBehavior = behaviorFor(page.path);
      const pageReply = await ask(pageBehavior, instead);
      if (pageReply?.statusCode === 200)
        return relay(pageBehavior, instead, pageReply, response, page.answeredAs);
      pageReply?.resume();
      return refuse(response, page.status, 'the error page is missing');
    }
    return relay(behavior, viewer, reply, response, reply.statusCode ?? 502);
  };

  const relay = async (
    behavior: Behavior,
    viewer: ViewerRequest,
    reply: IncomingMessage,
    response: ServerResponse,
    status: number,
  ) => {
    let headers: HeaderMap = endToEnd(reply.headers);
    behavior.headersPolicy?.(headers);
    let statusCode = status;
    if (behavior.viewerResponse !== undefined) {
      const event = edgeEvent('viewer-response', distribution.id, viewer, { statusCode, headers });
      const changed = (await behavior.viewerResponse(event)) as EdgeResponse;
      headers = withEdgeResponse(headers, changed);
      statusCode = changed.statusCode;
    }
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) response.setHeader(name, value);
    response.setHeader('via', '1.1 local.cloudfront.net (CloudFront)');
    response.setHeader('x-cache', 'Miss from cloudfront');
    response.writeHead(statusCode);
    reply.on('error', () => response.destroy());
    response.on('close', () => reply.destroy());
    reply.pipe(response);
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, BODY_LIMIT);
    if (body === undefined) return refuse(response, 413, 'the body is too large');
    const [uri = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
    let viewer: ViewerRequest = {
      method: request.method ?? 'GET',
      uri,
      query,
      headers: request.headers,
      address: request.socket.remoteAddress ?? '127.0.0.1',
      body,
    };
    const behavior = behaviorFor(uri);
    if (!behavior.allowedMethods.includes(viewer.method)) {
      return refuse(response, 403, 'the distribution is not configured to allow the HTTP request method');
    }
    if (behavior.viewerRequest !== undefined) {
      const changed = await behavior.viewerRequest(
        edgeEvent('viewer-request', distribution.id, { ...viewer, headers: request.headers }),
      );
      if ('statusCode' in changed) return sendEdgeResponse(response, changed);
      viewer = fromEdgeRequest(viewer, changed as EdgeRequest);
    }
    await answer(behavior, viewer, response);
  };
}

function rooted(pattern: string): string {
  return pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`;
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain', 'x-cache': 'Error from cloudfront' })
    .end(`${why}\n`);
}

function sendEdgeResponse(response: ServerResponse, made: EdgeResponse): void {
  for (const [name, value] of Object.entries(withEdgeResponse({}, made))) {
    if (value !== undefined) response.setHeader(name, value);
  }
  const body =
    typeof made.body === 'object'
      ? Buffer.from(made.body.data, made.body.encoding === 'base64' ? 'base64' : 'utf8')
      : made.body;
  response.writeHead(made.statusCode).end(body);
}

/** Headers that CloudFront passes on in any case, since they concern the object and not the viewer. */
const ALWAYS = new Set([
  'range',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-range',
  'content-type',
]);
const NEVER = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'content-length',
  'expect',
]);

function forwardedHeaders(viewer: ViewerRequest, forwarding: Forwarding): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': 'Amazon CloudFront',
    'x-forwarded-for': viewer.address,
    via: '1.1 local.cloudfront.net (CloudFront)',
  };
  for (const [name, value] of Object.entries(viewer.headers)) {
    if (value === undefined || NEVER.has(name) || name === 'cookie') continue;
    if (ALWAYS.has(name) || forwarding.headers(name))
      headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const cookies = (viewer.headers.cookie ?? '')
    .split(/; */)
    .filter((pair) => pair !== '' && forwarding.cookies(pair.split('=', 1)[0] as string));
  if (cookies.length > 0) headers.cookie = cookies.join('; ');
  return headers;
}

function forwardedQuery(query: string, forwarding: Forwarding): string {
  return query
    .split('&')
    .filter((pair) => pair !== '' && forwarding.query(uriDecode(pair.split('=', 1)[0] as string)))
    .join('&');
}
