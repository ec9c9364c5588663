/**
 * Starts the S3 server: a store on disk, HTTP before it on the loopback interface, and the calls the machine itself makes.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { type Extent, sliceExtents } from './blob-store.ts';
import { DEFAULT_CHECKSUM, startChecksum } from './checksums.ts';
import type { BucketSettings, ObjectFacts, OpenedObject, S3Options, S3Server } from './contract.ts';
import { descriptionOf, quotedEtag } from './object-headers.ts';
import { ObjectStore } from './object-store.ts';
import { opaqueEtag } from './put-object.ts';
import { blocksOf } from './read-extents.ts';
import type { StoredVersion } from './records.ts';
import { serveS3 } from './serve-s3.ts';

/** Opens what `dir` holds and serves it; resolves when requests are accepted. */
export async function startS3(options: S3Options): Promise<S3Server> {
  const { region, account, credentials, authorize } = options;
  const onFault = options.onFault ?? ((error) => console.error('local S3:', error));
  const store = new ObjectStore(options);
  const serving = { store, region, account, credentials, authorize, onFault };
  const server = createServer(
    { requestTimeout: 0, keepAliveTimeout: 0, noDelay: true },
    (request, response) => {
      void serveS3(request, response, serving);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const swept = store.blobs.sweep().catch(onFault);
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    createBucket: (settings: BucketSettings) => store.configure(settings),
    deleteBucket: (name) => store.removeBucket(name),
    bucketNames: () => [...store.buckets.keys()],
    putObject: (bucket, key, body, headers) => putInProcess(store, bucket, key, body, headers),
    openObject: (bucket, key, versionId) => openInProcess(store, bucket, key, versionId),
    deleteObject: (bucket, key) => void store.remove(bucket, key),
    listObjects: (bucket, prefix = '') => listInProcess(store, bucket, prefix),
    undelivered: () => store.undelivered,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      store.close();
      await swept;
    },
  };
}

async function putInProcess(
  store: ObjectStore,
  bucket: string,
  key: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Promise<ObjectFacts> {
  const { kmsKeyArn } = store.bucket(bucket).settings;
  const md5 = kmsKeyArn === undefined ? createHash('md5') : undefined;
  const checksum = startChecksum(DEFAULT_CHECKSUM);
  const writer = store.blobs.writer();
  let size = 0;
  let extents: Extent[];
  try {
    for await (const piece of body instanceof Uint8Array ? [body] : body) {
      md5?.update(piece);
      checksum.update(piece);
      size += piece.length;
      await writer.write(piece);
    }
    extents = await writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
  const version = store.put(
    bucket,
    key,
    {
      size,
      etag: md5?.digest('hex') ?? opaqueEtag(),
      body: extents,
      checksum: { algorithm: DEFAULT_CHECKSUM, value: checksum.digest().toString('base64') },
      ...descriptionOf(headers, kmsKeyArn),
    },
    { event: 'ObjectCreated:Put' },
  );
  return factsOf(key, version);
}

function openInProcess(
  store: ObjectStore,
  bucket: string,
  key: string,
  versionId?: string,
): OpenedObject | undefined {
  const version = store.version(bucket, key, versionId);
  if (!version || version.marker) return undefined;
  return {
    ...factsOf(key, version),
    stream(range) {
      const extents = range
        ? sliceExtents(version.body, range.start, range.end - range.start + 1)
        : version.body;
      return Readable.from(copiesOf(blocksOf(store.blobs, extents)));
    },
  };
}

/** A stream hands its blocks on and reads ahead, so each needs bytes of its own. */
async function* copiesOf(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const block of blocks) yield Buffer.from(block);
}

function* listInProcess(store: ObjectStore, bucketName: string, prefix: string): Generator<ObjectFacts> {
  const bucket = store.bucket(bucketName);
  for (const key of bucket.keysFrom(prefix)) {
    if (!key.startsWith(prefix)) return;
    const version = bucket.versions.get(key)![0]!;
    if (!version.marker) yield factsOf(key, version);
  }
}

function factsOf(key: string, version: StoredVersion): ObjectFacts {
  return {
    key,
    size: version.size,
    etag: quotedEtag(version.etag),
    lastModified: new Date(version.at),
    ...(version.id === 'null' ? {} : { versionId: version.id }),
    headers: version.headers ?? {},
    metadata: version.metadata ?? {},
  };
}
