/**
 * The contract of presigned URLs and of browsers that use them. Runs against the local server, or against AWS (see
 * under-test.ts).
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onAws, type S3UnderTest, s3UnderTest } from './under-test.ts';

const PAGE = 'https://viewer.example.org';

describe('presigned URLs', () => {
  let s3: S3UnderTest;
  let signer: S3Client;
  let Bucket: string;
  beforeAll(async () => {
    s3 = await s3UnderTest();
    Bucket = await s3.newBucket({
      cors: {
        allowedOrigins: [PAGE],
        allowedMethods: ['GET', 'PUT'],
        allowedHeaders: ['content-type', 'x-amz-*'],
        exposeHeaders: ['ETag'],
      },
    });
    // As a function must: by default the SDK signs the checksum of an empty body into the URL.
    signer = s3.newClient({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await s3.client.send(
      new PutObjectCommand({ Bucket, Key: 'to read ü', Body: 'read me', ContentType: 'text/plain' }),
    );
  });
  afterAll(() => s3.close());

  const urlToRead = (more: object = {}, expiresIn = 60) =>
    getSignedUrl(signer, new GetObjectCommand({ Bucket, Key: 'to read ü', ...more }), { expiresIn });
  const codeOf = async (response: Response) => /<Code>(.*)<\/Code>/.exec(await response.text())?.[1];

  it('reads with nothing but the URL, ranges and overridden headers included', async () => {
    const url = await urlToRead({
      ResponseContentDisposition: 'attachment; filename="a.txt"',
      ResponseContentType: 'text/x-other',
    });
    const response = await fetch(url);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="a.txt"');
    expect(response.headers.get('content-type')).toBe('text/x-other');
    expect(await response.text()).toBe('read me');
    const part = await fetch(url, { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'read']);
  });

  it('writes what the URL was signed for', async () => {
    const command = new PutObjectCommand({
      Bucket,
      Key: 'written',
      ContentType: 'application/dicom',
      Metadata: { upload: 'u1' },
    });
    const url = await getSignedUrl(signer, command, {
      expiresIn: 60,
      signableHeaders: new Set(['content-type']),
    });
    const wrong = await fetch(url, {
      method: 'PUT',
      body: 'bytes',
      headers: { 'content-type': 'text/plain' },
    });
    expect([wrong.status, await codeOf(wrong)]).toEqual([403, 'SignatureDoesNotMatch']);
    const right = await fetch(url, {
      method: 'PUT',
      body: 'bytes',
      headers: { 'content-type': 'application/dicom' },
    });
    expect(right.status).toBe(200);
    const read = await s3.client.send(
      new GetObjectCommand({ Bucket, Key: 'written', ChecksumMode: 'ENABLED' }),
    );
    expect(read).toMatchObject({ ContentType: 'application/dicom', Metadata: { upload: 'u1' } });
    expect(read.ChecksumCRC64NVME).toBeTypeOf('string');
  });

  it('refuses another key, another method and a changed signature', async () => {
    const url = await urlToRead();
    const changed = [
      fetch(url.replace('to%20read', 'to%20write')),
      fetch(url, { method: 'DELETE' }),
      fetch(url.replace(/X-Amz-Expires=60/, 'X-Amz-Expires=61')),
    ];
    for (const response of await Promise.all(changed)) {
      expect(response.status).toBe(403);
      expect(await codeOf(response)).toBe('SignatureDoesNotMatch');
    }
  });

  it('refuses a header of Amazon that was not signed', async () => {
    const command = new PutObjectCommand({ Bucket, Key: 'unsigned-header' });
    const url = await getSignedUrl(signer, command, { expiresIn: 60 });
    const response = await fetch(url, { method: 'PUT', body: 'b', headers: { 'x-amz-meta-extra': '1' } });
    expect([response.status, await codeOf(response)]).toEqual([403, 'AccessDenied']);
  });

  it('refuses an expired URL', async () => {
    const url = await getSignedUrl(signer, new GetObjectCommand({ Bucket, Key: 'to read ü' }), {
      expiresIn: 60,
      signingDate: new Date(Date.now() - 61_000),
    });
    const response = await fetch(url);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('Request has expired');
  });

  it('refuses a URL for more than a week', async () => {
    await expect(urlToRead({}, 604_801)).rejects.toThrow();
  });

  it('lets the pages of the rules in, and no others', async () => {
    const url = await urlToRead();
    const allowed = await fetch(url, { headers: { origin: PAGE } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(allowed.headers.get('access-control-expose-headers')).toBe('ETag');
    const foreign = await fetch(url, { headers: { origin: 'https://other.example.org' } });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['PUT', 'content-type, x-amz-meta-upload', 200],
    ['PUT', 'authorization', 403],
    ['DELETE', '', 403],
  ])('answers the preflight of %s with %j by %i', async (method, names, status) => {
    const url = await urlToRead();
    const headers: Record<string, string> = { origin: PAGE, 'access-control-request-method': method };
    if (names !== '') headers['access-control-request-headers'] = names;
    const response = await fetch(url.replace(/\?.*/, ''), { method: 'OPTIONS', headers });
    expect(response.status).toBe(status);
  });

  it.skipIf(onAws)('refuses a request signed half an hour ago or with another secret', async () => {
    const send = (client: S3Client) => client.send(new GetObjectCommand({ Bucket, Key: 'to read ü' }));
    const other = (secretAccessKey: string, accessKeyId = 'LOCALKEY') =>
      s3.newClient({ credentials: { accessKeyId, secretAccessKey } });
    await expect(send(other('wrong'))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    await expect(send(other('local-secret', 'NOBODY'))).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    const late = s3.newClient({ systemClockOffset: -30 * 60_000 });
    await expect(send(late)).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' });
    expect((await fetch(`${await urlOf(s3.client)}/${Bucket}/x`)).status).toBe(403);
  });

  it.skipIf(onAws)('refuses a body that was changed on its way', async () => {
    const client = s3.newClient({});
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: string }).body = 'other bytes!';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const put = client.send(new PutObjectCommand({ Bucket, Key: 'tampered', Body: 'signed bytes' }));
    await expect(put).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' });
  });
});

async function urlOf(client: S3Client): Promise<string> {
  const { protocol, hostname, port } = await client.config.endpoint!();
  return `${protocol}//${hostname}:${port}`;
}
