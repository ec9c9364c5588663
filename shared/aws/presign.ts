/** URLs that carry a signature and live for minutes: one PUT of one new object or part, or one GET of one object. */
import { GetObjectCommand, PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Checked, SignedTarget } from '../contract/api.ts';
import { s3 } from './clients.ts';

/** How long a signed URL lives. A transfer that began in time may end later. */
export const SIGNED_URL_SECONDS = 15 * 60;

const CHECKSUM = 'x-amz-checksum-crc64nvme';

/** Signs URLs for objects of a bucket. */
export interface UrlSigner {
  /** Takes these bytes and no others, and only where no object stands yet, so that an upload begun again sends nothing twice. */
  put(key: string, bytes: Checked, options?: { readonly overwrites?: boolean }): Promise<SignedTarget>;
  /** Takes these bytes as a part of an object that is being sent in parts. */
  putPart(key: string, id: string, part: number, bytes: Checked): Promise<SignedTarget>;
  get(
    key: string,
    answer?: {
      readonly contentType?: string;
      readonly contentEncoding?: string;
      readonly contentDisposition?: string;
    },
  ): Promise<string>;
}

/** A signer for the bucket. */
export function openUrlSigner(bucket: string): UrlSigner {
  return {
    async put(key, { size, crc64nvme }, { overwrites = false } = {}) {
      const headers: Record<string, string> = {
        [CHECKSUM]: crc64nvme,
        ...(overwrites ? {} : { 'if-none-match': '*' }),
      };
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentLength: size,
        ChecksumCRC64NVME: crc64nvme,
        ...(overwrites ? {} : { IfNoneMatch: '*' }),
      });
      return { url: await getSignedUrl(s3(), command, signedHeaders(headers)), headers };
    },
    async putPart(key, id, part, { size, crc64nvme }) {
      const headers = { [CHECKSUM]: crc64nvme };
      const command = new UploadPartCommand({
        Bucket: bucket,
        Key: key,
        UploadId: id,
        PartNumber: part,
        ContentLength: size,
        ChecksumCRC64NVME: crc64nvme,
      });
      return { url: await getSignedUrl(s3(), command, signedHeaders(headers)), headers };
    },
    get: (key, { contentType, contentEncoding, contentDisposition } = {}) =>
      getSignedUrl(
        s3(),
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(contentType ? { ResponseContentType: contentType } : {}),
          ...(contentEncoding ? { ResponseContentEncoding: contentEncoding } : {}),
          ...(contentDisposition ? { ResponseContentDisposition: contentDisposition } : {}),
        }),
        { expiresIn: SIGNED_URL_SECONDS },
      ),
  };
}

/** Length and checksum are signed as headers: in the query they would bind nobody. */
function signedHeaders(headers: Readonly<Record<string, string>>) {
  return {
    expiresIn: SIGNED_URL_SECONDS,
    signableHeaders: new Set(['host', 'content-length', ...Object.keys(headers)]),
    unhoistableHeaders: new Set([CHECKSUM]),
  };
}
