/** Asks an origin of a distribution: a bucket or a host name of the address book, signed where an access control says so. */
import { createHash } from 'node:crypto';
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request as send } from 'node:http';
import type { AddressBook } from '../http/addresses.ts';
import { signRequest } from '../http/sign-request.ts';
import type { AccessKey } from '../iam/authority.ts';

export interface Origin {
  readonly id: string;
  readonly domainName: string;
  /** Goes before each path. */
  readonly path: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  /** The service a signature is for; undefined when the origin is asked without one. */
  readonly signs: 's3' | 'lambda' | undefined;
}

export interface OriginRequest {
  readonly method: string;
  /** Percent-encoded, as the viewer sent it. */
  readonly uri: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface OriginSurroundings {
  readonly region: string;
  readonly s3Endpoint: string;
  readonly addresses: AddressBook;
  /** The key of CloudFront, acting for the distribution. */
  readonly key: AccessKey;
}

const BUCKET = /^([a-z0-9.-]+?)\.s3[.-][a-z0-9.-]*amazonaws\.com$/;

/** Sends requests to origins over connections that are kept. */
export function createOriginClient(around: OriginSurroundings) {
  const agent = new Agent({ keepAlive: true });

  const locate = (origin: Origin, uri: string): { base: URL; path: string } | undefined => {
    const bucket = BUCKET.exec(origin.domainName)?.[1];
    // The local S3 server knows buckets by path, not by host name.
    if (bucket !== undefined)
      return { base: new URL(around.s3Endpoint), path: `/${bucket}${origin.path}${uri}` };
    const address = around.addresses.find(origin.domainName);
    return address === undefined ? undefined : { base: new URL(address), path: `${origin.path}${uri}` };
  };

  return {
    /** Undefined when nothing on this machine answers for the origin. */
    ask: async (origin: Origin, asked: OriginRequest): Promise<IncomingMessage | undefined> => {
      const where = locate(origin, asked.uri);
      if (where === undefined) return undefined;
      const rawUrl = asked.query === '' ? where.path : `${where.path}?${asked.query}`;
      const host = origin.signs === 's3' ? where.base.host : origin.domainName;
      const plain: Record<string, string> = { ...asked.headers, ...origin.customHeaders, host };
      if (asked.body.length > 0) plain['content-length'] = String(asked.body.length);
      const { method } = asked;
      const headers: OutgoingHttpHeaders =
        origin.signs === undefined
          ? plain
          : signRequest(
              {
                method,
                rawUrl,
                headers: plain,
                payloadHash: createHash('sha256').update(asked.body).digest('hex'),
                service: origin.signs,
                region: around.region,
              },
              around.key,
            );
      return new Promise((resolve, reject) => {
        const { hostname, port } = where.base;
        const outgoing = send({ agent, hostname, port, method, path: rawUrl, headers }, resolve);
        outgoing.once('error', reject);
        outgoing.end(asked.body);
      });
    },
    close: () => agent.destroy(),
  };
}

export type OriginClient = ReturnType<typeof createOriginClient>;
