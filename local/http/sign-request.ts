/** Signs a request of this machine's own with Signature Version 4, as CloudFront signs what it asks of an origin. */
import type { OutgoingHttpHeaders } from 'node:http';
import { canonicalRequest, parseQuery } from '../auth/canonical-request.ts';
import { hmac, sha256Hex, signingKey } from '../auth/signing-key.ts';
import type { AccessKey } from '../iam/authority.ts';

export interface Unsigned {
  readonly method: string;
  /** Path and query as they will be sent. */
  readonly rawUrl: string;
  /** Lower-case names; `host` must be among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hex SHA-256 of the body, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  readonly service: string;
  readonly region: string;
}

/** The headers with the signature among them. */
export function signRequest(request: Unsigned, key: AccessKey): OutgoingHttpHeaders {
  const date = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': date,
    'x-amz-content-sha256': request.payloadHash,
  };
  const signedHeaders = Object.keys(headers)
    .filter((name) => name === 'host' || name.startsWith('x-amz-'))
    .sort()
    .join(';');
  const [path = '/', query = ''] = request.rawUrl.split(/\?(.*)/s);
  const canonical = canonicalRequest({
    method: request.method,
    path,
    query: parseQuery(query),
    headers,
    signedHeaders,
    payloadHash: request.payloadHash,
    service: request.service,
  });
  const day = date.slice(0, 8);
  const scope = `${day}/${request.region}/${request.service}/aws4_request`;
  const signature = hmac(
    signingKey(key.secretAccessKey, day, request.region, request.service),
    `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256Hex(canonical)}`,
  ).toString('hex');
  const credential = `Credential=${key.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}
