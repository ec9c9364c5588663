/**
 * Memory does not grow with the size of an object.
 */
import { readFileSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { spawnServer } from './spawn-server.ts';
import { clientOf, temporaryFolder } from './under-test.ts';

const SIZE = 300 << 20;
const BLOCK = Buffer.alloc(1 << 20, 'block');

describe.skipIf(process.platform !== 'linux')('memory (read from /proc, so only on Linux)', () => {
  it('stays under 220 MiB while 300 MiB are written and read', async () => {
    const dir = temporaryFolder();
    const server = await spawnServer('./server-process.ts', dir);
    const client = clientOf(server.endpoint);
    const target = { Bucket: 'vault', Key: 'large' };
    const Body = Readable.from(Array.from({ length: SIZE >> 20 }, () => BLOCK));
    await client.send(new PutObjectCommand({ ...target, Body, ContentLength: SIZE }));
    const read = await client.send(new GetObjectCommand(target));
    let bytes = 0;
    for await (const chunk of read.Body as Readable) bytes += chunk.length;
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))?.[1];
    await server.kill();
    client.destroy();
    rmSync(dir, { recursive: true });
    expect(bytes).toBe(SIZE);
    expect(Number(peak) / 1024).toBeLessThan(220);
  });
});
