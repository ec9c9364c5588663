/**
 * Which events a bucket sends, how they are worded, and that they arrive although a queue fails for a while.
 */
import { rmSync } from 'node:fs';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObjectNotification, S3Server } from '../../../local/s3/contract.ts';
import { clientOf, localServer, temporaryFolder } from './under-test.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:000000000000:parse';
const OTHER = 'arn:aws:sqs:eu-central-1:000000000000:other';

describe('object events', () => {
  const dir = temporaryFolder();
  let server: S3Server;
  let client: S3Client;
  let arrived: ObjectNotification[] = [];
  let failures = 0;
  beforeAll(async () => {
    server = await localServer(dir, {
      deliver: async (notification) => {
        if (failures-- > 0) throw new Error('not now');
        arrived.push(notification);
      },
    });
    client = clientOf(server.endpoint);
    server.createBucket({
      name: 'vault',
      versioning: 'Enabled',
      notifications: [
        { id: 'up', queueArn: QUEUE, events: ['s3:ObjectCreated:*'], prefix: 'uploads/' },
        {
          id: 'dcm',
          queueArn: OTHER,
          events: ['s3:ObjectCreated:Put', 's3:ObjectRemoved:*'],
          suffix: '.dcm',
        },
      ],
    });
    server.createBucket({ name: 'quiet' });
    await vi.waitFor(() => expect(server.undelivered()).toBe(0));
  });
  beforeEach(async () => {
    arrived = [];
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
    rmSync(dir, { recursive: true });
  });

  const settled = () => vi.waitFor(() => expect(server.undelivered()).toBe(0));
  const put = (Key: string, Body = 'x') => client.send(new PutObjectCommand({ Bucket: 'vault', Key, Body }));
  const records = () =>
    arrived.map(({ queueArn, body }) => ({ queueArn, record: JSON.parse(body).Records[0] }));
  const summary = () =>
    records().map(
      ({ queueArn, record }) => `${queueArn.split(':').at(-1)} ${record.eventName} ${record.s3.object.key}`,
    );

  it('tell of a written object as S3 words it', async () => {
    const { VersionId, ETag } = await put('uploads/a b/ü+.bin', 'four');
    await settled();
    const [{ queueArn, record } = { queueArn: '', record: undefined }] = records();
    expect(queueArn).toBe(QUEUE);
    expect(record).toMatchObject({
      eventSource: 'aws:s3',
      awsRegion: 'eu-central-1',
      eventName: 'ObjectCreated:Put',
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'up',
        bucket: { name: 'vault', arn: 'arn:aws:s3:::vault' },
        object: {
          key: 'uploads/a+b/%C3%BC%2B.bin',
          size: 4,
          eTag: ETag?.replaceAll('"', ''),
          versionId: VersionId,
        },
      },
    });
  });

  it('are sent where prefix, suffix and kind of event fit', async () => {
    await put('uploads/1.dcm');
    await put('elsewhere/2.dcm');
    await put('elsewhere/3.txt');
    await client.send(
      new CopyObjectCommand({ Bucket: 'vault', Key: 'uploads/4.dcm', CopySource: 'vault/uploads/1.dcm' }),
    );
    await client.send(new DeleteObjectCommand({ Bucket: 'vault', Key: 'uploads/1.dcm' }));
    await settled();
    expect(summary().sort()).toEqual([
      'other ObjectCreated:Put elsewhere/2.dcm',
      'other ObjectCreated:Put uploads/1.dcm',
      'other ObjectRemoved:DeleteMarkerCreated uploads/1.dcm',
      'parse ObjectCreated:Copy uploads/4.dcm',
      'parse ObjectCreated:Put uploads/1.dcm',
    ]);
  });

  it('tell of a multipart upload once, when it is complete', async () => {
    const target = { Bucket: 'vault', Key: 'uploads/large' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await client.send(
      new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'part' }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    await settled();
    expect(summary()).toEqual(['parse ObjectCreated:CompleteMultipartUpload uploads/large']);
  });

  it('grow in their sequencer from write to write of a key', async () => {
    for (let at = 0; at < 20; at++) await put('uploads/same');
    await settled();
    const sequencers = records().map(({ record }) => record.s3.object.sequencer);
    expect(sequencers).toEqual([...new Set(sequencers)].sort());
  });

  it('are tried again until the queue takes them', async () => {
    failures = 3;
    await put('uploads/late');
    expect(server.undelivered()).toBe(1);
    await settled();
    expect(summary()).toEqual(['parse ObjectCreated:Put uploads/late']);
  });

  it('are dropped when the bucket no longer notifies the queue that does not take them', async () => {
    const settings = { name: 'moved', notifications: [{ queueArn: QUEUE, events: ['s3:ObjectCreated:*'] }] };
    server.createBucket(settings);
    await settled();
    arrived = [];
    failures = 2;
    await server.putObject('moved', 'k', Buffer.from('x'));
    server.createBucket({ name: 'moved' });
    await settled();
    failures = 0;
    expect(arrived).toEqual([]);
  });

  it('are preceded by a test event when the bucket is first told of the queue, and only then', async () => {
    const settings = { name: 'new', notifications: [{ queueArn: QUEUE, events: ['s3:ObjectCreated:*'] }] };
    server.createBucket(settings);
    server.createBucket(settings);
    await settled();
    expect(arrived).toHaveLength(1);
    expect(JSON.parse(arrived[0]!.body)).toMatchObject({ Event: 's3:TestEvent', Bucket: 'new' });
  });

  it('are sent for what the machine itself writes, and not by a bucket without notifications', async () => {
    await server.putObject('vault', 'uploads/in-process', Buffer.from('x'));
    await server.putObject('quiet', 'uploads/silent', Buffer.from('x'));
    await settled();
    expect(summary()).toEqual(['parse ObjectCreated:Put uploads/in-process']);
  });
});
