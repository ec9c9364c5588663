/**
 * Objects written in parts: bytes of ours, and ranges that S3 copies by itself. Nothing of the object can be seen before
 * `finish`; what is abandoned is aborted, and a lifecycle rule of the bucket ends what a dead container left.
 */
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { s3 } from './clients.ts';
import { isPreconditionFailed } from './errors.ts';
import {
  type ByteRange,
  conditionHeaders,
  type ObjectAt,
  type PutOptions,
  toBase64,
  type Written,
  writeHeaders,
} from './object-store.ts';

/** Every part but the last one has at least this many bytes. */
export const MINIMUM_PART_BYTES = 5 * 1024 * 1024;

export interface PartsWriter {
  /** By which `resumeInParts` finds it again. */
  readonly id: string;
  /** Parts that were written before it was resumed. */
  readonly standing: ReadonlySet<number>;
  /** Part numbers count from 1; parts may be written in any order and several at once. */
  write(part: number, bytes: Uint8Array): Promise<void>;
  copy(part: number, from: ObjectAt & { readonly bucket: string }, range: ByteRange): Promise<void>;
  finish(onlyIf?: PutOptions['onlyIf']): Promise<Written>;
  abandon(): Promise<void>;
}

export interface PartsOptions extends Omit<PutOptions, 'onlyIf' | 'crc32'> {
  /** Whether S3 is to keep the CRC-32 of the whole, copied parts with it, in place of the checksum that it keeps by itself. */
  readonly keepsCrc32?: boolean;
}

/** Begins an object that is written in parts. */
export async function writeInParts(
  bucket: string,
  key: string,
  { keepsCrc32 = false, ...options }: PartsOptions = {},
): Promise<PartsWriter> {
  const created = await s3().send(
    new CreateMultipartUploadCommand({
      Bucket: bucket,
      Key: key,
      ...writeHeaders(options),
      ...(keepsCrc32 ? { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } : {}),
    }),
  );
  return partsWriter({ Bucket: bucket, Key: key, UploadId: created.UploadId ?? '' }, new Map(), keepsCrc32);
}

/** Goes on with an object that another call began to write. */
export async function resumeInParts(bucket: string, key: string, id: string): Promise<PartsWriter> {
  const upload = { Bucket: bucket, Key: key, UploadId: id };
  const etags = new Map<number, string | undefined>();
  let marker: string | undefined;
  do {
    const page = await s3().send(
      new ListPartsCommand({ ...upload, ...(marker ? { PartNumberMarker: marker } : {}) }),
    );
    for (const { PartNumber, ETag } of page.Parts ?? []) if (PartNumber) etags.set(PartNumber, ETag);
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
  } while (marker);
  return partsWriter(upload, etags);
}

function partsWriter(
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string },
  etags: Map<number, string | undefined>,
  keepsCrc32 = false,
): PartsWriter {
  return {
    id: upload.UploadId,
    standing: new Set(etags.keys()),
    async write(part, bytes) {
      const output = await s3().send(
        new UploadPartCommand({
          ...upload,
          PartNumber: part,
          Body: bytes,
          ContentLength: bytes.length,
          // S3 refuses a part that does not bear the checksum that was announced.
          ...(keepsCrc32 ? { ChecksumCRC32: toBase64(crc32(bytes)) } : {}),
        }),
      );
      etags.set(part, output.ETag);
    },
    async copy(part, from, range) {
      const version = from.versionId ? `?versionId=${encodeURIComponent(from.versionId)}` : '';
      const key = from.key.split('/').map(encodeURIComponent).join('/');
      const output = await s3().send(
        new UploadPartCopyCommand({
          ...upload,
          PartNumber: part,
          CopySource: `${from.bucket}/${key}${version}`,
          CopySourceRange: `bytes=${range.start}-${range.start + range.length - 1}`,
        }),
      );
      etags.set(part, output.CopyPartResult?.ETag);
    },
    async finish(onlyIf) {
      const parts = [...etags].sort(([a], [b]) => a - b);
      try {
        const output = await s3().send(
          new CompleteMultipartUploadCommand({
            ...upload,
            MultipartUpload: { Parts: parts.map(([PartNumber, ETag]) => ({ PartNumber, ETag })) },
            ...conditionHeaders(onlyIf),
          }),
        );
        return { written: true, versionId: output.VersionId ?? '' };
      } catch (error) {
        if (onlyIf && isPreconditionFailed(error)) {
          await s3().send(new AbortMultipartUploadCommand(upload));
          return { written: false };
        }
        throw error;
      }
    },
    async abandon() {
      await s3().send(new AbortMultipartUploadCommand(upload));
    },
  };
}
