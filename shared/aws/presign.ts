/** URLs that carry a signature and live for minutes: one PUT of one new object, or one GET of one object. */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { s3 } from './clients.ts';

/** How long a signed URL lives. A transfer that began in time may end later. */
export const SIGNED_URL_SECONDS = 15 * 60;

export interface SignedPut {
  readonly url: string;
  /** Signed as well: the request must bear exactly these. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs URLs for objects of a bucket. */
export interface UrlSigner {
  /** Takes one object and only where none stands yet, so that an upload begun again sends nothing twice. */
  put(key: string): Promise<SignedPut>;
  get(
    key: string,
    answer?: { readonly contentType?: string; readonly contentEncoding?: string },
  ): Promise<string>;
}

/** A signer for the bucket. */
export function openUrlSigner(bucket: string): UrlSigner {
  return {
    async put(key) {
      const url = await getSignedUrl(
        s3(),
        new PutObjectCommand({ Bucket: bucket, Key: key, IfNoneMatch: '*' }),
        { expiresIn: SIGNED_URL_SECONDS, signableHeaders: new Set(['host', 'if-none-match']) },
      );
      return { url, headers: { 'if-none-match': '*' } };
    },
    get: (key, { contentType, contentEncoding } = {}) =>
      getSignedUrl(
        s3(),
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(contentType ? { ResponseContentType: contentType } : {}),
          ...(contentEncoding ? { ResponseContentEncoding: contentEncoding } : {}),
        }),
        { expiresIn: SIGNED_URL_SECONDS },
      ),
  };
}
