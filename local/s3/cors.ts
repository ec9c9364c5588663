/**
 * Cross-origin answers by the rules of a bucket, so that a browser may use its presigned URLs.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { CorsRule } from './contract.ts';
import { S3Error } from './s3-error.ts';

/** Headers for an actual request; none when it is not cross-origin or no rule lets it be. */
export function corsHeaders(
  rules: readonly CorsRule[] | undefined,
  method: string,
  { origin }: IncomingHttpHeaders,
): Record<string, string> {
  if (origin === undefined || !rules) return {};
  const rule = rules.find((candidate) => allows(candidate, origin, method));
  return rule ? headersOf(rule, origin) : {};
}

/** The answer to a preflight; throws when no rule allows what is announced. */
export function preflightHeaders(
  rules: readonly CorsRule[] | undefined,
  headers: IncomingHttpHeaders,
): Record<string, string> {
  const { origin, 'access-control-request-method': method } = headers;
  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rule = rules?.find(
    (candidate) =>
      allows(candidate, origin ?? '', method ?? '') &&
      asked.every((name) =>
        (candidate.allowedHeaders ?? []).some((pattern) => isLike(pattern.toLowerCase(), name)),
      ),
  );
  if (origin === undefined || !rule)
    throw new S3Error('AccessForbidden', 403, 'CORSResponse: This CORS request is not allowed.');
  return {
    ...headersOf(rule, origin),
    ...(asked.length > 0 ? { 'access-control-allow-headers': asked.join(', ') } : {}),
    ...(rule.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.maxAgeSeconds) }),
  };
}

function allows(rule: CorsRule, origin: string, method: string): boolean {
  return (
    rule.allowedMethods.includes(method) && rule.allowedOrigins.some((pattern) => isLike(pattern, origin))
  );
}

function headersOf(rule: CorsRule, origin: string): Record<string, string> {
  const anyone = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(anyone ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(rule.exposeHeaders?.length ? { 'access-control-expose-headers': rule.exposeHeaders.join(', ') } : {}),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/** A pattern of S3 has one `*` at most. */
function isLike(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
