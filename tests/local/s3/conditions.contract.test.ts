/**
 * The contract of conditional reads and writes. Runs against the local server, or against AWS (see under-test.ts).
 */
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3UnderTest, s3UnderTest } from './under-test.ts';

describe('conditions', () => {
  let s3: S3UnderTest;
  let Bucket: string;
  beforeAll(async () => {
    s3 = await s3UnderTest();
    Bucket = await s3.newBucket();
  });
  afterAll(() => s3.close());

  const put = (Key: string, Body: string | Buffer, more: object = {}) =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = (Key: string, more: object = {}) =>
    s3.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  const textOf = async (Key: string) => (await get(Key)).Body!.transformToString();
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error) => `${error.name} ${error.$metadata?.httpStatusCode}`,
    );

  it('writes once with If-None-Match', async () => {
    expect(await refusal(put('once', 'first', { IfNoneMatch: '*' }))).toBe('no error');
    expect(await refusal(put('once', 'second', { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    expect(await textOf('once')).toBe('first');
  });

  it('lets one of two simultaneous first writers win', async () => {
    const writes = ['a', 'b', 'c', 'd'].map((text) =>
      refusal(put('race', text.repeat(50_000), { IfNoneMatch: '*' })),
    );
    const results = (await Promise.all(writes)).sort();
    expect(results.filter((result) => result === 'no error')).toHaveLength(1);
    expect(
      results.filter((result) => /^(PreconditionFailed 412|ConditionalRequestConflict 409)$/.test(result)),
    ).toHaveLength(3);
  });

  it('refuses a first write that was overtaken while its body was on the way', async () => {
    let overtaken = () => {};
    const gate = new Promise<void>((resolve) => {
      overtaken = resolve;
    });
    const block = Buffer.alloc(1 << 20, 's');
    async function* slowly() {
      yield block;
      await gate;
      yield block;
    }
    const slow = new PutObjectCommand({
      Bucket,
      Key: 'overtaken',
      Body: Readable.from(slowly()),
      ContentLength: 2 * block.length,
      IfNoneMatch: '*',
    });
    const result = refusal(s3.client.send(slow));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await put('overtaken', 'quick', { IfNoneMatch: '*' });
    overtaken();
    expect(await result).toMatch(/^(PreconditionFailed 412|ConditionalRequestConflict 409)$/);
    expect(await textOf('overtaken')).toBe('quick');
  });

  it('overwrites only what is meant with If-Match', async () => {
    const { ETag } = await put('matched', 'one');
    expect(await refusal(put('matched', 'two', { IfMatch: '"0123456789abcdef0123456789abcdef"' }))).toBe(
      'PreconditionFailed 412',
    );
    expect(await refusal(put('matched', 'two', { IfMatch: ETag }))).toBe('no error');
    expect(await refusal(put('unmatched', 'two', { IfMatch: ETag }))).toBe('NoSuchKey 404');
  });

  it('answers conditional reads', async () => {
    const { ETag } = await put('conditional', 'one');
    expect(await refusal(get('conditional', { IfNoneMatch: ETag }))).toMatch(/ 304$/);
    expect(await refusal(get('conditional', { IfMatch: '"other"' }))).toBe('PreconditionFailed 412');
    expect(await refusal(get('conditional', { IfModifiedSince: new Date(Date.now() + 60_000) }))).toMatch(
      /304|no error/,
    );
    expect(await refusal(get('conditional', { IfUnmodifiedSince: new Date(0) }))).toBe(
      'PreconditionFailed 412',
    );
  });
});
