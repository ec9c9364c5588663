/**
 * GetObject, HeadObject and GetObjectAttributes.
 */

import { lengthOf, sliceExtents } from './blob-store.ts';
import { type ByteRange, isNotModified, parseRange, unsatisfiable } from './conditions.ts';
import { checksumHeaders, factHeaders, KEPT_HEADERS, quotedEtag, versionHeaders } from './object-headers.ts';
import { checksumOf } from './read-extents.ts';
import type { StoredChecksum, StoredVersion } from './records.ts';
import type { Reply, S3Call } from './s3-call.ts';
import { invalidArgument } from './s3-error.ts';
import { xmlDocument } from './xml.ts';

/** Up to this size a GET computes a checksum that nobody has asked for before; of a larger object only HEAD does. */
const WORTH_READING = 64 << 20;

export async function getObject(call: S3Call): Promise<Reply> {
  const isHead = call.method === 'HEAD';
  const { headers } = call;
  call.allow(call.query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject');
  const version = call.readable();
  const wantsChecksum = headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  if (!isHead || wantsChecksum) call.allowKey('kms:Decrypt', version.kmsKeyArn);
  if (isNotModified(headers, version))
    return { status: 304, headers: { etag: quotedEtag(version.etag), ...versionHeaders(version) } };

  const reply: Record<string, string | number> = factHeaders(version);
  for (const name of KEPT_HEADERS) {
    const override = call.query.get(`response-${name}`);
    if (override !== undefined) reply[name] = override;
  }
  const range = partRange(call, version, reply) ?? parseRange(headers.range, version.size);
  if (range) reply['content-range'] = rangeText(range, version.size);
  else if (wantsChecksum)
    Object.assign(
      reply,
      checksumHeaders(await knownChecksum(call, version, isHead || version.size <= WORTH_READING)),
    );
  reply['content-length'] = range?.length ?? version.size;
  const status = range ? 206 : 200;
  if (isHead) return { status, headers: reply };
  const extents = range ? sliceExtents(version.body, range.start, range.length) : version.body;
  return { status, headers: reply, extents };
}

export async function getObjectAttributes(call: S3Call): Promise<Reply> {
  const suffix = call.query.has('versionId') ? 'Version' : '';
  call.allow(`s3:GetObject${suffix}`);
  call.allow(`s3:GetObject${suffix}Attributes`);
  const version = call.readable();
  call.allowKey('kms:Decrypt', version.kmsKeyArn);
  const asked = new Set(
    (call.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim()),
  );
  const checksum = asked.has('Checksum') ? await knownChecksum(call, version, true) : undefined;
  const xml = xmlDocument('GetObjectAttributesResponse', [
    ['ETag', asked.has('ETag') ? version.etag : undefined],
    [
      'Checksum',
      checksum && [
        [`Checksum${checksum.algorithm.toUpperCase()}`, checksum.value],
        ['ChecksumType', checksum.type ?? 'FULL_OBJECT'],
      ],
    ],
    [
      'ObjectParts',
      asked.has('ObjectParts') && version.parts ? [['PartsCount', version.parts.length]] : undefined,
    ],
    ['StorageClass', asked.has('StorageClass') ? 'STANDARD' : undefined],
    ['ObjectSize', asked.has('ObjectSize') ? version.size : undefined],
  ]);
  return {
    status: 200,
    headers: { 'last-modified': new Date(version.at).toUTCString(), ...versionHeaders(version) },
    xml,
  };
}

/** The checksum; one not computed when the object was written is computed once, if it is worth reading the object. */
async function knownChecksum(
  call: S3Call,
  version: StoredVersion,
  compute: boolean,
): Promise<StoredChecksum | undefined> {
  const { checksum } = version;
  if (!checksum || checksum.value !== undefined || !compute) return checksum;
  const value = await checksumOf(call.store.blobs, version.body, checksum.algorithm);
  const known: StoredChecksum = { ...checksum, value };
  const isStillThere = call.store.version(call.bucket, call.key, version.id) === version;
  if (isStillThere) call.store.amend(call.bucket, call.key, version.id, { checksum: known });
  return known;
}

function partRange(
  call: S3Call,
  version: StoredVersion,
  reply: Record<string, string | number>,
): ByteRange | undefined {
  const asked = call.query.get('partNumber');
  if (asked === undefined) return undefined;
  const sizes = version.parts ?? [lengthOf(version.body)];
  const number = Number(asked);
  if (!(number >= 1)) throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
  if (number > sizes.length) throw unsatisfiable(version.size);
  if (version.parts) reply['x-amz-mp-parts-count'] = sizes.length;
  const start = sizes.slice(0, number - 1).reduce((sum, size) => sum + size, 0);
  return { start, length: sizes[number - 1]! };
}

function rangeText({ start, length }: ByteRange, size: number): string {
  return `bytes ${start}-${start + length - 1}/${size}`;
}
