/**
 * The life of a multipart upload: create, upload or copy parts, complete, abort.
 *
 * Parts are blobs of their own and the completed object refers to them in order, so completing copies nothing.
 */
import { createHash } from 'node:crypto';
import { type Extent, lengthOf, sliceExtents } from './blob-store.ts';
import { type ChecksumAlgorithm, DEFAULT_CHECKSUM, isLinear } from './checksums.ts';
import { parseRange } from './conditions.ts';
import { checksumElements, copiedEtag, copySource } from './copy-object.ts';
import { descriptionOf, encryptionHeaders, quotedEtag, requestedAlgorithm } from './object-headers.ts';
import { allowWrite, opaqueEtag } from './put-object.ts';
import { checksumOf } from './read-extents.ts';
import { declaredChecksum, receiveBody } from './receive-body.ts';
import type { StoredPart, UploadFacts } from './records.ts';
import type { Reply, S3Call } from './s3-call.ts';
import { invalidArgument, invalidRequest } from './s3-error.ts';
import type { Upload } from './store-state.ts';
import { xmlDocument } from './xml.ts';

const MOST_PARTS = 10_000;
/** A source of this size or less can only be copied as a whole. */
const SMALLEST_RANGED_SOURCE = 5 << 20;

export function createUpload(call: S3Call): Reply {
  const { store, bucket, key, headers } = call;
  const kmsKeyArn = allowWrite(call);
  const id = store.startUpload({
    bucket,
    key,
    at: Date.now(),
    description: descriptionOf(headers, kmsKeyArn),
    checksum: uploadChecksum(call),
  });
  const named = requestedAlgorithm(headers);
  return {
    status: 200,
    headers: {
      ...encryptionHeaders(kmsKeyArn),
      ...(named ? { 'x-amz-checksum-algorithm': named.toUpperCase() } : {}),
    },
    xml: xmlDocument('InitiateMultipartUploadResult', [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', id],
    ]),
  };
}

function uploadChecksum({ headers }: S3Call): UploadFacts['checksum'] {
  const algorithm = requestedAlgorithm(headers);
  const type = headers['x-amz-checksum-type']?.toUpperCase();
  if (algorithm === undefined) {
    if (type !== undefined)
      throw invalidRequest(
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      );
    return { algorithm: DEFAULT_CHECKSUM };
  }
  const composite = type === undefined ? algorithm !== 'crc64nvme' : type === 'COMPOSITE';
  if (composite ? algorithm === 'crc64nvme' : !isLinear(algorithm))
    throw invalidRequest(
      `The ${type ?? 'COMPOSITE'} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    );
  return composite ? { algorithm, type: 'COMPOSITE' } : { algorithm };
}

export async function uploadPart(call: S3Call): Promise<Reply> {
  const upload = uploadOf(call);
  call.allow('s3:PutObject');
  const { kmsKeyArn } = upload.facts.description;
  call.allowKey('kms:Decrypt', kmsKeyArn);
  const number = partNumber(call);
  const { algorithm } = upload.facts.checksum;
  const declared = declaredChecksum(call.headers);
  if (declared !== undefined && declared !== algorithm && upload.facts.checksum.type === 'COMPOSITE')
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${declared}`,
    );
  const { store } = call;
  const body = await receiveBody(call, store.blobs, { md5: kmsKeyArn === undefined, checksums: [algorithm] });
  const etag = body.md5?.toString('hex') ?? opaqueEtag();
  try {
    const { size, checksums, extents } = body;
    store.putPart(upload.id, number, { at: Date.now(), size, etag, body: extents, checksums });
  } catch (error) {
    store.blobs.abandon(body.extents);
    throw error;
  }
  const answered = declared ?? algorithm;
  return {
    status: 200,
    headers: {
      etag: quotedEtag(etag),
      [`x-amz-checksum-${answered}`]: body.checksums[answered]!,
      ...encryptionHeaders(kmsKeyArn),
    },
  };
}

export async function uploadPartCopy(call: S3Call): Promise<Reply> {
  const upload = uploadOf(call);
  call.allow('s3:PutObject');
  const { kmsKeyArn } = upload.facts.description;
  call.allowKey('kms:Decrypt', kmsKeyArn);
  const number = partNumber(call);
  const source = copySource(call);
  const extents = copiedExtents(call, source.version.body, source.version.size);
  const { store } = call;
  const part = await store.blobs.holding(extents, async () => {
    const made: StoredPart = {
      at: Date.now(),
      size: lengthOf(extents),
      etag: await copiedEtag(call, source.version, extents, kmsKeyArn),
      body: extents,
      checksums: await copiedPartChecksum(call, upload, extents, source.version),
    };
    store.putPart(upload.id, number, made);
    return made;
  });
  const { algorithm } = upload.facts.checksum;
  const value = part.checksums[algorithm];
  return {
    status: 200,
    headers: { ...source.headers, ...encryptionHeaders(kmsKeyArn) },
    xml: xmlDocument('CopyPartResult', [
      ['ETag', quotedEtag(part.etag)],
      ['LastModified', new Date(part.at).toISOString()],
      ...(value === undefined ? [] : checksumElements({ algorithm, value }).slice(0, 1)),
    ]),
  };
}

function copiedExtents(call: S3Call, body: readonly Extent[], size: number): readonly Extent[] {
  const header = call.headers['x-amz-copy-source-range'];
  if (header === undefined) return body;
  if (!/^bytes=\d+-\d+$/.test(header))
    throw invalidArgument('The x-amz-copy-source-range value must be of the form bytes=first-last');
  if (size <= SMALLEST_RANGED_SOURCE)
    throw invalidRequest('The specified copy source is not supported as a byte-range copy source');
  const last = Number(header.slice(header.indexOf('-') + 1));
  const range = parseRange(header, size);
  if (!range || last >= size)
    throw invalidArgument(`Range specified is not valid for source object of size: ${size}`);
  return sliceExtents(body, range.start, range.length);
}

/**
 * The checksum of a copied part where it is at hand or must be answered; else it is left to whoever first asks for the
 * checksum of the object, because reading the bytes would cost more than copying them.
 */
async function copiedPartChecksum(
  call: S3Call,
  { facts }: Upload,
  extents: readonly Extent[],
  source: {
    readonly body: readonly Extent[];
    readonly checksum?: { algorithm: ChecksumAlgorithm; value?: string; type?: string };
  },
): Promise<StoredPart['checksums']> {
  const { algorithm, type } = facts.checksum;
  const known = source.checksum;
  if (extents === source.body && known?.algorithm === algorithm && known.type === undefined && known.value)
    return { [algorithm]: known.value };
  if (type === undefined && algorithm === DEFAULT_CHECKSUM) return {};
  return { [algorithm]: await checksumOf(call.store.blobs, extents, algorithm) };
}

export function abortUpload(call: S3Call): Reply {
  call.allow('s3:AbortMultipartUpload');
  call.store.abortUpload(uploadOf(call).id);
  return { status: 204 };
}

export function uploadOf(call: S3Call): Upload {
  return call.store.upload(call.query.get('uploadId') ?? '', call.bucket, call.key);
}

function partNumber(call: S3Call): number {
  const number = Number(call.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS)
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
  return number;
}

/** The ETag of a completed upload: the MD5 of its parts' ETags and their number. */
export function multipartEtag(parts: readonly StoredPart[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}
