/**
 * PutObject, and the ETag that every write gives its object.
 */
import { randomBytes } from 'node:crypto';
import { DEFAULT_CHECKSUM } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import {
  checksumHeaders,
  descriptionOf,
  encryptionHeaders,
  quotedEtag,
  versionHeaders,
} from './object-headers.ts';
import { declaredChecksum, receiveBody } from './receive-body.ts';
import type { StoredChecksum, StoredVersion } from './records.ts';
import type { Reply, S3Call } from './s3-call.ts';

export async function putObject(call: S3Call): Promise<Reply> {
  const { store, headers, bucket, key } = call;
  const kmsKeyArn = allowWrite(call);
  checkWrite(headers, store.version(bucket, key));
  const declared = declaredChecksum(headers);
  const body = await receiveBody(call, store.blobs, {
    md5: kmsKeyArn === undefined,
    checksums: declared ? [declared] : [],
  });
  // One that nobody sent is computed when somebody asks for it: few do, and it costs as much as storing the bytes.
  const checksum: StoredChecksum = declared
    ? { algorithm: declared, value: body.checksums[declared]! }
    : { algorithm: DEFAULT_CHECKSUM };
  let version: StoredVersion;
  try {
    version = store.put(
      bucket,
      key,
      {
        size: body.size,
        etag: body.md5?.toString('hex') ?? opaqueEtag(),
        body: body.extents,
        checksum,
        ...descriptionOf(headers, kmsKeyArn),
      },
      { event: 'ObjectCreated:Put', precondition: (current) => checkWrite(headers, current) },
    );
  } catch (error) {
    store.blobs.abandon(body.extents);
    throw error;
  }
  return {
    status: 200,
    headers: {
      etag: quotedEtag(version.etag),
      ...checksumHeaders(checksum),
      ...versionHeaders(version),
      ...encryptionHeaders(kmsKeyArn),
    },
  };
}

/** Asks for everything that writing an object of this description needs; returns the key it is encrypted with. */
export function allowWrite(call: S3Call): string | undefined {
  call.allow('s3:PutObject', call.objectArn, writeContext(call));
  if (call.headers['x-amz-tagging'] !== undefined) call.allow('s3:PutObjectTagging');
  const kmsKeyArn = call.writtenKey();
  call.allowKey('kms:GenerateDataKey', kmsKeyArn);
  return kmsKeyArn;
}

function writeContext(call: S3Call): Record<string, string> {
  const context: Record<string, string> = {};
  for (const name of [
    'x-amz-server-side-encryption',
    'x-amz-server-side-encryption-aws-kms-key-id',
    'x-amz-acl',
    'if-none-match',
  ])
    if (call.headers[name] !== undefined) context[`s3:${name}`] = call.headers[name];
  return context;
}

/** Of an object under a KMS key, whose ETag says nothing of its bytes. */
export function opaqueEtag(): string {
  return randomBytes(16).toString('hex');
}
