/**
 * CopyObject, and the reading side of every copy. The bytes are not copied: the new object refers to the same blobs.
 */
import { uriDecode } from '../auth/canonical-request.ts';
import type { Extent } from './blob-store.ts';
import { checkCopySource, checkWrite } from './conditions.ts';
import {
  descriptionOf,
  encryptionHeaders,
  quotedEtag,
  requestedAlgorithm,
  versionHeaders,
} from './object-headers.ts';
import { allowWrite, opaqueEtag } from './put-object.ts';
import { md5Of } from './read-extents.ts';
import type { ObjectDescription, StoredChecksum, StoredVersion } from './records.ts';
import { objectArn, type Reply, type S3Call } from './s3-call.ts';
import { invalidArgument, invalidRequest } from './s3-error.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

const LARGEST_COPY_BYTES = 5 * 2 ** 30;

export interface CopySource {
  readonly version: StoredVersion;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The source the caller names, if it may read it and if it is the one that is meant. */
export function copySource(call: S3Call): CopySource {
  const [path = '', versionId] = (call.headers['x-amz-copy-source'] ?? '').split('?versionId=');
  const decoded = uriDecode(path).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1)
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const [bucket, key] = [decoded.slice(0, slash), decoded.slice(slash + 1)];
  const arn = objectArn(bucket, key);
  call.allow(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', arn);
  const version = call.readable(bucket, key, versionId);
  call.allowKey('kms:Decrypt', version.kmsKeyArn, arn);
  checkCopySource(call.headers, version);
  const headers: Record<string, string> =
    version.id === 'null' ? {} : { 'x-amz-copy-source-version-id': version.id };
  return { version, bucket, key, headers };
}

export async function copyObject(call: S3Call): Promise<Reply> {
  const { store, headers, bucket, key } = call;
  const kmsKeyArn = allowWrite(call);
  const source = copySource(call);
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
  const replacesTags = headers['x-amz-tagging-directive'] === 'REPLACE';
  checkChangesSomething(call, source, replaces || replacesTags);
  const from = source.version;
  if (from.size > LARGEST_COPY_BYTES)
    throw invalidRequest(
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    );

  const described = descriptionOf(headers, kmsKeyArn);
  const about = replaces ? described : from;
  const tags = replacesTags ? described.tags : from.tags;
  const description: ObjectDescription = {
    ...(about.headers ? { headers: about.headers } : {}),
    ...(about.metadata ? { metadata: about.metadata } : {}),
    ...(tags ? { tags } : {}),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
  };
  const checksum = copiedChecksum(from, requestedAlgorithm(headers));
  const version = await store.blobs.holding(from.body, async () => {
    const etag = await copiedEtag(call, from, from.body, kmsKeyArn);
    return store.put(
      bucket,
      key,
      { size: from.size, etag, body: from.body, ...(checksum ? { checksum } : {}), ...description },
      { event: 'ObjectCreated:Copy', precondition: (current) => checkWrite(headers, current) },
    );
  });
  return {
    status: 200,
    headers: { ...versionHeaders(version), ...encryptionHeaders(kmsKeyArn), ...source.headers },
    xml: xmlDocument('CopyObjectResult', [
      ['ETag', quotedEtag(version.etag)],
      ['LastModified', new Date(version.at).toISOString()],
      ...checksumElements(checksum),
    ]),
  };
}

/** The ETag of a copy: that of the source where it is the MD5 of just these bytes, else computed, or opaque under a key. */
export async function copiedEtag(
  call: S3Call,
  source: StoredVersion,
  extents: readonly Extent[],
  kmsKeyArn: string | undefined,
): Promise<string> {
  if (kmsKeyArn !== undefined) return opaqueEtag();
  const isMd5 = source.kmsKeyArn === undefined && !source.etag.includes('-');
  return isMd5 && extents === source.body ? source.etag : md5Of(call.store.blobs, extents);
}

function copiedChecksum(
  source: StoredVersion,
  requested: StoredChecksum['algorithm'] | undefined,
): StoredChecksum | undefined {
  const algorithm = requested ?? source.checksum?.algorithm;
  if (algorithm === undefined) return undefined;
  const reusable = source.checksum?.algorithm === algorithm && source.checksum.type === undefined;
  return reusable ? source.checksum : { algorithm };
}

/** A checksum as the results of copies and uploads list it. */
export function checksumElements(checksum: StoredChecksum | undefined): XmlElement[] {
  if (checksum?.value === undefined) return [];
  return [
    [`Checksum${checksum.algorithm.toUpperCase()}`, checksum.value],
    ['ChecksumType', checksum.type ?? 'FULL_OBJECT'],
  ];
}

function checkChangesSomething(call: S3Call, source: CopySource, replaces: boolean): void {
  const itself =
    source.bucket === call.bucket &&
    source.key === call.key &&
    !call.headers['x-amz-copy-source']?.includes('?versionId=');
  if (itself && !replaces && call.headers['x-amz-server-side-encryption'] === undefined)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
}
