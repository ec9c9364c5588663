/**
 * What survives when the server is killed at any moment: everything answered, whole, and every event.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { spawnServer } from './spawn-server.ts';
import { clientOf, localServer, temporaryFolder } from './under-test.ts';

/** The bytes that belong to a key, up to 3 MiB of them. */
function bytesOf(key: string): Buffer {
  const seed = createHash('sha256').update(key).digest();
  const sizes = [0, 1, 5000, 200_000, (1 << 20) + 1, 3 << 20];
  return Buffer.alloc(sizes[seed[0]! % sizes.length]!, seed);
}

const get = async (client: S3Client, Bucket: string, Key: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from(await Body!.transformToByteArray());
};

function keysOfEvents(events: readonly string[]): string[] {
  return events.flatMap((body) => JSON.parse(body).Records ?? []).map((record) => record.s3.object.key);
}

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

describe('a killed server', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('keeps whole what it had answered and nothing by halves, several times over', async () => {
    const answered = new Set<string>();
    const events: string[] = [];
    for (let round = 0; round < 4; round++) {
      const server = await spawnServer('./server-process.ts', dir);
      const client = clientOf(server.endpoint);
      const writer = async (name: string) => {
        for (let at = 0; ; at++) {
          const Key = `uploads/${round}/${name}/${at}`;
          await client.send(new PutObjectCommand({ Bucket: 'vault', Key, Body: bytesOf(Key) }));
          answered.add(Key);
        }
      };
      const writers = ['a', 'b', 'c', 'd'].map((name) => writer(name).catch(() => {}));
      await vi.waitFor(() => expect(answered.size).toBeGreaterThan(8 * (round + 1)), {
        timeout: 20_000,
        interval: 5,
      });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      await server.kill();
      await Promise.all(writers);
      client.destroy();
      events.push(...server.events);
    }

    const delivered: string[] = [];
    const server = await localServer(dir, { deliver: ({ body }) => void delivered.push(body) });
    await vi.waitFor(() => expect(server.undelivered()).toBe(0));
    const stored = [...server.listObjects('vault')];
    const keys = stored.map(({ key }) => key);
    expect([...answered].filter((key) => !keys.includes(key))).toEqual([]);
    const client = clientOf(server.endpoint);
    for (const { key } of stored) expect((await get(client, 'vault', key)).equals(bytesOf(key))).toBe(true);
    const told = new Set([...keysOfEvents(events), ...keysOfEvents(delivered)]);
    expect(keys.filter((key) => !told.has(key))).toEqual([]);
    const blobs = stored.filter(({ size }) => size > 0).length;
    await vi.waitFor(() => expect(filesUnder(join(dir, 'objects'))).toHaveLength(blobs));
    client.destroy();
    await server.close();
  });

  it('delivers after its restart the events that no queue had taken', async () => {
    const deaf = await spawnServer('./server-process.ts', dir, 'deaf');
    const client = clientOf(deaf.endpoint);
    for (const name of ['a b', 'c+d', 'e'])
      await client.send(new PutObjectCommand({ Bucket: 'vault', Key: `uploads/${name}`, Body: name }));
    await deaf.kill();
    client.destroy();
    const delivered: string[] = [];
    const server = await localServer(dir, { deliver: ({ body }) => void delivered.push(body) });
    await vi.waitFor(() => expect(server.undelivered()).toBe(0));
    expect(keysOfEvents(delivered)).toEqual(['uploads/a+b', 'uploads/c%2Bd', 'uploads/e']);
    await server.close();
    const again: string[] = [];
    const third = await localServer(dir, { deliver: ({ body }) => void again.push(body) });
    expect(third.undelivered()).toBe(0);
    await third.close();
    expect(again).toEqual([]);
  });

  it('goes on with a multipart upload where it was', async () => {
    const first = await spawnServer('./server-process.ts', dir);
    const before = clientOf(first.endpoint);
    const target = { Bucket: 'library', Key: 'large' };
    const { UploadId } = await before.send(
      new CreateMultipartUploadCommand({ ...target, Metadata: { run: '1' } }),
    );
    const part = { ...target, UploadId, PartNumber: 1, Body: Buffer.alloc(5 << 20, 'a') };
    const { ETag } = await before.send(new UploadPartCommand(part));
    await first.kill();
    before.destroy();

    const server = await localServer(dir);
    const client = clientOf(server.endpoint);
    const { Parts } = await client.send(new ListPartsCommand({ ...target, UploadId: UploadId! }));
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[1, 5 << 20]]);
    const tail = await client.send(new UploadPartCommand({ ...part, PartNumber: 2, Body: 'tail' }));
    const Parts2 = [
      { PartNumber: 1, ETag },
      { PartNumber: 2, ETag: tail.ETag },
    ];
    await client.send(
      new CompleteMultipartUploadCommand({
        ...target,
        UploadId: UploadId!,
        MultipartUpload: { Parts: Parts2 },
      }),
    );
    const object = server.openObject('library', 'large');
    expect(object).toMatchObject({ size: (5 << 20) + 4, metadata: { run: '1' } });
    client.destroy();
    await server.close();
  });
});

describe('the journal of objects', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const withServer = async <T>(work: (server: Awaited<ReturnType<typeof localServer>>) => Promise<T> | T) => {
    const server = await localServer(dir);
    try {
      return await work(server);
    } finally {
      await server.close();
    }
  };

  it('is cut where its last line is torn', async () => {
    await withServer(async (server) => {
      server.createBucket({ name: 'b' });
      await server.putObject('b', 'whole', Buffer.from('1'));
      await server.putObject('b', 'torn', Buffer.from('2'));
    });
    const log = join(dir, 'metadata.log');
    truncateSync(log, readFileSync(log).length - 10);
    await withServer((server) => server.putObject('b', 'after', Buffer.from('3')));
    const keys = await withServer((server) => [...server.listObjects('b')].map(({ key }) => key));
    expect(keys).toEqual(['after', 'whole']);
  });

  it('is refused when it is damaged elsewhere', async () => {
    await withServer((server) => server.createBucket({ name: 'b' }));
    appendFileSync(join(dir, 'metadata.log'), '{"t":"put","buc\n{}\n');
    await expect(localServer(dir)).rejects.toThrow();
  });

  it('is rewritten when most of it is dead, and keeps versions, tags and uploads', async () => {
    const ids = await withServer(async (server) => {
      server.createBucket({ name: 'b', versioning: 'Enabled' });
      server.createBucket({ name: 'churn' });
      const one = await server.putObject('b', 'k', Buffer.from('one'), { 'x-amz-meta-a': '1' });
      const two = await server.putObject('b', 'k', Buffer.from('two'), { 'x-amz-tagging': 'a=b' });
      for (let at = 0; at < 1200; at++) await server.putObject('churn', 'same', Buffer.from(String(at)));
      return [one.versionId!, two.versionId!];
    });
    const length = () => readFileSync(join(dir, 'metadata.log'), 'utf8').trimEnd().split('\n').length;
    expect(length()).toBeGreaterThan(1200);
    await withServer(async (server) => {
      expect(length()).toBe(5);
      expect(server.openObject('b', 'k', ids[0])?.metadata).toEqual({ a: '1' });
      expect(server.openObject('b', 'k')?.versionId).toBe(ids[1]);
      const { Body } = { Body: server.openObject('churn', 'same')!.stream() };
      expect(Buffer.concat(await Body.toArray()).toString()).toBe('1199');
    });
  });
});
