/**
 * The contract of single objects. Runs against the local server, or against AWS (see under-test.ts).
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  type ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsKeyArn, type S3UnderTest, s3UnderTest } from './under-test.ts';

describe('objects', () => {
  let s3: S3UnderTest;
  let Bucket: string;
  beforeAll(async () => {
    s3 = await s3UnderTest();
    Bucket = await s3.newBucket();
  });
  afterAll(() => s3.close());

  const put = (Key: string, Body: string | Buffer, more: object = {}) =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const head = (Key: string, more: object = {}) =>
    s3.client.send(new HeadObjectCommand({ Bucket, Key, ...more }));
  const get = (Key: string, more: object = {}) =>
    s3.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  const textOf = async (Key: string, more: object = {}) => (await get(Key, more)).Body!.transformToString();
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error) => `${error.name} ${error.$metadata?.httpStatusCode}`,
    );

  it('gives back what was put, with type, metadata and an ETag that is the MD5', async () => {
    const made = await put('plain', 'some text', {
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="x.txt"',
      Metadata: { 'written-by': 'run 1' },
    });
    const read = await get('plain');
    const etag = `"${createHash('md5').update('some text').digest('hex')}"`;
    expect(made.ETag).toBe(etag);
    expect(await read.Body!.transformToString()).toBe('some text');
    expect(read).toMatchObject({
      ETag: etag,
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="x.txt"',
      ContentLength: 9,
      AcceptRanges: 'bytes',
      Metadata: { 'written-by': 'run 1' },
      ServerSideEncryption: 'AES256',
    });
  });

  it.each([
    'with space and + plus',
    'ümläut/日本語/emoji 😀',
    'quotes \' " & <angle> ;=?#%25%',
    'trailing/slash/',
    'double//slash',
    '(parens)!*',
    '../up/./and/../down',
    'line\nbreak\ttab',
  ])('keeps the key %j as it is', async (key) => {
    await put(key, key);
    expect(await textOf(key)).toBe(key);
  });

  it('keeps an empty object', async () => {
    await put('empty', Buffer.alloc(0));
    expect((await head('empty')).ContentLength).toBe(0);
    expect(await textOf('empty')).toBe('');
  });

  it('takes a stream of unknown content in chunks with a trailing checksum', async () => {
    const body = Buffer.alloc(3 << 20, 'chunk');
    const pieces = Array.from({ length: 48 }, (_, at) => body.subarray(at << 16, (at + 1) << 16));
    await s3.client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'streamed',
        Body: Readable.from(pieces),
        ContentLength: body.length,
        ContentEncoding: 'identity',
      }),
    );
    const read = await get('streamed');
    expect(Buffer.from(await read.Body!.transformToByteArray()).equals(body)).toBe(true);
    expect(read.ContentEncoding).toBe('identity');
  });

  it.each<[ChecksumAlgorithm, string]>([
    ['CRC32', 'ChecksumCRC32'],
    ['CRC32C', 'ChecksumCRC32C'],
    ['CRC64NVME', 'ChecksumCRC64NVME'],
    ['SHA1', 'ChecksumSHA1'],
    ['SHA256', 'ChecksumSHA256'],
  ])('keeps a checksum by %s and gives it when asked', async (ChecksumAlgorithm, member) => {
    const key = `sum-${ChecksumAlgorithm}`;
    const made = await put(key, 'x'.repeat(100_001), { ChecksumAlgorithm });
    const known = await head(key, { ChecksumMode: 'ENABLED' });
    expect(known).toMatchObject({ ChecksumType: 'FULL_OBJECT' });
    expect((known as unknown as Record<string, string>)[member]).toBe(
      (made as unknown as Record<string, string>)[member],
    );
    expect((await head(key)).ChecksumType).toBeUndefined();
  });

  it('computes the CRC-32 that the client computes', async () => {
    await put('crc', 'checked');
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(crc32('checked'));
    expect((await head('crc', { ChecksumMode: 'ENABLED' })).ChecksumCRC32).toBe(expected.toString('base64'));
  });

  it('refuses a body that does not match its checksum and leaves nothing behind', async () => {
    expect(await refusal(put('wrong', 'body', { ChecksumCRC32: 'AAAAAA==' }))).toBe('BadDigest 400');
    expect(await refusal(put('wrong', 'body', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }))).toBe(
      'BadDigest 400',
    );
    expect(await refusal(head('wrong'))).toBe('NotFound 404');
  });

  it.each([
    ['bytes=0-3', 'abcd', 'bytes 0-3/26'],
    ['bytes=20-', 'uvwxyz', 'bytes 20-25/26'],
    ['bytes=-2', 'yz', 'bytes 24-25/26'],
    ['bytes=25-1000', 'z', 'bytes 25-25/26'],
    ['bytes=-1000', 'abcdefghijklmnopqrstuvwxyz', 'bytes 0-25/26'],
  ])('serves the range %s', async (Range, text, ContentRange) => {
    await put('alphabet', 'abcdefghijklmnopqrstuvwxyz');
    const read = await get('alphabet', { Range });
    expect(await read.Body!.transformToString()).toBe(text);
    expect(read).toMatchObject({ ContentRange, ContentLength: text.length });
    expect(read.$metadata.httpStatusCode).toBe(206);
  });

  it('refuses a range behind the end', async () => {
    await put('short', 'abc');
    expect(await refusal(get('short', { Range: 'bytes=3-' }))).toBe('InvalidRange 416');
  });

  it('says which of object and bucket does not exist', async () => {
    expect(await refusal(get('missing'))).toBe('NoSuchKey 404');
    expect(await refusal(head('missing'))).toBe('NotFound 404');
    expect(
      await refusal(s3.client.send(new HeadBucketCommand({ Bucket: 'filmroom-no-such-bucket-here' }))),
    ).toMatch(/ (404|403)$/);
  });

  it('deletes one, several and absent keys', async () => {
    await put('gone/1', '1');
    await put('gone/2', '2');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'never' }));
    const { Deleted } = await s3.client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: 'gone/1' }, { Key: 'gone/2' }, { Key: 'gone/3' }] },
      }),
    );
    expect(Deleted?.map(({ Key }) => Key).sort()).toEqual(['gone/1', 'gone/2', 'gone/3']);
    expect(await refusal(get('gone/1'))).toBe('NoSuchKey 404');
  });

  it('keeps tags, from the write and later', async () => {
    await put('tagged', 'x', { Tagging: 'state=new&by=a%20b' });
    const tags = async () =>
      (await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet;
    expect((await tags())?.sort((a, b) => (a.Key! < b.Key! ? -1 : 1))).toEqual([
      { Key: 'by', Value: 'a b' },
      { Key: 'state', Value: 'new' },
    ]);
    await s3.client.send(
      new PutObjectTaggingCommand({
        Bucket,
        Key: 'tagged',
        Tagging: { TagSet: [{ Key: 'k', Value: '<&>' }] },
      }),
    );
    expect(await tags()).toEqual([{ Key: 'k', Value: '<&>' }]);
    expect((await get('tagged')).TagCount).toBe(1);
    await s3.client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    expect(await tags()).toEqual([]);
  });

  it('copies an object with its metadata, or with new', async () => {
    await put('source name+', 'copied', { Metadata: { a: '1' }, ContentType: 'text/x-one' });
    const CopySource = encodeURIComponent(`${Bucket}/source name+`).replaceAll('%2F', '/');
    await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'copy/1', CopySource }));
    await s3.client.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'copy/2',
        CopySource,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
        ContentType: 'text/x-two',
      }),
    );
    expect(await head('copy/1')).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/x-one' });
    expect(await head('copy/2')).toMatchObject({ Metadata: { b: '2' }, ContentType: 'text/x-two' });
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'source name+' }));
    expect(await textOf('copy/1')).toBe('copied');
    const itself = new CopyObjectCommand({ Bucket, Key: 'copy/1', CopySource: `${Bucket}/copy/1` });
    expect(await refusal(s3.client.send(itself))).toBe('InvalidRequest 400');
  });

  it('tells the attributes of an object', async () => {
    await put('attributes', 'four');
    const ObjectAttributes = ['ETag', 'Checksum', 'ObjectSize', 'StorageClass'] as const;
    const told = await s3.client.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'attributes', ObjectAttributes: [...ObjectAttributes] }),
    );
    expect(told).toMatchObject({
      ObjectSize: 4,
      StorageClass: 'STANDARD',
      ETag: createHash('md5').update('four').digest('hex'),
    });
    expect(told.Checksum?.ChecksumCRC32).toBeTypeOf('string');
  });

  it('refuses a key of more than 1024 bytes and metadata of more than 2 KB', async () => {
    expect(await refusal(put('k'.repeat(1025), 'x'))).toBe('KeyTooLongError 400');
    expect(await refusal(put('meta', 'x', { Metadata: { long: 'm'.repeat(2100) } }))).toBe(
      'MetadataTooLarge 400',
    );
  });

  it.skipIf(!kmsKeyArn)('names the key of a bucket encrypted with one, and its ETag is no MD5', async () => {
    const encrypted = await s3.newBucket({ encrypted: true });
    const made = await s3.client.send(new PutObjectCommand({ Bucket: encrypted, Key: 'k', Body: 'secret' }));
    expect(made).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn });
    expect(made.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(made.ETag).not.toBe(`"${createHash('md5').update('secret').digest('hex')}"`);
    const read = await s3.client.send(new GetObjectCommand({ Bucket: encrypted, Key: 'k' }));
    expect(read).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn, ETag: made.ETag });
    expect(await read.Body!.transformToString()).toBe('secret');
  });
});
