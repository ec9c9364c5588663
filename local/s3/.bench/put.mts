import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const dir = '/tmp/local-servers/bench';
if (!process.argv.includes('--keep')) rmSync(dir, { recursive: true, force: true });
const child = fork(new URL('./server.mts', import.meta.url).pathname, [dir], {
  execArgv: process.env.PROF
    ? ['--import', 'tsx', '--cpu-prof', '--cpu-prof-dir=/tmp/local-servers/prof']
    : ['--import', 'tsx'],
  stdio: ['inherit', 'pipe', 'inherit', 'ipc'],
});
const endpoint: string = await new Promise((r) => {
  let o = '';
  child.stdout!.on('data', (d) => {
    o += d;
    const m = /http:\S+/.exec(o);
    if (m) {
      console.log(o);
      r(m[0]);
    }
  });
});
const ask = () =>
  new Promise<any>((r) => {
    child.once('message', r);
    child.send('cpu');
  });
const c = new S3Client({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AK', secretAccessKey: 'SK' },
});
const body = Buffer.alloc(200_000, 'x');
async function many(n: number, w: number, f: (i: number) => Promise<any>) {
  let i = 0;
  await Promise.all(
    Array.from({ length: w }, async () => {
      while (i < n) await f(i++);
    }),
  );
}
async function phase(name: string, n: number, f: (i: number) => Promise<any>) {
  await many(50, 8, f);
  child.send('reset');
  const t = performance.now();
  const cc = process.cpuUsage();
  await many(n, 8, f);
  const ms = performance.now() - t;
  const r = await ask();
  const me = process.cpuUsage(cc);
  console.log(
    name,
    ((n / ms) * 1000).toFixed(0),
    'req/s; server CPU ms/req',
    (r.cpu / n).toFixed(3),
    'client CPU',
    ((me.user + me.system) / 1000 / n).toFixed(3),
    'rss',
    r.rss.toFixed(0),
  );
}
for (const b of ['kms']) {
  await phase(b + ' PUT 0.2MB', 2000, (i) =>
    c.send(new PutObjectCommand({ Bucket: b, Key: 'k' + i, Body: body })),
  );
}
const GB = Number(process.env.GB ?? 1) * 2 ** 30;
const piece = Buffer.alloc(1 << 20, 'y');
child.send('reset');
let t = performance.now();
await c.send(
  new PutObjectCommand({
    Bucket: 'kms',
    Key: 'big',
    Body: Readable.from(
      (function* () {
        for (let i = 0; i < GB; i += piece.length) yield piece;
      })(),
    ),
    ContentLength: GB,
  }),
);
console.log('PUT 1GB s', (performance.now() - t) / 1000, await ask());
child.send('reset');
t = performance.now();
let n = 0;
const o = await c.send(new GetObjectCommand({ Bucket: 'kms', Key: 'big', ChecksumMode: undefined }));
for await (const x of o.Body as any) n += x.length;
console.log('GET 1GB s', n, (performance.now() - t) / 1000, await ask());
child.send('end');
c.destroy();
