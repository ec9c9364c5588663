import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listFiles } from '../../../cli/ingest/list-files.ts';
import { uploadFiles } from '../../../cli/ingest/upload-files.ts';
import type { StaffApi } from '../../../cli/stack/staff-api.ts';

let folder: string;
let server: Server;
let origin: string;
const stored = new Map<string, string>();
let answers: (path: string, attempt: number) => number;
const attempts = new Map<string, number>();
let atOnce = 0;
let mostAtOnce = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filmroom-upload-'));
  for (let i = 0; i < 230; i++) writeFileSync(join(folder, `f${i}+ ü`), `file ${i}`);
  writeFileSync(join(folder, 'large'), Buffer.alloc(3 << 20, 7));
  writeFileSync(join(folder, 'none'), '');
  server = createServer((request, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    const path = new URL(request.url ?? '', origin).searchParams.get('path') ?? '';
    const attempt = (attempts.get(path) ?? 0) + 1;
    attempts.set(path, attempt);
    const hash = createHash('sha256');
    let length = 0;
    request.on('data', (bytes: Buffer) => {
      hash.update(bytes);
      length += bytes.length;
    });
    request.on('end', () => {
      atOnce -= 1;
      const status = request.headers['if-none-match'] === '*' ? answers(path, attempt) : 400;
      if (status === 200 && Number(request.headers['content-length']) === length)
        stored.set(path, hash.digest('hex'));
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  stored.clear();
  attempts.clear();
  mostAtOnce = 0;
  answers = () => 200;
});

const batches: number[] = [];
const api = {
  uploadUrls: async (_upload: string, objects: readonly { path: string }[]) => {
    batches.push(objects.length);
    return objects.map(({ path }) => ({
      path,
      url: `${origin}/?path=${encodeURIComponent(path)}`,
      headers: { 'if-none-match': '*' },
    }));
  },
} as Partial<StaffApi> as StaffApi;

describe('uploading files', () => {
  it('sends the bytes of each, large, small and empty, a few at a time', async () => {
    const { files } = await listFiles([folder]);
    await uploadFiles(api, 'upload', files, { parallel: 4 });
    expect(stored.size).toBe(232);
    expect(stored.get('large')).toBe(
      createHash('sha256')
        .update(Buffer.alloc(3 << 20, 7))
        .digest('hex'),
    );
    expect(stored.get('f17+ ü')).toBe(createHash('sha256').update('file 17').digest('hex'));
    expect(mostAtOnce).toBeLessThanOrEqual(4);
    expect(batches.every((size) => size <= 64)).toBe(true);
    expect(batches.reduce((sum, size) => sum + size)).toBe(232);
    expect(batches.length).toBeLessThan(40);
  });

  it.each([
    ['the server fails once', 503],
    ['the address has expired', 403],
  ])('tries again when %s', async (_case, status) => {
    answers = (_path, attempt) => (attempt === 1 ? status : 200);
    const { files } = await listFiles([join(folder, 'large')]);
    await uploadFiles(api, 'upload', files);
    expect([...stored.keys()]).toEqual(['large']);
  });

  it('takes an object that stands there after a lost answer for its own', async () => {
    answers = (_path, attempt) => (attempt === 1 ? 500 : 412);
    const { files } = await listFiles([join(folder, 'none')]);
    await expect(uploadFiles(api, 'upload', files)).resolves.toBeUndefined();
  });

  it('says what S3 answered when it refuses', async () => {
    answers = () => 400;
    const { files } = await listFiles([join(folder, 'none')]);
    await expect(uploadFiles(api, 'upload', files)).rejects.toThrow(
      /could not be uploaded: .* answers with 400/,
    );
  });
});
