import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from '../../../cli/ingest/list-files.ts';

const NAMES = [
  'plain.dcm',
  'with space.dcm',
  'plus+plus.dcm',
  'Ünïcödé 日本.dcm',
  'new\nline.dcm',
  "quote'.dcm",
  '%41.dcm',
];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'filmroom-list-'));
  mkdirSync(join(folder, 'one', 'deep'), { recursive: true });
  mkdirSync(join(folder, 'two'));
  for (const name of NAMES) writeFileSync(join(folder, 'one', 'deep', name), name);
  writeFileSync(join(folder, 'two', 'empty'), '');
  symlinkSync(join(folder, 'one'), join(folder, 'two', 'loop'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pathsOf = async (...args: string[]) =>
  (await listFiles(args.map((name) => join(folder, name)))).files.map(({ path }) => path).sort();

describe('the files behind the arguments', () => {
  it('are relative to a folder, whatever their names hold', async () => {
    expect(await pathsOf('one')).toEqual(NAMES.map((name) => `deep/${name}`).sort());
  });

  it('bear the base name of their argument where there are several', async () => {
    expect(await pathsOf('two', 'one/deep/plain.dcm')).toEqual(['plain.dcm', 'two/empty']);
  });

  it('keep two arguments of one name apart', async () => {
    expect(await pathsOf('one/deep/plain.dcm', 'one/deep/plain.dcm')).toEqual(['plain.dcm', 'plain.dcm-2']);
  });

  it('count an empty file and leave a symbolic link out', async () => {
    const { files, skipped } = await listFiles([join(folder, 'two')]);
    expect(files.map(({ path, size }) => [path, size])).toEqual([['empty', 0]]);
    expect(skipped).toBe(1);
  });

  it('keep a name that is not UTF-8', async () => {
    const odd = Buffer.concat([Buffer.from(`${folder}/two/caf`), Buffer.from([0xe9]), Buffer.from('.dcm')]);
    writeFileSync(odd, 'x');
    const { files } = await listFiles([join(folder, 'two')]);
    rmSync(odd);
    expect(files.map(({ path }) => path)).toContain('café.dcm');
  });

  it('do not exist where the argument does not', async () => {
    await expect(listFiles([join(folder, 'three')])).rejects.toThrow(/there is no .*three/);
  });
});
