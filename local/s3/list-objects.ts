/**
 * ListObjectsV2, ListObjects and ListObjectVersions: one walk over the ordered keys, with prefixes rolled up.
 */
import { uriEncode } from '../auth/canonical-request.ts';
import { quotedEtag } from './object-headers.ts';
import type { StoredVersion } from './records.ts';
import type { Reply, S3Call } from './s3-call.ts';
import { invalidArgument } from './s3-error.ts';
import type { Bucket } from './store-state.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

const LARGEST_PAGE = 1000;
/** Behind every key that starts as the text before it. */
const LAST_CHARACTER = '\u{10ffff}';

type Entry =
  | { readonly prefix: string }
  | { readonly key: string; readonly version: StoredVersion; readonly isLatest: boolean };

interface Walk {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys up to this one are not listed. */
  readonly after: string;
  /** With `after`: of that key the versions behind this one are still listed. */
  readonly afterVersion?: string | undefined;
  readonly versions: boolean;
}

export function listObjectsV2(call: S3Call): Reply {
  const { query } = call;
  const bucket = allowListing(call, 's3:ListBucket');
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const after = token === undefined ? (startAfter ?? '') : Buffer.from(token, 'base64url').toString();
  const page = pageOf(call, bucket, { after, versions: false });
  return reply('ListBucketResult', [
    ...page.head,
    ['KeyCount', page.entries.length],
    ['ContinuationToken', token],
    ['StartAfter', startAfter === undefined ? undefined : page.encode(startAfter)],
    [
      'NextContinuationToken',
      page.next === undefined ? undefined : Buffer.from(page.next).toString('base64url'),
    ],
    ...page.elements,
  ]);
}

export function listObjects(call: S3Call): Reply {
  const bucket = allowListing(call, 's3:ListBucket');
  const marker = call.query.get('marker') ?? '';
  const page = pageOf(call, bucket, { after: marker, versions: false });
  return reply('ListBucketResult', [
    ...page.head,
    ['Marker', page.encode(marker)],
    ['NextMarker', page.next === undefined ? undefined : page.encode(page.next.replace(LAST_CHARACTER, ''))],
    ...page.elements,
  ]);
}

export function listObjectVersions(call: S3Call): Reply {
  const bucket = allowListing(call, 's3:ListBucketVersions');
  const after = call.query.get('key-marker') ?? '';
  const page = pageOf(call, bucket, {
    after,
    afterVersion: call.query.get('version-id-marker'),
    versions: true,
  });
  return reply('ListVersionsResult', [
    ...page.head,
    ['KeyMarker', page.encode(after)],
    ['NextKeyMarker', page.next === undefined ? undefined : page.encode(page.next)],
    ['NextVersionIdMarker', page.next === undefined ? undefined : page.lastVersion],
    ...page.elements,
  ]);
}

function allowListing(call: S3Call, action: string): Bucket {
  const context: Record<string, string> = {};
  for (const name of ['prefix', 'delimiter', 'max-keys'])
    if (call.query.has(name)) context[`s3:${name}`] = call.query.get(name)!;
  call.allow(action, call.bucketArn, context);
  return call.store.bucket(call.bucket);
}

interface Page {
  readonly head: XmlElement[];
  readonly entries: readonly Entry[];
  readonly elements: XmlElement[];
  /** Where the next page goes on, if there is one. */
  readonly next: string | undefined;
  readonly lastVersion: string | undefined;
  readonly encode: (key: string) => string;
}

function pageOf(call: S3Call, bucket: Bucket, from: Pick<Walk, 'after' | 'afterVersion' | 'versions'>): Page {
  const { query } = call;
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const asked = Number(query.get('max-keys') ?? LARGEST_PAGE);
  if (!Number.isInteger(asked) || asked < 0)
    throw invalidArgument('Provided max-keys not an integer or within integer range');
  const size = Math.min(asked, LARGEST_PAGE);
  const urlEncoded = query.get('encoding-type') === 'url';
  const encode = urlEncoded ? (key: string) => uriEncode(key).replaceAll('%2F', '/') : (key: string) => key;

  const entries: Entry[] = [];
  let truncated = false;
  for (const entry of walk(bucket, { prefix, delimiter, ...from })) {
    truncated = entries.length === size && size > 0;
    if (entries.length === size) break;
    entries.push(entry);
  }
  const last = entries.at(-1);
  const lastName = last && ('prefix' in last ? last.prefix + LAST_CHARACTER : last.key);
  return {
    head: [
      ['Name', bucket.name],
      ['Prefix', encode(prefix)],
      ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
      ['MaxKeys', size],
      ['EncodingType', urlEncoded ? 'url' : undefined],
      ['IsTruncated', truncated],
    ],
    entries,
    elements: entries.map((entry) => elementOf(entry, from.versions, encode)),
    next: truncated ? lastName : undefined,
    lastVersion: last && 'version' in last ? last.version.id : undefined,
    encode,
  };
}

function* walk(bucket: Bucket, { prefix, delimiter, after, afterVersion, versions }: Walk): Generator<Entry> {
  const keys = bucket.keysFrom(after > prefix ? after : prefix);
  let step = keys.next();
  while (!step.done) {
    const key = step.value;
    if (!key.startsWith(prefix)) return;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut >= 0) {
      const common = key.slice(0, cut + delimiter.length);
      const listedBefore = after.startsWith(common);
      if (!listedBefore && isListed(bucket, common, key, versions)) yield { prefix: common };
      step = keys.next(common + LAST_CHARACTER);
      continue;
    }
    yield* entriesOf(bucket, key, { after, afterVersion, versions });
    step = keys.next();
  }
}

/** Whether any key under a common prefix is more than a delete marker. */
function isListed(bucket: Bucket, common: string, first: string, versions: boolean): boolean {
  for (const key of bucket.keysFrom(first)) {
    if (!key.startsWith(common)) return false;
    if (versions || !bucket.versions.get(key)![0]!.marker) return true;
  }
  return false;
}

function* entriesOf(
  bucket: Bucket,
  key: string,
  { after, afterVersion, versions }: Pick<Walk, 'after' | 'afterVersion' | 'versions'>,
): Generator<Entry> {
  const all = bucket.versions.get(key)!;
  const newest = all[0]!;
  if (!versions) {
    if (key !== after && !newest.marker) yield { key, version: newest, isLatest: true };
    return;
  }
  const listed =
    key === after
      ? afterVersion === undefined
        ? all.length
        : all.findIndex(({ id }) => id === afterVersion) + 1
      : 0;
  for (const version of all.slice(listed)) yield { key, version, isLatest: version === newest };
}

function elementOf(entry: Entry, versions: boolean, encode: (key: string) => string): XmlElement {
  if ('prefix' in entry) return ['CommonPrefixes', [['Prefix', encode(entry.prefix)]]];
  const { key, version, isLatest } = entry;
  const facts: XmlElement[] = [
    ['Key', encode(key)],
    ['LastModified', new Date(version.at).toISOString()],
  ];
  if (versions) facts.push(['VersionId', version.id], ['IsLatest', isLatest]);
  if (version.marker) return ['DeleteMarker', facts];
  facts.push(['ETag', quotedEtag(version.etag)], ['Size', version.size], ['StorageClass', 'STANDARD']);
  if (version.checksum) facts.push(['ChecksumAlgorithm', version.checksum.algorithm.toUpperCase()]);
  return [versions ? 'Version' : 'Contents', facts];
}

function reply(root: string, content: readonly XmlElement[]): Reply {
  return { status: 200, xml: xmlDocument(root, content) };
}
