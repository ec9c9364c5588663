import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceRunning, findRunning } from '../../../local/running.ts';
import { synthesize } from '../../../local/synth.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-synth-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A project whose app writes down what it was told, and counts how often it ran. */
const APP = `
import { appendFileSync, writeFileSync } from 'node:fs';
const out: string = process.env.CDK_OUTDIR ?? '';
appendFileSync('runs', 'x');
writeFileSync(out + '/manifest.json', process.env.CDK_CONTEXT_JSON ?? '');
`;

async function project(): Promise<{ project: string; outRoot: string }> {
  const root = join(directory, 'project');
  await mkdir(join(root, 'infra'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await writeFile(join(root, 'cdk.json'), '{"context":{"size":1,"name":"cdk.json"}}');
  await writeFile(join(root, 'infra', 'app.ts'), APP);
  await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(root, 'node_modules'));
  return { project: root, outRoot: join(directory, 'out') };
}
const runs = (root: string) => readFile(join(root, 'runs'), 'utf8');

describe('synthesis', () => {
  it('runs the app once for one content, with the context of cdk.json, the host and the caller', async () => {
    const options = { ...(await project()), context: { name: 'caller' } };
    const first = await synthesize(options);
    expect(await synthesize(options)).toBe(first);
    expect(await runs(options.project)).toBe('x');
    const context = JSON.parse(await readFile(join(first, 'manifest.json'), 'utf8')) as unknown;
    expect(context).toEqual({ size: 1, name: 'caller', architecture: 'host' });
  });

  it('runs it again for other sources and another context', async () => {
    const options = await project();
    const first = await synthesize(options);
    await mkdir(join(options.project, 'functions', 'parse'), { recursive: true });
    await writeFile(join(options.project, 'functions', 'parse', 'handler.ts'), '// new');
    const second = await synthesize(options);
    const third = await synthesize({ ...options, context: { size: '2' } });
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await runs(options.project)).toBe('xxx');
  });

  it('keeps the latest assemblies only', async () => {
    const options = await project();
    for (const size of ['1', '2', '3', '4', '5']) await synthesize({ ...options, context: { size } });
    expect(await readdir(options.outRoot)).toHaveLength(3);
  });

  it('says what the app said when it fails, and leaves nothing behind', async () => {
    const options = await project();
    await writeFile(join(options.project, 'infra', 'app.ts'), 'throw new Error("no such bucket size");');
    await expect(synthesize(options)).rejects.toThrow('no such bucket size');
    expect(await readdir(options.outRoot)).toEqual([]);
  });
});

describe('the announcement of a running stack', () => {
  const operator = { accessKeyId: 'a', secretAccessKey: 'b', region: 'us-east-1' };
  const nobody = 'http://127.0.0.1:1';
  const endpoints = { s3: nobody, sqs: nobody, dynamodb: nobody, control: nobody };

  it.each([
    ['whose process is gone', 2 ** 22 + 1],
    ['whose port answers no more', process.pid],
  ])('%s is ignored', async (_, pid) => {
    await announceRunning(directory, { pid, outputs: {}, operator, endpoints });
    expect(await findRunning(directory)).toBeUndefined();
  });
});
