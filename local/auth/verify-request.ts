/**
 * Checks a request signed with Signature Version 4, in its header or in its query (a presigned URL).
 *
 * Refuses what is unsigned, unknown, expired, skewed by more than 15 minutes, signed for another service, or carries an
 * `x-amz-` header that the signature does not cover. The body is the caller's: it compares it with `payloadHash`, or
 * passes it in as `body` for the services that send no hash of it.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { AuthError } from './auth-error.ts';
import type { CredentialLookup, Principal } from './authorize.ts';
import { canonicalRequest, parseQuery } from './canonical-request.ts';
import { hmac, sameText, sha256Hex, signingKey } from './signing-key.ts';

const CLOCK_SKEW_MS = 15 * 60_000;
const LONGEST_PRESIGNED_S = 7 * 24 * 3600;
const ALGORITHM = 'AWS4-HMAC-SHA256';

export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly rawUrl: string;
  readonly headers: IncomingHttpHeaders;
  /** The service the signature must be for: `s3`, `sqs`, `dynamodb`, … */
  readonly service: string;
  /** The body, for the services that send no `x-amz-content-sha256`. */
  readonly body?: Uint8Array;
}

export interface VerifiedRequest {
  readonly principal: Principal;
  readonly accessKeyId: string;
  /** The hash or the `UNSIGNED-PAYLOAD`/`STREAMING-…` word that was signed for the body. */
  readonly payloadHash: string;
  readonly presigned: boolean;
  /** What a body signed chunk by chunk is checked with. */
  readonly chunkSeed: ChunkSeed;
}

/** Where the chain of chunk signatures starts: the signature of the request and the key that made it. */
export interface ChunkSeed {
  readonly key: Buffer;
  readonly date: string;
  readonly scope: string;
  readonly signature: string;
}

interface Claim {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly payloadHash: string;
  readonly presigned: boolean;
}

type Query = readonly (readonly [string, string])[];

/** Who signed the request; throws `AuthError` when it is not authentic. */
export function verifyRequest(request: SignedRequest, credentials: CredentialLookup): VerifiedRequest {
  const question = request.rawUrl.indexOf('?');
  const path = question < 0 ? request.rawUrl : request.rawUrl.slice(0, question);
  const query = question < 0 ? [] : parseQuery(request.rawUrl.slice(question + 1));
  const claim = query.some(([name]) => name === 'X-Amz-Algorithm')
    ? claimOfQuery(query, request)
    : claimOfHeader(request);

  const [accessKeyId = '', day = '', region = '', service = ''] = claim.credential.split('/');
  const known = credentials(accessKeyId);
  if (!known)
    throw new AuthError(
      'InvalidAccessKeyId',
      403,
      'The access key ID provided does not exist in our records.',
    );
  if (service !== request.service || !claim.date.startsWith(day) || day.length !== 8) throw mismatch();
  checkSignedHeaders(claim.signedHeaders.split(';'), request.headers);

  const canonical = canonicalRequest({
    method: request.method,
    path,
    query,
    headers: request.headers,
    signedHeaders: claim.signedHeaders,
    payloadHash: claim.payloadHash,
    service: request.service,
  });
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = signingKey(known.secret, day, region, service);
  const expected = hmac(key, `${ALGORITHM}\n${claim.date}\n${scope}\n${sha256Hex(canonical)}`).toString(
    'hex',
  );
  if (!sameText(expected, claim.signature)) throw mismatch();
  return {
    principal: known.principal,
    accessKeyId,
    payloadHash: claim.payloadHash,
    presigned: claim.presigned,
    chunkSeed: { key, date: claim.date, scope, signature: claim.signature },
  };
}

function claimOfHeader(request: SignedRequest): Claim {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new AuthError('AccessDenied', 403, 'Access Denied');
  const match =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  const date = header(request, 'x-amz-date');
  if (!match || date === undefined)
    throw new AuthError('AuthorizationHeaderMalformed', 400, 'The authorization header is malformed.');
  const skew = Math.abs(Date.now() - instantOf(date));
  if (!(skew <= CLOCK_SKEW_MS))
    throw new AuthError(
      'RequestTimeTooSkewed',
      403,
      'The difference between the request time and the current time is too large.',
    );
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  return {
    credential,
    signedHeaders,
    signature,
    date,
    payloadHash: payloadHashOf(request),
    presigned: false,
  };
}

function claimOfQuery(query: Query, request: SignedRequest): Claim {
  const value = (name: string) => query.find(([other]) => other === name)?.[1] ?? '';
  const date = value('X-Amz-Date');
  const expires = Number(value('X-Amz-Expires') || Number.NaN);
  const start = instantOf(date);
  if (value('X-Amz-Algorithm') !== ALGORITHM || Number.isNaN(start) || !(expires >= 0))
    throw new AuthError('AuthorizationQueryParametersError', 400, 'The authorization query is malformed.');
  if (expires > LONGEST_PRESIGNED_S)
    throw new AuthError(
      'AuthorizationQueryParametersError',
      400,
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  if (Date.now() > start + expires * 1000) throw new AuthError('AccessDenied', 403, 'Request has expired');
  if (start > Date.now() + CLOCK_SKEW_MS)
    throw new AuthError('AccessDenied', 403, 'Request is not yet valid');
  return {
    credential: value('X-Amz-Credential'),
    signedHeaders: value('X-Amz-SignedHeaders'),
    signature: value('X-Amz-Signature'),
    date,
    payloadHash:
      header(request, 'x-amz-content-sha256') ?? (value('X-Amz-Content-Sha256') || 'UNSIGNED-PAYLOAD'),
    presigned: true,
  };
}

function payloadHashOf(request: SignedRequest): string {
  const declared = header(request, 'x-amz-content-sha256');
  if (request.body) {
    const actual = sha256Hex(request.body);
    if (declared !== undefined && declared !== actual && declared !== 'UNSIGNED-PAYLOAD')
      throw new AuthError('XAmzContentSHA256Mismatch', 400, 'The body does not match its declared hash.');
    return declared ?? actual;
  }
  if (declared === undefined)
    throw new AuthError(
      'AuthorizationHeaderMalformed',
      400,
      'Missing required header for this request: x-amz-content-sha256',
    );
  return declared;
}

function checkSignedHeaders(names: readonly string[], headers: IncomingHttpHeaders): void {
  if (!names.includes('host')) throw mismatch();
  for (const name in headers)
    if (name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !names.includes(name))
      throw new AuthError(
        'AccessDenied',
        403,
        'There were headers present in the request which were not signed',
      );
}

function header(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** Milliseconds since the epoch of `20260131T235959Z`, NaN when it is no such date. */
function instantOf(date: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function mismatch(): AuthError {
  return new AuthError(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}
