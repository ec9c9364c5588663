/**
 * Conditions of reads and writes (RFC 9110 section 13 as S3 keeps it) and ranges of bytes.
 */
import type { StoredVersion } from './records.ts';
import { noSuchKey, preconditionFailed, S3Error } from './s3-error.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Throws when `If-None-Match: *` or `If-Match` of a write does not hold for what stands there. */
export function checkWrite(headers: Headers, current: StoredVersion | undefined): void {
  const exists = current !== undefined && !current.marker;
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*')
      throw new S3Error(
        'NotImplemented',
        501,
        'A header you provided implies functionality that is not implemented',
      );
    if (exists) throw preconditionFailed();
  }
  if (ifMatch === undefined) return;
  if (!exists) throw noSuchKey();
  if (!matches(ifMatch, current)) throw preconditionFailed();
}

/** Whether the reader has it already (304); throws when its precondition fails (412). */
export function isNotModified(headers: Headers, version: StoredVersion): boolean {
  const modified = Math.floor(version.at / 1000) * 1000;
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '');
  if (ifMatch !== undefined ? !matches(ifMatch, version) : modified > unmodifiedSince)
    throw preconditionFailed();
  return ifNoneMatch !== undefined ? matches(ifNoneMatch, version) : modified <= modifiedSince;
}

/** Throws when the source of a copy is not the one the copier means. */
export function checkCopySource(headers: Headers, source: StoredVersion): void {
  const renamed = {
    'if-match': headers['x-amz-copy-source-if-match'],
    'if-none-match': headers['x-amz-copy-source-if-none-match'],
    'if-modified-since': headers['x-amz-copy-source-if-modified-since'],
    'if-unmodified-since': headers['x-amz-copy-source-if-unmodified-since'],
  };
  if (isNotModified(renamed, source)) throw preconditionFailed();
}

function matches(condition: string, version: StoredVersion): boolean {
  return condition
    .split(',')
    .map((etag) => etag.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((etag) => etag === '*' || etag === version.etag);
}

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** The one range a `Range` header asks for; undefined when it is none that S3 serves (then all is sent). */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [first, last] = [match[1]!, match[2]!];
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start > end) throw unsatisfiable(size);
  return { start, length: end - start + 1 };
}

export function unsatisfiable(size: number): S3Error {
  return new S3Error('InvalidRange', 416, 'The requested range is not satisfiable', {
    'content-range': `bytes */${size}`,
  });
}
