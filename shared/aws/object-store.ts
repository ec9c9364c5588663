/**
 * Objects of one bucket: read by ranges, written under conditions. What S3 answers to a condition is an outcome here, not an
 * error; a missing object is one only where the caller says that it must be there.
 */
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { s3 } from './clients.ts';
import { isMissingObject, isPreconditionFailed } from './errors.ts';

/** An empty or absent version means the current one. */
export interface ObjectAt {
  readonly key: string;
  readonly versionId?: string;
}

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

export interface ObjectFacts {
  /** Of the whole object. */
  readonly size: number;
  /** Changes with the bytes; a condition for `put`. */
  readonly revision: string;
  readonly versionId: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ReadObject extends ObjectFacts {
  readonly bytes: Uint8Array;
}

/** A checksum over the whole object as S3 keeps it, with its algorithm. */
export interface HeadFacts extends ObjectFacts {
  readonly checksum: string;
  /** Undefined where S3 keeps another checksum. */
  readonly crc32?: number | undefined;
}

export interface PutOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** CRC-32 of the bytes: S3 takes no others, and keeps it. */
  readonly crc32?: number;
  /** `absent`: only where nothing stands there yet; a revision: only in place of that one. */
  readonly onlyIf?: 'absent' | { readonly revision: string };
}

/** What became of a conditional write. */
export type Written = { readonly written: true; readonly versionId: string } | { readonly written: false };

export interface ObjectStore {
  readonly bucket: string;
  /** The object or a range of it; a range that reaches over the end is cut. Throws where there is no such object. */
  read(at: ObjectAt, range?: ByteRange): Promise<ReadObject>;
  /** As `read`, in pieces. */
  stream(at: ObjectAt, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  head(at: ObjectAt): Promise<HeadFacts | undefined>;
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<Written>;
  /** Keys under a prefix, in order; with `after` only those behind that key. */
  list(prefix: string, options?: { readonly after?: string }): AsyncIterable<string>;
}

/** The objects of a bucket. */
export function openObjectStore(bucket: string): ObjectStore {
  return {
    bucket,

    async read(at, range) {
      const output = await s3().send(new GetObjectCommand({ ...address(bucket, at), ...rangeHeader(range) }));
      if (!output.Body) throw new Error('S3 answered without a body');
      return { ...factsOf(output), bytes: await output.Body.transformToByteArray() };
    },

    async stream(at, range) {
      const output = await s3().send(new GetObjectCommand({ ...address(bucket, at), ...rangeHeader(range) }));
      if (!output.Body) throw new Error('S3 answered without a body');
      return output.Body as unknown as AsyncIterable<Uint8Array>;
    },

    async head(at) {
      try {
        const output = await s3().send(
          new HeadObjectCommand({ ...address(bucket, at), ChecksumMode: 'ENABLED' }),
        );
        // A checksum of checksums says how the parts were cut, not only what the bytes are.
        const whole = output.ChecksumType === 'COMPOSITE' ? undefined : output;
        const checksum = whole?.ChecksumCRC64NVME
          ? `crc64nvme:${whole.ChecksumCRC64NVME}`
          : whole?.ChecksumSHA256
            ? `sha256:${whole.ChecksumSHA256}`
            : whole?.ChecksumCRC32C
              ? `crc32c:${whole.ChecksumCRC32C}`
              : whole?.ChecksumCRC32
                ? `crc32:${whole.ChecksumCRC32}`
                : `etag:${(output.ETag ?? '').replaceAll('"', '')}`;
        return { ...factsOf(output), checksum, crc32: fromBase64(whole?.ChecksumCRC32) };
      } catch (error) {
        if (isMissingObject(error)) return undefined;
        throw error;
      }
    },

    async put(key, bytes, options = {}) {
      try {
        const output = await s3().send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: bytes,
            ContentLength: bytes.length,
            ...writeHeaders(options),
            ...(options.crc32 === undefined ? {} : { ChecksumCRC32: toBase64(options.crc32) }),
            ...conditionHeaders(options.onlyIf),
          }),
        );
        return { written: true, versionId: output.VersionId ?? '' };
      } catch (error) {
        if (options.onlyIf && isPreconditionFailed(error)) return { written: false };
        throw error;
      }
    },

    async *list(prefix, { after } = {}) {
      let token: string | undefined;
      do {
        const page = await s3().send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(after ? { StartAfter: after } : {}),
            ...(token ? { ContinuationToken: token } : {}),
          }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        token = page.NextContinuationToken;
      } while (token);
    },
  };
}

/** Reads ranges of one version of an object, as the readers of DICOM and of archives want it. */
export function objectSource(
  store: Pick<ObjectStore, 'read'>,
  at: ObjectAt,
  size: number,
): { readonly size: number; read(start: number, length: number): Promise<Uint8Array> } {
  return {
    size,
    read: async (start, length) => {
      const within = Math.min(length, size - start);
      return within <= 0 ? new Uint8Array(0) : (await store.read(at, { start, length: within })).bytes;
    },
  };
}

/** A CRC-32 as S3 writes it: four bytes, the highest first. */
export function toBase64(crc32: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32);
  return bytes.toString('base64');
}

function fromBase64(checksum: string | undefined): number | undefined {
  return checksum === undefined ? undefined : Buffer.from(checksum, 'base64').readUInt32BE();
}

export function address(bucket: string, { key, versionId }: ObjectAt) {
  return { Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) };
}

export function writeHeaders({ metadata, contentType, contentEncoding }: PutOptions) {
  return {
    ...(metadata ? { Metadata: { ...metadata } } : {}),
    ...(contentType ? { ContentType: contentType } : {}),
    ...(contentEncoding ? { ContentEncoding: contentEncoding } : {}),
  };
}

export function conditionHeaders(onlyIf: PutOptions['onlyIf']) {
  if (onlyIf === undefined) return {};
  return onlyIf === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: onlyIf.revision };
}

function rangeHeader(range: ByteRange | undefined) {
  return range ? { Range: `bytes=${range.start}-${range.start + range.length - 1}` } : {};
}

function factsOf(
  output: Pick<GetObjectCommandOutput, 'ContentRange' | 'ContentLength' | 'ETag' | 'VersionId' | 'Metadata'>,
): ObjectFacts {
  const total = output.ContentRange?.split('/')[1];
  return {
    size: total === undefined ? (output.ContentLength ?? 0) : Number(total),
    revision: output.ETag ?? '',
    versionId: output.VersionId ?? '',
    metadata: output.Metadata ?? {},
  };
}
