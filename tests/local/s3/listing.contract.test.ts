/**
 * The contract of listings and versions. Runs against the local server, or against AWS (see under-test.ts).
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3UnderTest, s3UnderTest } from './under-test.ts';

/** In the order of their UTF-8 bytes. */
const KEYS = ['B', 'a/1', 'a/2/x', 'a/2/y', 'a/3', 'a0', 'b & <c>', 'é', '｡', '😀'];

describe('listings', () => {
  let s3: S3UnderTest;
  let Bucket: string;
  beforeAll(async () => {
    s3 = await s3UnderTest();
    Bucket = await s3.newBucket();
    const shuffled = [...KEYS.slice(5), ...KEYS.slice(0, 5)];
    for (const Key of shuffled) await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  });
  afterAll(() => s3.close());

  const list = (more: object = {}) => s3.client.send(new ListObjectsV2Command({ Bucket, ...more }));
  const keysOf = async (more: object = {}) => (await list(more)).Contents?.map(({ Key }) => Key) ?? [];

  it('gives all keys in the order of their bytes', async () => {
    expect(await keysOf()).toEqual(KEYS);
    expect(await list()).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false });
  });

  it.each([1, 2, 3, 7])('gives the same keys in pages of %i', async (pageSize) => {
    const keys: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client: s3.client, pageSize }, { Bucket })) {
      expect(page.Contents!.length).toBeLessThanOrEqual(pageSize);
      keys.push(...page.Contents!.map(({ Key }) => Key));
    }
    expect(keys).toEqual(KEYS);
  });

  it('lists under a prefix, behind a key and with sizes', async () => {
    expect(await keysOf({ Prefix: 'a/' })).toEqual(['a/1', 'a/2/x', 'a/2/y', 'a/3']);
    expect(await keysOf({ StartAfter: 'a/2/x' })).toEqual(KEYS.slice(3));
    expect(await keysOf({ Prefix: 'none' })).toEqual([]);
    expect((await list({ Prefix: 'é' })).Contents).toMatchObject([{ Size: 2, StorageClass: 'STANDARD' }]);
  });

  it('rolls keys up to common prefixes', async () => {
    const top = await list({ Delimiter: '/' });
    expect(top.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    expect(top.Contents?.map(({ Key }) => Key)).toEqual(KEYS.filter((key) => !key.startsWith('a/')));
    const below = await list({ Delimiter: '/', Prefix: 'a/' });
    expect(below.CommonPrefixes).toEqual([{ Prefix: 'a/2/' }]);
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/3']);
    expect(below.KeyCount).toBe(3);
  });

  it('counts a common prefix once over pages of one', async () => {
    const seen: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2(
      { client: s3.client, pageSize: 1 },
      { Bucket, Delimiter: '/' },
    ))
      seen.push(page.CommonPrefixes?.[0]?.Prefix ?? page.Contents?.[0]?.Key);
    expect(seen).toEqual(['B', 'a/', 'a0', 'b & <c>', 'é', '｡', '😀']);
  });

  it('lists in the older form too, and encodes keys when asked', async () => {
    const page = await s3.client.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/' }));
    expect(page).toMatchObject({ IsTruncated: true, NextMarker: 'a/' });
    const rest = await s3.client.send(new ListObjectsCommand({ Bucket, Marker: 'a/', Delimiter: '/' }));
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['a0', 'b & <c>', 'é', '｡', '😀']);
    const encoded = await list({ EncodingType: 'url', Prefix: 'b' });
    expect(encoded.Contents?.[0]?.Key).toMatch(/^b(\+|%20)%26(\+|%20)%3Cc%3E$/);
  });

  it('shows at once what was written and deleted between two listings', async () => {
    const other = await s3.newBucket();
    const names = async () =>
      (await s3.client.send(new ListObjectsV2Command({ Bucket: other }))).Contents?.map(({ Key }) => Key) ??
      [];
    await s3.client.send(new PutObjectCommand({ Bucket: other, Key: 'm', Body: 'x' }));
    expect(await names()).toEqual(['m']);
    await s3.client.send(new PutObjectCommand({ Bucket: other, Key: 'a', Body: 'x' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket: other, Key: 'm' }));
    expect(await names()).toEqual(['a']);
    await s3.client.send(new PutObjectCommand({ Bucket: other, Key: 'm', Body: 'x' }));
    expect(await names()).toEqual(['a', 'm']);
  });

  it('lists the buckets of the account', async () => {
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain(Bucket);
  });
});

describe('versions', () => {
  let s3: S3UnderTest;
  let Bucket: string;
  beforeAll(async () => {
    s3 = await s3UnderTest();
    Bucket = await s3.newBucket({ versioned: true });
  });
  afterAll(() => s3.close());

  const put = async (Key: string, Body: string) =>
    (await s3.client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId!;
  const read = async (Key: string, VersionId?: string) => {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Body!.transformToString();
  };
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error) => `${error.name} ${error.$metadata.httpStatusCode}`,
    );

  it('keeps every version readable by its id', async () => {
    const [one, two] = [await put('k', 'one'), await put('k', 'two')];
    expect(one).not.toBe(two);
    expect(await read('k')).toBe('two');
    expect(await read('k', one)).toBe('one');
    expect((await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).VersionId).toBe(two);
  });

  it('hides a deleted object under a marker and shows it again when the marker is deleted', async () => {
    const id = await put('hidden', 'text');
    const marker = await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }));
    expect(marker.DeleteMarker).toBe(true);
    expect(await refusal(read('hidden'))).toBe('NoSuchKey 404');
    expect(await refusal(read('hidden', marker.VersionId))).toBe('MethodNotAllowed 405');
    expect(await read('hidden', id)).toBe('text');
    const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'hidden' }));
    expect(Contents).toEqual([]);
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden', VersionId: marker.VersionId }));
    expect(await read('hidden')).toBe('text');
  });

  it('writes with If-None-Match over a delete marker', async () => {
    await put('reborn', 'one');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'reborn' }));
    const again = s3.client.send(
      new PutObjectCommand({ Bucket, Key: 'reborn', Body: 'two', IfNoneMatch: '*' }),
    );
    expect(await refusal(again)).toBe('no error');
  });

  it('removes one version for good', async () => {
    const [one, two] = [await put('purged', 'one'), await put('purged', 'two')];
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'purged', VersionId: two }));
    expect(await read('purged')).toBe('one');
    expect(await refusal(read('purged', two))).toBe('NoSuchVersion 404');
    expect(await read('purged', one)).toBe('one');
  });

  it('lists versions and markers newest first, page by page', async () => {
    const ids = [await put('v/a', '1'), await put('v/a', '2'), await put('v/b', '3')];
    const { VersionId: marker } = await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'v/b' }));
    const seen: string[] = [];
    let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (;;) {
      const page = await s3.client.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: 'v/', MaxKeys: 1, ...from }),
      );
      for (const version of page.Versions ?? [])
        seen.push(`${version.Key} ${version.VersionId} ${version.IsLatest}`);
      for (const version of page.DeleteMarkers ?? []) seen.push(`${version.Key} ${version.VersionId} marker`);
      if (!page.IsTruncated) break;
      from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    expect(seen).toEqual([
      `v/a ${ids[1]} true`,
      `v/a ${ids[0]} false`,
      `v/b ${marker} marker`,
      `v/b ${ids[2]} false`,
    ]);
  });
});
