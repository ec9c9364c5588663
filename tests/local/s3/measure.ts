/**
 * Measures the S3 server in a process of its own: requests a second, CPU of the server per request and its peak memory.
 * Run: npx tsx tests/local/s3/measure.ts [gigabytes of the large object, 1 when not given]. Linux only.
 */
import { readFileSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { spawnServer } from './spawn-server.ts';
import { clientOf, temporaryFolder } from './under-test.ts';

const CONNECTIONS = 8;
const REQUESTS = 2000;
const SMALL = Buffer.alloc(200_000, 'x');
const BLOCK = Buffer.alloc(1 << 20, 'y');
const LARGE = Number(process.argv[2] ?? 1) * 2 ** 30;
/** The unit of /proc/<pid>/stat. */
const TICK_MS = 10;

const dir = temporaryFolder();
const server = await spawnServer('./server-process.ts', dir);
const client = clientOf(server.endpoint);
const statusOf = (file: string) => readFileSync(`/proc/${server.process.pid}/${file}`, 'utf8');
const cpuMs = () => {
  const fields = statusOf('stat').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};
const peakMib = () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(statusOf('status'))?.[1]) / 1024);

async function measure(name: string, request: (at: number) => Promise<unknown>): Promise<void> {
  const [started, before] = [performance.now(), cpuMs()];
  let next = 0;
  const connection = async () => {
    while (next < REQUESTS) await request(next++);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const perSecond = Math.round((REQUESTS / (performance.now() - started)) * 1000);
  const cpu = ((cpuMs() - before) / REQUESTS).toFixed(2);
  console.log(`${name}: ${perSecond}/s, ${cpu} ms of server CPU each, peak ${peakMib()} MiB`);
}

const read = async (Bucket: string, Key: string, Range?: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range ? { Range } : {}) }));
  return Body!.transformToByteArray();
};

for (const Bucket of ['vault', 'library']) {
  const kind = Bucket === 'vault' ? 'KMS, versions, events' : 'plain';
  await measure(`PUT 0.2 MB (${kind})`, (at) =>
    client.send(new PutObjectCommand({ Bucket, Key: `uploads/${at}`, Body: SMALL })),
  );
  await measure(`GET 0.2 MB (${kind})`, (at) => read(Bucket, `uploads/${at}`));
  await measure(`GET 4 KB range (${kind})`, (at) => read(Bucket, `uploads/${at}`, 'bytes=0-4095'));
}

const started = performance.now();
const Body = Readable.from(Array.from({ length: LARGE / BLOCK.length }, () => BLOCK));
await client.send(new PutObjectCommand({ Bucket: 'vault', Key: 'large', Body, ContentLength: LARGE }));
console.log(
  `PUT ${LARGE / 2 ** 20} MiB: ${Math.round(performance.now() - started)} ms, peak ${peakMib()} MiB`,
);
const reading = performance.now();
const large = await client.send(new GetObjectCommand({ Bucket: 'vault', Key: 'large' }));
for await (const _ of large.Body as Readable);
console.log(
  `GET ${LARGE / 2 ** 20} MiB: ${Math.round(performance.now() - reading)} ms, peak ${peakMib()} MiB`,
);

await server.kill();
client.destroy();
rmSync(dir, { recursive: true });
