import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from '../../../shared/archive/limits.ts';
import type { TarEntry } from '../../../shared/archive/tar/entry.ts';
import { planTar } from '../../../shared/archive/tar/plan-tar.ts';
import { walkTar } from '../../../shared/archive/tar/walk-tar.ts';
import { rangedSource } from '../../helpers/ranged.ts';
import { extended, makeTar, type TarMember } from '../../helpers/tar.ts';

const content = Buffer.from('some bytes');

async function walk(archive: Uint8Array): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for await (const entry of walkTar(rangedSource(archive))) entries.push(entry);
  return entries;
}

describe('a TAR archive', () => {
  it('is walked from header to header', async () => {
    const entries = await walk(
      makeTar([{ name: 'a/', type: '5' }, { name: 'a/b.dcm', content }, { name: 'c' }]),
    );
    expect(entries).toMatchObject([
      { index: 0, name: 'a/', kind: 'folder', start: 0, end: 512 },
      { index: 1, name: 'a/b.dcm', kind: 'file', size: 10, dataStart: 1024, end: 1536 },
      { index: 2, name: 'c', kind: 'file', size: 0 },
    ]);
  });

  it.each<[string, TarMember[], Partial<TarEntry>]>([
    ['a prefix', [{ name: 'c.dcm', prefix: 'a/b', content }], { name: 'a/b/c.dcm', size: 10 }],
    ['no magic', [{ name: 'c.dcm', magic: '', type: '\0', content }], { name: 'c.dcm', kind: 'file' }],
    [
      'a long name of GNU’s',
      [
        { name: '././@LongLink', type: 'L', content: Buffer.from(`${'x/'.repeat(100)}c.dcm\0`) },
        { name: 'x/', content },
      ],
      { name: `${'x/'.repeat(100)}c.dcm`, size: 10, kind: 'file' },
    ],
    [
      'a pax name',
      [extended({ path: 'Müller/ü.dcm', mtime: '1.5' }), { name: 'x', content }],
      { name: 'Müller/ü.dcm' },
    ],
    ['a pax size', [extended({ size: '10' }), { name: 'x', content, size: 0 }], { name: 'x', size: 10 }],
    [
      'a global header before it',
      [
        { ...extended({ comment: 'abc' }), type: 'g' },
        { name: 'x', content },
      ],
      { name: 'x' },
    ],
    [
      'a size in base 256',
      [{ name: 'x', content, sizeField: Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10) }],
      { size: 10 },
    ],
    ['a symbolic link', [{ name: 'x', type: '2', size: 4_096 }], { kind: 'link', end: 512 }],
    ['a device', [{ name: 'x', type: '3' }], { kind: 'device' }],
    ['a sparse file of GNU’s', [{ name: 'x', type: 'S', content }], { kind: 'sparse' }],
    [
      'a sparse file of pax',
      [extended({ 'GNU.sparse.major': '1' }), { name: 'x', content }],
      { kind: 'sparse' },
    ],
  ])('with %s is read', async (_, members, entry) => {
    expect((await walk(makeTar([...members, { name: 'next', content }])))[0]).toMatchObject(entry);
    expect((await walk(makeTar([...members, { name: 'next', content }]))).at(-1)).toMatchObject({
      name: 'next',
    });
  });

  it('may end without the blocks that end it', async () => {
    expect(await walk(makeTar([{ name: 'a', content }], { end: false }))).toHaveLength(1);
  });

  it.each<[string, Uint8Array]>([
    ['has a header whose checksum is wrong', makeTar([{ name: 'a' }, { name: 'b', checksum: 1 }])],
    [
      'breaks off within a file',
      makeTar([{ name: 'a' }, { name: 'b', content: Buffer.alloc(2_000) }]).subarray(0, 1_500),
    ],
    [
      'breaks off within a header',
      makeTar([{ name: 'a', content }, { name: 'b' }], { end: false }).subarray(0, 1_300),
    ],
    ['states a size of 8 GiB', makeTar([{ name: 'a', size: 8 * 1024 ** 3 - 1 }])],
    ['states a size of 2^80', makeTar([{ name: 'a', sizeField: new Uint8Array(12).fill(0xff) }])],
    [
      'has a pax record without a length',
      makeTar([{ name: 'x', type: 'x', content: Buffer.from('path=a\n') }, { name: 'a' }]),
    ],
    [
      'has a pax record that reaches over its end',
      makeTar([{ name: 'x', type: 'x', content: Buffer.from('99 path=a\n') }, { name: 'a' }]),
    ],
    ['has a pax size that is no number', makeTar([extended({ size: '-1' }), { name: 'a' }])],
    [
      'has headers without an entry for ever',
      makeTar(Array.from({ length: 20 }, () => extended({ path: 'a' }))),
    ],
    ['has a long name of a gigabyte', makeTar([{ name: 'x', type: 'L', size: 1024 ** 3 }])],
  ])('that %s is refused from there on', async (_, archive) => {
    await expect(walk(archive)).rejects.toMatchObject({
      reason: expect.stringMatching(/^archive-(corrupt|limit)$/),
    });
  });

  it('costs a request for each large entry, and few for many small ones', async () => {
    const large = rangedSource(
      makeTar(
        Array.from({ length: 20 }, (_, index) => ({ name: `${index}`, content: Buffer.alloc(500_000) })),
      ),
    );
    for await (const _ of walkTar(large));
    expect(large.reads.length).toBeLessThanOrEqual(21);
    expect(large.reads.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2_500_000);
    const small = rangedSource(
      makeTar(Array.from({ length: 4_000 }, (_, index) => ({ name: `${index}`, content }))),
    );
    for await (const _ of walkTar(small));
    expect(small.reads.length).toBeLessThanOrEqual(5);
  });
});

describe('the plan of a TAR archive', () => {
  const members = Array.from({ length: 25 }, (_, index) => ({ name: `${index}`, content }));
  const options = { limits: ARCHIVE_LIMITS, sliceLimits: { maximumEntries: 10, maximumBytes: 1e9 } };
  const beginning = { at: 0, entry: 0, files: 0 };

  it('has slices that join and hold every entry once', async () => {
    const source = rangedSource(makeTar(members));
    const plan = await planTar(source, beginning, { ...options, isLate: () => false });
    expect(plan).toMatchObject({ done: true, progress: { files: 25, entry: 25 } });
    const found: string[] = [];
    for (const { start, end, firstEntry } of plan.slices)
      for await (const { name } of walkTar(source, { from: start, to: end, firstEntry })) found.push(name);
    expect(found).toEqual(members.map(({ name }) => name));
  });

  it('stops when it is late and goes on where it stopped', async () => {
    const source = rangedSource(makeTar(members));
    const first = await planTar(source, beginning, { ...options, isLate: () => true });
    expect(first.done).toBe(false);
    const rest = await planTar(source, first.progress, { ...options, isLate: () => false });
    const whole = await planTar(source, beginning, { ...options, isLate: () => false });
    expect([...first.slices, ...rest.slices]).toEqual(whole.slices);
    expect(rest.progress).toEqual(whole.progress);
  });

  it('keeps what lies before the place where the archive breaks off', async () => {
    const archive = makeTar(members);
    const plan = await planTar(rangedSource(archive.subarray(0, 15 * 1024 + 100)), beginning, {
      ...options,
      isLate: () => false,
    });
    expect(plan.fault).toMatchObject({ reason: 'archive-corrupt' });
    expect(plan.slices.at(-1)).toMatchObject({ end: 15 * 1024 });
  });
});

const tar = spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout ?? '';
const dir = mkdtempSync(join(tmpdir(), 'filmroom-tar-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe.skipIf(!tar.includes('GNU tar'))('what GNU tar writes (skipped where it is not installed)', () => {
  it.each(['v7', 'ustar', 'gnu', 'pax'])('in the format %s is read', async (format) => {
    const root = join(dir, format);
    const long = format === 'v7' ? 'short' : 'a-long-folder-name-'.repeat(5);
    mkdirSync(join(root, long), { recursive: true });
    writeFileSync(join(root, long, 'one.dcm'), Buffer.alloc(70_000, 1));
    writeFileSync(join(root, 'zwei ü.dcm'), content);
    const archive = spawnSync('tar', ['-C', root, `--format=${format}`, '-cf', '-', '.'], {
      maxBuffer: 1e8,
    }).stdout;
    const files = (await walk(archive)).filter(({ kind }) => kind === 'file');
    expect(files.map(({ name, size }) => [name, size]).sort()).toEqual(
      [
        [`./${long}/one.dcm`, 70_000],
        ['./zwei ü.dcm', 10],
      ].sort(),
    );
    for (const { dataStart, size } of files) {
      const bytes = archive.subarray(dataStart, dataStart + size);
      expect(bytes.every((byte) => byte === 1) || bytes.equals(content)).toBe(true);
    }
  });
});
