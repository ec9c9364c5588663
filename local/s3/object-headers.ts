/**
 * Between headers and what is kept of an object: its description when it is written, its facts when it is read.
 */
import { isChecksumAlgorithm } from './checksums.ts';
import type { ObjectDescription, StoredChecksum, StoredVersion } from './records.ts';
import { invalidArgument, S3Error } from './s3-error.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Headers kept with an object and given back with it. */
export const KEPT_HEADERS = [
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'cache-control',
  'expires',
] as const;

const USER_METADATA = 'x-amz-meta-';
const LARGEST_METADATA_BYTES = 2048;
const MOST_TAGS = 10;

/** What the headers of a PUT, a copy or the start of an upload say of the object. */
export function descriptionOf(headers: Headers, kmsKeyArn: string | undefined): ObjectDescription {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = name === 'content-encoding' ? withoutFraming(headers[name]) : headers[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  const metadata: Record<string, string> = {};
  for (const name in headers)
    if (name.startsWith(USER_METADATA)) metadata[name.slice(USER_METADATA.length)] = headers[name] ?? '';
  checkMetadata(metadata);
  const tags = parseTags(headers['x-amz-tagging']);
  return {
    ...(Object.keys(kept).length > 0 ? { headers: kept } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
  };
}

function withoutFraming(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
}

function checkMetadata(metadata: Record<string, string>): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) bytes += name.length + Buffer.byteLength(value);
  if (bytes > LARGEST_METADATA_BYTES)
    throw new S3Error(
      'MetadataTooLarge',
      400,
      'Your metadata headers exceed the maximum allowed metadata size',
    );
}

function parseTags(header: string | undefined): Record<string, string> {
  const tags = Object.fromEntries(new URLSearchParams(header ?? ''));
  checkTags(tags);
  return tags;
}

export function checkTags(tags: Readonly<Record<string, string>>): void {
  const names = Object.keys(tags);
  if (names.length > MOST_TAGS) throw new S3Error('BadRequest', 400, 'Object tags cannot be greater than 10');
  for (const name of names)
    if (name.length < 1 || name.length > 128 || tags[name]!.length > 256)
      throw new S3Error('InvalidTag', 400, 'The TagKey or TagValue you have provided is invalid');
}

/** The algorithm named when an upload starts or a copy is made. */
export function requestedAlgorithm(headers: Headers): StoredChecksum['algorithm'] | undefined {
  const named = headers['x-amz-checksum-algorithm']?.toLowerCase();
  if (named === undefined) return undefined;
  if (!isChecksumAlgorithm(named)) throw invalidArgument('Checksum algorithm provided is unsupported.');
  return named;
}

export function quotedEtag(etag: string): string {
  return `"${etag}"`;
}

export function versionHeaders(version: StoredVersion): Record<string, string> {
  return version.id === 'null' ? {} : { 'x-amz-version-id': version.id };
}

export function encryptionHeaders(kmsKeyArn: string | undefined): Record<string, string> {
  if (kmsKeyArn === undefined) return { 'x-amz-server-side-encryption': 'AES256' };
  return {
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyArn,
  };
}

export function checksumHeaders(checksum: StoredChecksum | undefined): Record<string, string> {
  if (checksum?.value === undefined) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
    'x-amz-checksum-type': checksum.type ?? 'FULL_OBJECT',
  };
}

/** What GET and HEAD tell of an object, apart from its length, range and checksum. */
export function factHeaders(version: StoredVersion): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    etag: quotedEtag(version.etag),
    'last-modified': new Date(version.at).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeaders(version),
    ...encryptionHeaders(version.kmsKeyArn),
  };
  for (const name in version.metadata) headers[USER_METADATA + name] = version.metadata[name]!;
  const tags = version.tags ? Object.keys(version.tags).length : 0;
  if (tags > 0) headers['x-amz-tagging-count'] = String(tags);
  return headers;
}
