/** Archives that mean harm, each made by script: what is read of them is bounded, and the report says why they ended. */
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from '../../../shared/archive/limits.ts';
import { failures } from '../../helpers/lambda.ts';
import { extended, makeTar } from '../../helpers/tar.ts';
import { unpackOver } from '../../helpers/unpack.ts';
import { makeZip } from '../../helpers/zip.ts';

const content = Buffer.from('some bytes');
const limits = { ...ARCHIVE_LIMITS, ratioFloorBytes: 1_000_000 };
const bomb = Buffer.alloc(20_000_000);

/** Entries that are all the same bytes: a kilobyte that would expand to gigabytes. */
function overlapping(): Buffer {
  return makeZip(
    Array.from({ length: 50 }, (_, index) => ({
      name: 'a',
      content,
      ...(index > 0 ? { central: { offset: 0 } } : {}),
    })),
  );
}

/** A stored entry that holds the local header of the next one, as a quine does. */
function nestedHeaders(): Buffer {
  const inner = makeZip([{ name: 'b', content }]);
  return makeZip([
    { name: 'a', content: inner },
    { name: 'b', content, central: { offset: 31 } },
  ]);
}

describe('a hostile ZIP archive', () => {
  it.each<[string, Buffer, string]>([
    ['whose entries are the same bytes', overlapping(), 'archive-corrupt'],
    ['whose entries lie within each other', nestedHeaders(), 'archive-corrupt'],
    [
      'whose directory claims ten million entries',
      makeZip([{ name: 'a', content }], { entries: 10_000_000, zip64: true }),
      'archive-limit',
    ],
    [
      'whose directory claims more than it has',
      makeZip([{ name: 'a', content }], { entries: 999_999, zip64: true }),
      'archive-corrupt',
    ],
    [
      'that would expand 1,000 times as a whole',
      makeZip(Array.from({ length: 8 }, (_, index) => ({ name: `${index}`, content: bomb, method: 8 }))),
      'archive-limit',
    ],
    [
      'that claims to expand 100,000 times',
      makeZip([
        { name: 'a', content, method: 8, central: { size: 1_000_000_000 }, local: { size: 1_000_000_000 } },
      ]),
      'archive-limit',
    ],
    [
      'that claims two terabytes',
      makeZip(
        Array.from({ length: 600 }, (_, index) => ({
          name: `${index}`,
          content,
          method: 8,
          central: { size: 4_000_000_000 },
        })),
      ),
      'archive-limit',
    ],
  ])('%s is refused as a whole within a few reads', async (_, archive, reason) => {
    const over = unpackOver(archive, { limits });
    expect(failures(await over.unpack())).toEqual([]);
    expect(over.ledger.ends.get(over.item.item)?.end).toMatchObject({ state: 'quarantined', reason });
    expect(over.entries()).toEqual([]);
    expect(over.vault.requests.filter((request) => request.startsWith('read')).length).toBeLessThanOrEqual(3);
  });

  it('with an entry that expands to more than it announces loses that entry alone, at the size it announced', async () => {
    const over = unpackOver(
      makeZip([
        { name: 'liar', content: bomb, method: 8, central: { size: 10 }, local: { size: 10 } },
        { name: 'good', content },
      ]),
      { limits },
    );
    await over.unpack();
    expect(over.entries().map(({ path }) => path)).toEqual(['study.zip/good']);
  });

  it('that is cut off at any byte is refused, or its entries end by themselves', async () => {
    const archive = makeZip([
      { name: 'a', content: Buffer.alloc(300, 1), method: 8 },
      { name: 'b', content, zip64: true },
    ]);
    for (let length = 0; length < archive.length; length++) {
      const over = unpackOver(archive.subarray(0, length), { limits });
      expect(failures(await over.unpack())).toEqual([]);
      expect(over.ledger.ends.get(over.item.item)?.end).toMatchObject({ reason: 'archive-corrupt' });
    }
  });
});

const NAMES = [
  '../../etc/passwd',
  '/etc/passwd',
  'C:\\Windows\\x.dll',
  'a/../../b',
  'a\0b',
  '..',
  '.',
  'CON',
  'a\r\nx-amz-acl: b',
];

describe.each<[string, (name: string) => Buffer, 'zip' | 'tar']>([
  ['ZIP', (name) => makeZip([{ name, content }]), 'zip'],
  ['TAR', (name) => makeTar([extended({ path: name }), { name: 'x', content }]), 'tar'],
])('a name in a hostile %s archive', (_, make, format) => {
  it.each(NAMES)('such as %j is shown and never obeyed', async (name) => {
    const over = unpackOver(make(name), { format });
    expect(failures(await over.unpack())).toEqual([]);
    const written = [...over.vault.objects.keys()].filter((key) => !key.startsWith('uploads/'));
    expect(written).toEqual([`extracted/${over.item.upload}/${over.item.item}/0000000`]);
    expect(over.entries()[0]?.path).toBe(`study.zip/${name}`);
  });
});

describe('a hostile TAR archive', () => {
  it('with links and devices has them ignored, and nothing of them is followed', async () => {
    const archive = makeTar([
      { name: 'link', type: '2', content: Buffer.alloc(0) },
      { name: 'hard', type: '1' },
      { name: 'null', type: '3' },
      { name: 'pipe', type: '6' },
      { name: 'good', content },
    ]);
    const over = unpackOver(archive, { format: 'tar' });
    await over.unpack();
    expect(over.entries().map(({ path }) => path)).toEqual(['study.zip/good']);
    expect(over.ledger.ends.get(over.item.item)?.end).toEqual({ state: 'unpacked', entries: 5 });
    const ends = [...over.ledger.ends.values()].map(({ end }) =>
      'reason' in end ? `${end.state} ${end.reason}` : end.state,
    );
    expect(ends.sort()).toEqual([
      'ignored not-dicom',
      'ignored not-dicom',
      'ignored not-dicom',
      'ignored not-dicom',
      'unpacked',
    ]);
  });

  it('that is cut off at any byte keeps what is whole and says that it is damaged', async () => {
    const archive = makeTar(
      [
        { name: 'a', content },
        { name: 'b', content: Buffer.alloc(600) },
      ],
      { end: false },
    );
    for (let length = 1; length < archive.length; length += 37) {
      const over = unpackOver(archive.subarray(0, length), { format: 'tar' });
      expect(failures(await over.unpack())).toEqual([]);
      const end = over.ledger.ends.get(over.item.item)?.end;
      const whole = length >= 1024 + 512 + 600 ? 2 : length >= 512 + content.length ? 1 : 0;
      expect(over.entries()).toHaveLength(whole);
      expect(end?.state).toBe(
        whole === 2 || (length >= 512 + content.length && length <= 1024) ? 'unpacked' : 'quarantined',
      );
    }
  });
});

describe('archives within archives', () => {
  it('are refused below the depth that is allowed', async () => {
    const over = unpackOver(gzipSync(content), { format: 'gzip', depth: ARCHIVE_LIMITS.maximumDepth + 1 });
    await over.unpack();
    expect(over.ledger.ends.get(over.item.item)?.end).toMatchObject({ reason: 'too-deep' });
  });

  it('expand by one level at a time, so that a nested bomb meets the limits of each level', async () => {
    const inner = makeZip([{ name: 'a', content: bomb, method: 8 }]);
    const outer = makeZip(
      Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, content: inner, method: 8 })),
    );
    const over = unpackOver(outer, { limits });
    await over.unpack();
    expect(over.entries()).toHaveLength(16);
    expect(over.entries()[0]!.bytes.length).toBe(inner.length);
    const next = unpackOver(over.entries()[0]!.bytes, { limits, depth: 1 });
    await next.unpack();
    expect(next.ledger.ends.get(next.item.item)?.end).toMatchObject({ reason: 'archive-limit' });
  });
});

describe('DEFLATE that never ends', () => {
  it('is stopped at the size that was announced', async () => {
    const endless = deflateRawSync(bomb);
    const over = unpackOver(
      makeZip([
        {
          name: 'a',
          content: endless,
          central: { method: 8, size: 5_000 },
          local: { method: 8, size: 5_000 },
        },
      ]),
      { limits },
    );
    await over.unpack();
    expect(over.entries()).toEqual([]);
    expect(
      [...over.ledger.ends.values()].map(({ end }) => ('reason' in end ? end.reason : end.state)),
    ).toContain('archive-corrupt');
  });
});
