/**
 * The canonical request of Signature Version 4: the one form of a request that signer and verifier hash alike.
 *
 * S3 signs the path as it was sent; every other service signs it encoded once more, with its dots resolved.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Percent-encoding as AWS wants it: everything but the unreserved characters of RFC 3986. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes percent-encoding; what is not valid stays as it is, so that a strange URL only fails its signature. */
export function uriDecode(text: string): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

/** The pairs of a query string in their order, decoded; a `+` is a plus, as AWS signs it. */
export function parseQuery(query: string): [name: string, value: string][] {
  if (query === '') return [];
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0
        ? [uriDecode(pair), '']
        : [uriDecode(pair.slice(0, equals)), uriDecode(pair.slice(equals + 1))];
    });
}

export interface CanonicalInput {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: IncomingHttpHeaders;
  readonly signedHeaders: string;
  readonly payloadHash: string;
  readonly service: string;
}

/** The text whose hash is signed. */
export function canonicalRequest(input: CanonicalInput): string {
  const path = input.service === 's3' ? encodeOnce(input.path) : encodeAgain(input.path);
  const names = input.signedHeaders.split(';');
  const headers = names.map((name) => `${name}:${canonicalValue(input.headers[name])}\n`).join('');
  return `${input.method}\n${path}\n${canonicalQuery(input.query)}\n${headers}\n${input.signedHeaders}\n${input.payloadHash}`;
}

function encodeOnce(path: string): string {
  return path
    .split('/')
    .map((segment) => uriEncode(uriDecode(segment)))
    .join('/');
}

function encodeAgain(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(uriEncode(segment));
  }
  const joined = `/${segments.join('/')}`;
  return path.endsWith('/') && joined !== '/' ? `${joined}/` : joined;
}

function canonicalQuery(query: readonly (readonly [string, string])[]): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalValue(value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return text.trim().replace(/ {2,}/g, ' ');
}
