import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readDirectory } from '../../../shared/archive/zip/central-directory.ts';
import { type StoredEntry, storedArchive } from '../../../shared/archive/zip/stored-archive.ts';
import { rangedSource } from '../../helpers/ranged.ts';
import '../../helpers/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'filmroom-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

const contents = [Buffer.alloc(0), Buffer.from('one'), Buffer.alloc(70_000, 7), Buffer.from('last')];
const entries = contents.map((bytes, index) => ({
  name: `DICOM/IM00000${index}`,
  size: bytes.length,
  crc32: crc32(bytes),
}));

function bytesOf(archive: ReturnType<typeof storedArchive>, start: number, end: number): Buffer {
  const pieces = [...archive.pieces(start, end)].map((piece) =>
    'bytes' in piece ? piece.bytes : contents[piece.entry]!.subarray(piece.start, piece.start + piece.length),
  );
  return Buffer.concat(pieces);
}
const python = (program: string, ...parameters: string[]) =>
  spawnSync('python3', ['-c', program, ...parameters], { encoding: 'utf8' });
const hasPython = python('').status === 0;
const hasUnzip = spawnSync('unzip', ['-v']).status === 0;

describe('an archive of stored entries', () => {
  const archive = storedArchive(entries);
  const whole = bytesOf(archive, 0, archive.length);

  it('has the length that is said ahead, and is read with its names, sizes and checksums', async () => {
    expect(whole).toHaveLength(archive.length);
    const read = await readDirectory(rangedSource(whole));
    expect(read.map(({ name, size, crc32 }) => ({ name, size, crc32 }))).toEqual(entries);
  });

  it('gives the same bytes by ranges as in one', () => {
    fc.assert(
      fc.property(fc.nat(archive.length), fc.nat(archive.length), (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(bytesOf(archive, start, end).equals(whole.subarray(start, end))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('may have no entries', async () => {
    const none = storedArchive([]);
    expect(await readDirectory(rangedSource(bytesOf(none, 0, none.length)))).toEqual([]);
  });

  it('refuses a name that is not ASCII', () => {
    expect(() => storedArchive([{ name: 'Müller', size: 0, crc32: 0 }])).toThrow(RangeError);
  });
});

describe.skipIf(!hasUnzip)(`unzip${hasUnzip ? '' : ' (skipped: it is not installed)'}`, () => {
  it('finds nothing wrong with it', () => {
    const archive = storedArchive(entries);
    const path = join(folder, 'small.zip');
    writeFileSync(path, bytesOf(archive, 0, archive.length));
    const { status, stdout } = spawnSync('unzip', ['-t', path], { encoding: 'utf8' });
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('No errors detected'),
    });
  });
});

describe.skipIf(!hasPython)(`Python’s zipfile${hasPython ? '' : ' (skipped: it is not installed)'}`, () => {
  const LIST = `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
infos = z.infolist()
print(len(infos), infos[0].file_size, infos[-1].header_offset, z.read(infos[-1].filename).decode())`;
  /** A file with the archive's own bytes; those of entries are holes, but for the last one. */
  const sparse = (many: readonly StoredEntry[], last: Buffer) => {
    const archive = storedArchive(many);
    const path = join(folder, `${many.length}.zip`);
    const file = openSync(path, 'w');
    truncateSync(path, archive.length);
    let at = 0;
    for (const piece of archive.pieces(0, archive.length)) {
      if ('bytes' in piece) writeSync(file, piece.bytes, 0, piece.bytes.length, at);
      else if (piece.entry === many.length - 1) writeSync(file, last, 0, last.length, at);
      at += 'bytes' in piece ? piece.bytes.length : piece.length;
    }
    closeSync(file);
    return path;
  };
  const last = Buffer.from('last');
  const lastEntry = { name: 'DICOM/LAST', size: last.length, crc32: crc32(last) };
  const GiB = 1024 ** 3;

  it.each<[string, StoredEntry[], string]>([
    ['a file over 4 GiB', [{ name: 'DICOM/BIG', size: 5 * GiB, crc32: 0 }], `2 ${5 * GiB} ${5 * GiB + 59}`],
    [
      'a file of exactly 4 GiB less one byte',
      [{ name: 'DICOM/BIG', size: 4 * GiB - 1, crc32: 0 }],
      `2 ${4 * GiB - 1} ${4 * GiB + 58}`,
    ],
    [
      'an offset over 4 GiB',
      Array.from({ length: 3 }, (_, index) => ({ name: `DICOM/BIG${index}`, size: 2 * GiB, crc32: 0 })),
      `4 ${2 * GiB} ${6 * GiB + 3 * 40}`,
    ],
    [
      'more than 65,535 files',
      Array.from({ length: 70_000 }, (_, index) => ({
        name: `DICOM/${String(index).padStart(6, '0')}`,
        size: 0,
        crc32: 0,
      })),
      `70001 0 ${70_000 * 42}`,
    ],
  ])('reads an archive with %s', (_, many, expected) => {
    const { stdout, stderr } = python(LIST, sparse([...many, lastEntry], last));
    expect({ stdout, stderr }).toEqual({ stdout: `${expected} last\n`, stderr: '' });
  });
});
