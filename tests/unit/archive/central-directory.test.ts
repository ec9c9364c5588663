import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from '../../../shared/archive/limits.ts';
import { readDirectory } from '../../../shared/archive/zip/central-directory.ts';
import { isEncrypted, isFolder } from '../../../shared/archive/zip/entry.ts';
import { rangedSource } from '../../helpers/ranged.ts';
import { makeZip, type ZipMember, type ZipOptions } from '../../helpers/zip.ts';

const text = (value: string) => Buffer.from(value);
const entriesOf = (members: ZipMember[], options?: ZipOptions, limits = ARCHIVE_LIMITS) =>
  readDirectory(rangedSource(makeZip(members, options)), limits);

describe('the central directory', () => {
  it('is read in one range when the archive is small', async () => {
    const source = rangedSource(
      makeZip([
        { name: 'a', content: text('x') },
        { name: 'b/', content: text('') },
      ]),
    );
    const entries = await readDirectory(source);
    expect(entries.map(({ name }) => name)).toEqual(['a', 'b/']);
    expect(entries.map(isFolder)).toEqual([false, true]);
    expect(source.reads).toHaveLength(1);
  });

  it('is read in two ranges when it does not fit into the tail', async () => {
    const members = Array.from({ length: 2_000 }, (_, index) => ({
      name: `folder/file-with-a-long-name-${index}.dcm`,
    }));
    const source = rangedSource(makeZip(members));
    expect(await readDirectory(source)).toHaveLength(2_000);
    expect(source.reads).toHaveLength(2);
  });

  it.each<[string, ZipOptions, Partial<ZipMember>]>([
    [
      'a comment that imitates an end record',
      { comment: 'PK\x05\x06 and so on, long enough to look like one' },
      {},
    ],
    ['ZIP64 end records', { zip64: true }, {}],
    ['ZIP64 sizes and offsets', {}, { zip64: true }],
    ['ZIP64 everywhere', { zip64: true, comment: 'x' }, { zip64: true }],
  ])('is found behind %s', async (_, options, member) => {
    const content = text('abc');
    const entries = await entriesOf(
      [
        { name: 'first', content, ...member },
        { name: 'second', content, ...member },
      ],
      options,
    );
    expect(entries).toMatchObject([
      { name: 'first', size: 3, offset: 0 },
      { name: 'second', size: 3, offset: 38 },
    ]);
  });

  it.each<[string, ZipMember, string]>([
    ['UTF-8 with the flag', { name: 'Grün/Å.dcm', flags: 0x0800 }, 'Grün/Å.dcm'],
    ['UTF-8 without the flag', { name: '患者.dcm' }, '患者.dcm'],
    ['code page 437', { name: Buffer.from([0x4d, 0x81, 0x6c, 0x6c, 0x65, 0x72]) }, 'Müller'],
    ['the last character of code page 437', { name: Buffer.from([0xff]) }, '\u00a0'],
    ['a step up', { name: '../../etc/passwd' }, '../../etc/passwd'],
  ])('reads a name in %s', async (_, member, name) => {
    expect((await entriesOf([member]))[0]?.name).toBe(name);
  });

  it.each([0x0001, 0x0041])('knows encryption by flag %s', async (flags) => {
    expect((await entriesOf([{ name: 'a', flags }])).map(isEncrypted)).toEqual([true]);
  });
});

describe('a central directory that cannot be trusted', () => {
  const content = text('0123456789');
  it.each<[string, () => Promise<unknown>, string]>([
    [
      'is not there',
      () => readDirectory(rangedSource(text('no archive at all, but long enough for one'))),
      'archive-corrupt',
    ],
    ['is shorter than an end record', () => readDirectory(rangedSource(text('PK'))), 'archive-corrupt'],
    [
      'announces more entries than it has',
      () => entriesOf([{ name: 'a' }], { entries: 2 }),
      'archive-corrupt',
    ],
    [
      'has more entries than it announces',
      () => entriesOf([{ name: 'a' }, { name: 'b' }], { entries: 1 }),
      'archive-corrupt',
    ],
    [
      'has two entries over the same bytes',
      () =>
        entriesOf([
          { name: 'a', content },
          { name: 'a', content, central: { offset: 0 } },
        ]),
      'archive-corrupt',
    ],
    [
      'has an entry that reaches over the next',
      () =>
        entriesOf([
          { name: 'a', content, central: { compressed: 60 } },
          { name: 'b', content },
        ]),
      'archive-corrupt',
    ],
    [
      'has an entry that reaches into the directory',
      () => entriesOf([{ name: 'a', content, central: { compressed: 11 } }]),
      'archive-corrupt',
    ],
    [
      'has an entry beyond its end',
      () => entriesOf([{ name: 'a', central: { offset: 1_000_000 } }]),
      'archive-corrupt',
    ],
    ['is encrypted', () => entriesOf([{ name: 'a', flags: 0x2000 }]), 'archive-encrypted'],
    [
      'has an entry without its ZIP64 field',
      () => entriesOf([{ name: 'a', central: { size: 0xffffffff } }]),
      'archive-corrupt',
    ],
  ])('%s', async (_, read, reason) => {
    await expect(read()).rejects.toMatchObject({ name: 'UnprocessableInstanceError', reason });
  });

  it('is refused for one volume of several', async () => {
    const zip = makeZip([{ name: 'a' }]);
    zip.writeUInt16LE(1, zip.length - 22 + 4);
    await expect(readDirectory(rangedSource(zip))).rejects.toMatchObject({ reason: 'unsupported-archive' });
  });

  it('is refused when its ZIP64 record lies outside', async () => {
    const zip = makeZip([{ name: 'a' }], { zip64: true });
    zip.writeBigUInt64LE(2n ** 62n, zip.length - 22 - 20 + 8);
    await expect(readDirectory(rangedSource(zip))).rejects.toMatchObject({ reason: 'archive-corrupt' });
  });

  it.each<[string, Partial<typeof ARCHIVE_LIMITS>, ZipMember[]]>([
    ['entries', { maximumEntries: 1 }, [{ name: 'a' }, { name: 'b' }]],
    ['bytes of the directory', { maximumDirectoryBytes: 40 }, [{ name: 'a' }]],
    [
      'expanded bytes',
      { maximumTotalBytes: 19 },
      [
        { name: 'a', content },
        { name: 'b', content },
      ],
    ],
    [
      'the ratio',
      { maximumRatio: 10, ratioFloorBytes: 1_000 },
      [{ name: 'zeros', content: new Uint8Array(100_000), method: 8 }],
    ],
  ])('is refused over the limit of %s', async (_, limits, members) => {
    await expect(entriesOf(members, {}, { ...ARCHIVE_LIMITS, ...limits })).rejects.toMatchObject({
      reason: 'archive-limit',
    });
  });
});
