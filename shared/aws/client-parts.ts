/**
 * Objects whose parts a client sends by signed URLs: S3 itself keeps what has arrived, with a checksum of each part, so
 * that nothing else has to remember it, and puts the object together only if the checksum of the whole holds.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListObjectsV2Command,
  ListPartsCommand,
} from '@aws-sdk/client-s3';
import type { Checked } from '../contract/api.ts';
import { s3 } from './clients.ts';
import { isDamaged, isMissingUpload, isPreconditionFailed } from './errors.ts';

export interface StandingPart extends Checked {
  readonly part: number;
}

/** What became of an object that was to be put together. */
export type Finishing = 'finished' | 'stood-already' | 'unknown' | 'damaged';

export interface ClientParts {
  begin(key: string): Promise<string>;
  /** Undefined where no such object is being sent. */
  standing(key: string, id: string): Promise<StandingPart[] | undefined>;
  finish(key: string, id: string, whole: Checked): Promise<Finishing>;
  abandon(key: string, id: string): Promise<void>;
  /** Whether an object stands under the key: told from the list, which shows no byte of it. */
  stands(key: string): Promise<boolean>;
}

interface ListedPart extends StandingPart {
  readonly etag: string | undefined;
}

/** The objects of the bucket that clients send in parts. */
export function openClientParts(bucket: string): ClientParts {
  const listed = async (key: string, id: string): Promise<ListedPart[] | undefined> => {
    const parts: ListedPart[] = [];
    let marker: string | undefined;
    try {
      do {
        const page = await s3().send(
          new ListPartsCommand({
            Bucket: bucket,
            Key: key,
            UploadId: id,
            ...(marker ? { PartNumberMarker: marker } : {}),
          }),
        );
        for (const { PartNumber: part = 0, Size: size = 0, ChecksumCRC64NVME, ETag: etag } of page.Parts ??
          [])
          parts.push({ part, size, crc64nvme: ChecksumCRC64NVME ?? '', etag });
        marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      } while (marker);
    } catch (error) {
      if (isMissingUpload(error)) return undefined;
      throw error;
    }
    return parts;
  };

  return {
    async begin(key) {
      const created = await s3().send(
        new CreateMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          ChecksumAlgorithm: 'CRC64NVME',
          ChecksumType: 'FULL_OBJECT',
        }),
      );
      return created.UploadId ?? '';
    },

    async standing(key, id) {
      return (await listed(key, id))?.map(({ part, size, crc64nvme }) => ({ part, size, crc64nvme }));
    },

    async finish(key, id, { size, crc64nvme }) {
      const parts = await listed(key, id);
      if (parts === undefined) return 'unknown';
      try {
        await s3().send(
          new CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            UploadId: id,
            MultipartUpload: {
              Parts: parts.map((part) => ({
                PartNumber: part.part,
                ETag: part.etag,
                ChecksumCRC64NVME: part.crc64nvme,
              })),
            },
            ChecksumCRC64NVME: crc64nvme,
            ChecksumType: 'FULL_OBJECT',
            MpuObjectSize: size,
            IfNoneMatch: '*',
          }),
        );
        return 'finished';
      } catch (error) {
        if (isPreconditionFailed(error)) return 'stood-already';
        if (isMissingUpload(error)) return 'unknown';
        if (isDamaged(error)) return 'damaged';
        throw error;
      }
    },

    async abandon(key, id) {
      try {
        await s3().send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id }));
      } catch (error) {
        if (!isMissingUpload(error)) throw error;
      }
    },

    async stands(key) {
      // A key is the first of those that begin with it.
      const page = await s3().send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
      return page.Contents?.[0]?.Key === key;
    },
  };
}
