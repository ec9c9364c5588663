import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IngestReport } from '../../cli/report/json-output.ts';
import { crc64nvme } from '../../shared/checksum/crc64nvme.ts';
import { manifestKey, uploadKey } from '../../shared/contract/names.ts';
import { startUploadServer, type UploadServer } from '../helpers/upload-server.ts';
import { filmroom, scratch, startFilmroom } from './pipeline.ts';

const ROUNDS = 10;
const SMALL_FILES = 240;
/** Four parts and a bit. */
const LARGE_BYTES = (33 << 20) + 7;

const folder = scratch('upload-killed');
const files = join(folder.path, 'files');
let server: UploadServer;
let args: string[];

beforeAll(async () => {
  server = await startUploadServer();
  mkdirSync(join(files, 'a folder'), { recursive: true });
  for (let index = 0; index < SMALL_FILES; index++)
    writeFileSync(join(files, 'a folder', `${index} ü+.dcm`), randomBytes(1_000 + index));
  writeFileSync(join(files, 'empty'), '');
  writeFileSync(join(files, 'large.zip'), randomBytes(LARGE_BYTES));
}, 60_000);
afterAll(async () => {
  await server?.close();
  folder.remove();
});
beforeEach(async () => {
  server.puts.length = 0;
  const secret = join(folder.path, 'token');
  writeFileSync(secret, `${await server.newToken()}\n`);
  const state = join(folder.path, `state-${randomBytes(4).toString('hex')}`);
  args = ['upload', files, '--to', server.url, '--token-file', secret, '--state', state];
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const onDisk = () =>
  readdirSync(files, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(files, path)).isFile())
    .sort();

async function objectsOf(upload: string): Promise<Map<string, Buffer>> {
  const objects = new Map<string, Buffer>();
  const prefix = uploadKey(upload, '');
  for await (const key of server.vault.list(prefix))
    objects.set(key.slice(prefix.length), Buffer.from((await server.vault.read({ key })).bytes));
  return objects;
}

async function report(more: readonly string[] = []): Promise<IngestReport> {
  const ended = await filmroom([...args, '--json', ...more]);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return IngestReport.parse(JSON.parse(ended.stdout));
}

describe('filmroom upload', () => {
  it(`killed at ${ROUNDS} random moments ends with the same bytes, one report and nothing sent twice`, async () => {
    server.behaviour.delayMs = 40;
    const moments: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = server.puts.length;
      const child = startFilmroom([...args, '--no-follow']);
      const ended = new Promise((resolve) => child.once('close', resolve));
      // Most rounds are killed while bytes are on their way, the first one perhaps before.
      const moment = Math.round(Math.random() * 180);
      moments.push(moment);
      while (round > 0 && server.puts.length === before && child.exitCode === null) await sleep(5);
      await sleep(moment);
      child.kill('SIGKILL');
      await ended;
    }
    server.behaviour.delayMs = 0;
    const told = `killed ${moments.join(', ')} ms after the first byte`;
    const last = await report();
    expect(last, told).toMatchObject({ total: SMALL_FILES + 2, pending: 0 });
    expect(last.states.ignored, told).toBe(SMALL_FILES + 2);

    const objects = await objectsOf(last.upload);
    expect([...objects.keys()].sort(), told).toEqual(onDisk());
    for (const [path, bytes] of objects)
      expect(sha256(bytes), `${told}: ${path}`).toBe(sha256(readFileSync(join(files, path))));
    const stored = server.puts.filter(({ what }) => what.startsWith('uploads/'));
    expect(
      stored.filter(({ status }) => status !== 200),
      told,
    ).toEqual([]);
    expect(new Set(stored.map(({ what }) => what)).size, told).toBe(stored.length);
    expect(stored.length, told).toBe(SMALL_FILES + 1 + 5);

    // The same command again sends nothing and shows the same report.
    server.puts.length = 0;
    expect((await report()).upload).toBe(last.upload);
    expect(server.puts).toEqual([]);
  }, 120_000);

  it('closes with a manifest of what was sent', async () => {
    const { upload, missing } = await report();
    const lines = gunzipSync((await server.vault.read({ key: manifestKey(upload) })).bytes)
      .toString()
      .trim();
    const manifest = lines.split('\n').map((line) => JSON.parse(line));
    expect(manifest.map(({ path }) => path)).toEqual(onDisk());
    for (const { path, ...rest } of manifest) {
      const bytes = readFileSync(join(files, path));
      expect(rest).toEqual({ size: bytes.length, sha256: sha256(bytes), crc64nvme: crc64nvme(bytes) });
    }
    expect(missing.missing).toBe(0);
  });

  it('sends a file that changed after it had arrived anew, and after the upload was closed only that', async () => {
    server.behaviour.delayMs = 40;
    const child = startFilmroom([...args, '--no-follow']);
    const arrived = () => server.puts.find(({ what }) => what.includes('a folder'));
    while (!arrived()) await sleep(5);
    await sleep(60);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    server.behaviour.delayMs = 0;
    const path = /uploads\/\w+\/(.*)#/.exec(arrived()?.what ?? '')?.[1] ?? '';
    appendFileSync(join(files, path), 'more');
    const first = await report();
    const objects = await objectsOf(first.upload);
    expect(objects.get(`${path}~2`)).toEqual(readFileSync(join(files, path)));
    expect(objects.size).toBe(SMALL_FILES + 3);

    utimesSync(join(files, 'empty'), 1, 1);
    const second = await report();
    expect(second.upload).not.toBe(first.upload);
    expect([...(await objectsOf(second.upload)).keys()]).toEqual(['empty']);
  }, 60_000);

  it('waits for a network that is gone, and goes on', async () => {
    server.behaviour.delayMs = 20;
    const running = filmroom([...args, '--json', '--follow']);
    while (server.puts.length < 20) await sleep(5);
    server.behaviour.isGone = true;
    await sleep(1_000);
    server.behaviour.isGone = false;
    server.behaviour.delayMs = 0;
    const ended = await running;
    expect(ended.code).toBe(0);
    const stored = server.puts.filter(({ status, what }) => status === 200 && what.startsWith('uploads/'));
    expect(new Set(stored.map(({ what }) => what)).size).toBe(stored.length);
    expect(IngestReport.parse(JSON.parse(ended.stdout)).total).toBe(SMALL_FILES + 2);
  }, 60_000);

  it('says what to do when the token is not known, is used up, or is not there', async () => {
    const [to] = [server.url];
    const said = async (...more: string[]) => {
      const ended = await filmroom([
        'upload',
        files,
        '--to',
        to,
        '--state',
        join(folder.path, 'other'),
        ...more,
      ]);
      expect(ended.code).toBe(1);
      return ended.stderr;
    };
    expect(await said()).toMatch(/needs a token/);
    expect(await said('--token', 'a'.repeat(69))).toMatch(/not known/);
    expect(await said('--token', await server.newToken(1_000))).toMatch(/limit of bytes/);
    expect(JSON.stringify(server.lines)).not.toContain('a folder');
  });
});
