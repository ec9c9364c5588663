/** A viewer's request as the distribution keeps it, and as CloudFront Functions see it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { EdgeEvent, EdgeRequest, EdgeResponse } from './edge-function.ts';
import type { HeaderMap } from './response-headers.ts';

export interface ViewerRequest {
  readonly method: string;
  /** Percent-encoded, as sent. */
  readonly uri: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  readonly body: Buffer;
}

/** The event of a viewer-request or viewer-response function. */
export function edgeEvent(
  eventType: 'viewer-request' | 'viewer-response',
  distributionId: string,
  viewer: ViewerRequest,
  response?: { readonly statusCode: number; readonly headers: HeaderMap },
): EdgeEvent {
  return {
    version: '1.0',
    context: { eventType, distributionId },
    viewer: { ip: viewer.address },
    request: toEdgeRequest(viewer),
    ...(response === undefined
      ? {}
      : {
          response: {
            statusCode: response.statusCode,
            headers: toEdgeHeaders(response.headers),
            cookies: {},
          },
        }),
  };
}

function toEdgeRequest(viewer: ViewerRequest): EdgeRequest {
  const { cookie, ...headers } = viewer.headers;
  const querystring: EdgeRequest['querystring'] = {};
  for (const [name, value] of new URLSearchParams(viewer.query)) {
    const known = querystring[name];
    querystring[name] =
      known === undefined
        ? { value }
        : { value: known.value, multiValue: [...(known.multiValue ?? [{ value: known.value }]), { value }] };
  }
  const cookies = (cookie ?? '').split(/; */).flatMap((pair) => {
    const [name, value = ''] = pair.split(/=(.*)/s);
    return name ? [[name, { value }] as const] : [];
  });
  return {
    method: viewer.method,
    uri: viewer.uri,
    querystring,
    headers: toEdgeHeaders(headers),
    cookies: Object.fromEntries(cookies),
  };
}

function toEdgeHeaders(headers: HeaderMap): Record<string, { value: string }> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name, { value: Array.isArray(value) ? value.join(',') : String(value) }] as const],
  );
  return Object.fromEntries(entries);
}

/** The viewer's request as a function changed it. */
export function fromEdgeRequest(viewer: ViewerRequest, changed: EdgeRequest): ViewerRequest {
  const query = new URLSearchParams();
  for (const [name, { value, multiValue }] of Object.entries(changed.querystring)) {
    for (const one of multiValue ?? [{ value }]) query.append(name, one.value);
  }
  const cookie = Object.entries(changed.cookies)
    .map(([name, { value }]) => `${name}=${value}`)
    .join('; ');
  const headers: IncomingHttpHeaders = Object.fromEntries(
    Object.entries(changed.headers).map(([name, { value }]) => [name, value]),
  );
  return {
    ...viewer,
    method: changed.method,
    uri: changed.uri,
    query: query.toString(),
    headers: cookie === '' ? headers : { ...headers, cookie },
  };
}

/** Headers of a response as a function changed them. */
export function withEdgeResponse(headers: HeaderMap, changed: EdgeResponse): HeaderMap {
  const kept: HeaderMap = {};
  for (const [name, { value }] of Object.entries(changed.headers ?? {})) {
    const before = headers[name];
    kept[name] = Array.isArray(before) && before.join(',') === value ? before : value;
  }
  const cookies = Object.entries(changed.cookies ?? {}).map(
    ([name, { value, attributes }]) => `${name}=${value}${attributes === undefined ? '' : `; ${attributes}`}`,
  );
  if (cookies.length > 0) kept['set-cookie'] = cookies;
  return kept;
}
