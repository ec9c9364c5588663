/**
 * The contract of multipart uploads. Runs against the local server, or against AWS (see under-test.ts).
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChecksum } from '../../../local/s3/checksums.ts';
import { kmsKeyArn, type S3UnderTest, s3UnderTest } from './under-test.ts';

const MIB = 1 << 20;
const FIVE = randomBytes(5 * MIB);
const TAIL = randomBytes(MIB + 7);
const crc64 = (bytes: Buffer) => {
  const checksum = startChecksum('crc64nvme');
  checksum.update(bytes);
  return checksum.digest().toString('base64');
};

describe('multipart uploads', () => {
  let s3: S3UnderTest;
  let Bucket: string;
  beforeAll(async () => {
    s3 = await s3UnderTest();
    Bucket = await s3.newBucket();
  });
  afterAll(() => s3.close());

  const start = async (Key: string, more: object = {}) => {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    return { Bucket, Key, UploadId: UploadId! };
  };
  type Started = Awaited<ReturnType<typeof start>>;
  const part = async (
    upload: Started,
    PartNumber: number,
    Body: Buffer,
    more: object = {},
  ): Promise<CompletedPart> => {
    const made = await s3.client.send(new UploadPartCommand({ ...upload, PartNumber, Body, ...more }));
    const { ETag, ChecksumCRC32, ChecksumSHA256 } = made;
    return {
      PartNumber,
      ETag,
      ...(ChecksumCRC32 ? { ChecksumCRC32 } : {}),
      ...(ChecksumSHA256 ? { ChecksumSHA256 } : {}),
    };
  };
  const copy = async (
    upload: Started,
    PartNumber: number,
    source: string,
    range?: string,
  ): Promise<CompletedPart> => {
    const { CopyPartResult } = await s3.client.send(
      new UploadPartCopyCommand({
        ...upload,
        PartNumber,
        CopySource: `${Bucket}/${source}`,
        CopySourceRange: range,
      }),
    );
    return { PartNumber, ETag: CopyPartResult?.ETag };
  };
  const complete = (upload: Started, Parts: CompletedPart[], more: object = {}) =>
    s3.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));
  const bytesOf = async (Key: string, more: object = {}) => {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Buffer.from(await Body!.transformToByteArray());
  };
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error) => error.name,
    );
  const bare = ({ PartNumber, ETag }: CompletedPart) => ({ PartNumber, ETag });

  it('puts parts together in order, with metadata, the ETag of parts and one checksum of all', async () => {
    const upload = await start('parts', { Metadata: { run: '7' }, ContentType: 'application/dicom' });
    const last = await part(upload, 3, TAIL);
    const first = await part(upload, 1, FIVE);
    const made = await complete(upload, [bare(first), bare(last)]);
    const whole = Buffer.concat([FIVE, TAIL]);
    expect((await bytesOf('parts')).equals(whole)).toBe(true);
    const md5s = [FIVE, TAIL].map((bytes) => createHash('md5').update(bytes).digest());
    expect(made.ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`);
    const known = await s3.client.send(
      new HeadObjectCommand({ Bucket, Key: 'parts', ChecksumMode: 'ENABLED' }),
    );
    expect(known).toMatchObject({
      ContentLength: whole.length,
      Metadata: { run: '7' },
      ContentType: 'application/dicom',
      ChecksumType: 'FULL_OBJECT',
      ChecksumCRC64NVME: crc64(whole),
    });
  });

  it('serves ranges across parts, and a part by its number', async () => {
    const upload = await start('ranges');
    await complete(upload, [bare(await part(upload, 1, FIVE)), bare(await part(upload, 2, TAIL))]);
    const whole = Buffer.concat([FIVE, TAIL]);
    const across = await bytesOf('ranges', { Range: `bytes=${5 * MIB - 10}-${5 * MIB + 9}` });
    expect(across.equals(whole.subarray(5 * MIB - 10, 5 * MIB + 10))).toBe(true);
    expect((await bytesOf('ranges', { PartNumber: 2 })).equals(TAIL)).toBe(true);
  });

  it('replaces a part that is uploaded again', async () => {
    const upload = await start('again');
    await part(upload, 1, Buffer.from('old'));
    await complete(upload, [bare(await part(upload, 1, Buffer.from('new')))]);
    expect((await bytesOf('again')).toString()).toBe('new');
  });

  it('copies parts from other objects, whole and by range', async () => {
    const source = Buffer.concat([FIVE, TAIL]);
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'copied-from', Body: source }));
    const upload = await start('copied-to');
    const parts = [
      await part(upload, 1, FIVE),
      await copy(upload, 2, 'copied-from'),
      await copy(upload, 3, 'copied-from', `bytes=100-${source.length - 1}`),
    ];
    await complete(upload, parts.map(bare));
    const expected = Buffer.concat([FIVE, source, source.subarray(100)]);
    expect((await bytesOf('copied-to')).equals(expected)).toBe(true);
    const known = await s3.client.send(
      new HeadObjectCommand({ Bucket, Key: 'copied-to', ChecksumMode: 'ENABLED' }),
    );
    expect(known.ChecksumCRC64NVME).toBe(crc64(expected));
  });

  it.each([
    ['behind the end', 'bytes=0-99999999', 'InvalidArgument'],
    ['without an end', 'bytes=5-', 'InvalidArgument'],
  ])('refuses to copy a range %s', async (_, range, code) => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'ranged', Body: Buffer.concat([FIVE, TAIL]) }));
    expect(await refusal(copy(await start('ranged-copy'), 1, 'ranged', range))).toBe(code);
  });

  it('refuses to copy a range of a small object', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'small', Body: 'small' }));
    expect(await refusal(copy(await start('small-copy'), 1, 'small', 'bytes=0-1'))).toBe('InvalidRequest');
  });

  it('keeps a composite checksum when the upload asks for an algorithm, and then wants that of each part', async () => {
    const upload = await start('composite', { ChecksumAlgorithm: 'SHA256' });
    const parts = [
      await part(upload, 1, FIVE, { ChecksumAlgorithm: 'SHA256' }),
      await part(upload, 2, TAIL, { ChecksumAlgorithm: 'SHA256' }),
    ];
    expect(await refusal(complete(upload, parts.map(bare)))).toBe('InvalidRequest');
    await complete(upload, parts);
    const sums = [FIVE, TAIL].map((bytes) => createHash('sha256').update(bytes).digest());
    const expected = `${createHash('sha256').update(Buffer.concat(sums)).digest('base64')}-2`;
    const known = await s3.client.send(
      new HeadObjectCommand({ Bucket, Key: 'composite', ChecksumMode: 'ENABLED' }),
    );
    expect(known).toMatchObject({ ChecksumType: 'COMPOSITE', ChecksumSHA256: expected });
  });

  it('refuses lists of parts that are wrong, small, out of order or empty', async () => {
    const upload = await start('refused');
    const [small, tail] = [bare(await part(upload, 1, Buffer.from('s'))), bare(await part(upload, 2, TAIL))];
    expect(await refusal(complete(upload, [small, tail]))).toBe('EntityTooSmall');
    expect(await refusal(complete(upload, [tail, small]))).toBe('InvalidPartOrder');
    expect(await refusal(complete(upload, [{ ...small, ETag: '"0"' }]))).toBe('InvalidPart');
    expect(await refusal(complete(upload, [{ PartNumber: 9, ETag: tail.ETag }]))).toBe('InvalidPart');
    expect(await refusal(complete(upload, []))).toBe('MalformedXML');
  });

  it('completes only once with If-None-Match', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'exists', Body: 'before' }));
    const upload = await start('exists');
    const parts = [bare(await part(upload, 1, TAIL))];
    expect(await refusal(complete(upload, parts, { IfNoneMatch: '*' }))).toBe('PreconditionFailed');
    expect((await bytesOf('exists')).toString()).toBe('before');
    const fresh = await start('fresh');
    expect(await refusal(complete(fresh, [bare(await part(fresh, 1, TAIL))], { IfNoneMatch: '*' }))).toBe(
      'no error',
    );
  });

  it('forgets an aborted upload', async () => {
    const upload = await start('aborted');
    await part(upload, 1, TAIL);
    await s3.client.send(new AbortMultipartUploadCommand(upload));
    expect(await refusal(part(upload, 2, TAIL))).toBe('NoSuchUpload');
    expect(await refusal(complete(upload, [{ PartNumber: 1, ETag: '"0"' }]))).toBe('NoSuchUpload');
    expect(await refusal(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'aborted' })))).toBe('NotFound');
  });

  it('lists uploads and parts, page by page', async () => {
    const upload = await start('listed/1');
    await start('listed/2');
    for (const number of [4, 2, 7]) await part(upload, number, Buffer.from(`part ${number}`));
    const uploads = await s3.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'listed/' }));
    expect(uploads.Uploads?.map(({ Key }) => Key)).toEqual(['listed/1', 'listed/2']);
    const first = await s3.client.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '4' });
    expect(first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [2, 6],
      [4, 6],
    ]);
    const rest = await s3.client.send(new ListPartsCommand({ ...upload, PartNumberMarker: '4' }));
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([7]);
  });

  it.skipIf(!kmsKeyArn)('encrypts an upload with the key of its bucket', async () => {
    const encrypted = await s3.newBucket({ encrypted: true });
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({ Bucket: encrypted, Key: 'k' }),
    );
    const upload = { Bucket: encrypted, Key: 'k', UploadId: UploadId! };
    const made = await complete(upload, [bare(await part(upload, 1, TAIL))]);
    expect(made).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn });
    expect(made.ETag).toMatch(/^"[0-9a-f]{32}-1"$/);
  });
});
