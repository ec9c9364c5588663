import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalStack, QueueDepth } from '../../../local/start.ts';
import { COPY_ASSETS, copyApp } from './copy-app.ts';
import { writeAssembly } from './fixture.ts';

type Ready = Pick<LocalStack, 'outputs' | 'operator' | 'endpoints'>;
interface Child {
  readonly ready: Ready;
  readonly queues: () => readonly QueueDepth[] | undefined;
  kill(): Promise<void>;
}

let directory: string;
let child: Child | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-kill-'));
  await writeAssembly(join(directory, 'cdk.out'), { App: copyApp() }, COPY_ASSETS);
});
afterEach(async () => {
  await child?.kill();
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<Child> {
  const script = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
  const tsx = import.meta.resolve('tsx');
  const process_: ChildProcess = spawn(
    process.execPath,
    ['--import', tsx, script, join(directory, 'cdk.out'), join(directory, 'data')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => process_.once('exit', () => resolve()));
  let queues: readonly QueueDepth[] | undefined;
  const ready = await new Promise<Ready>((resolve, reject) => {
    void ended.then(() => reject(new Error('the stack ended before it was ready')));
    if (process_.stdout === null) return reject(new Error('no output'));
    createInterface({ input: process_.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Ready & { queues?: readonly QueueDepth[] };
      if (said.queues === undefined) resolve(said);
      else queues = said.queues;
    });
  });
  return {
    ready,
    queues: () => queues,
    kill: async () => {
      process_.kill('SIGKILL');
      await ended;
    },
  };
}

/** Uploads until all keys are acknowledged or the process dies; what was not acknowledged is left in the list. */
async function upload({ ready }: Child, keys: string[]): Promise<void> {
  const client = new S3Client({
    region: ready.operator.region,
    endpoint: ready.endpoints.s3,
    forcePathStyle: true,
    credentials: { ...ready.operator },
    maxAttempts: 1,
  });
  try {
    while (keys[0] !== undefined) {
      const [Key] = keys;
      await client.send(
        new PutObjectCommand({ Bucket: ready.outputs.VaultName, Key, Body: `body of ${Key}` }),
      );
      keys.shift();
    }
  } catch {
    // Killed in between: the next process takes the rest.
  }
  client.destroy();
}

describe('a process that is killed', () => {
  it('at several moments loses nothing: what was uploaded ends as in an undisturbed run', async () => {
    const all = Array.from({ length: 120 }, (_, n) => `uploads/${String(n).padStart(3, '0')}`);
    const waiting = [...all];
    // While uploading, while working, at the start of working again, and once more.
    for (const after of [250, 600, 0, 900]) {
      child = await start();
      const uploading = upload(child, waiting);
      await new Promise((resolve) => setTimeout(resolve, after));
      await child.kill();
      await uploading;
    }
    child = await start();
    const last = child;
    await upload(last, waiting);
    const rows = async () =>
      (await (await fetch(last.ready.outputs.ListUrl as string)).json()) as {
        pk: { S: string };
        text: { S: string };
      }[];
    await expect.poll(async () => (await rows()).length, { timeout: 20_000 }).toBe(all.length);
    const found = new Map((await rows()).map(({ pk, text }) => [pk.S, text.S]));
    expect([...found.keys()].sort()).toEqual(all);
    for (const key of all) expect(found.get(key)).toBe(`body of ${key}`);
    await expect
      .poll(() => last.queues()?.map(({ visible, inFlight, delayed }) => visible + inFlight + delayed), {
        timeout: 10_000,
      })
      .toEqual([0, 0]);
  });
});
