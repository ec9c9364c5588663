import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from '../../../shared/archive/limits.ts';
import { readDirectory } from '../../../shared/archive/zip/central-directory.ts';
import type { ZipEntry } from '../../../shared/archive/zip/entry.ts';
import { expand, expandStream } from '../../../shared/archive/zip/expand.ts';
import { checkEntry, dataStart } from '../../../shared/archive/zip/local-header.ts';
import { rangedSource } from '../../helpers/ranged.ts';
import { makeZip, type ZipMember } from '../../helpers/zip.ts';

const content = Buffer.from('the same words again and again, the same words again and again');

/** Reads the first entry of an archive of this member in both ways. */
async function unpack(member: Omit<ZipMember, 'name'>): Promise<{ whole: Uint8Array; streamed: Uint8Array }> {
  const source = rangedSource(
    makeZip([
      { name: 'file', content, ...member },
      { name: 'next', content },
    ]),
  );
  const [entry] = (await readDirectory(source)) as [ZipEntry];
  checkEntry(entry);
  const start = dataStart(entry, await source.read(entry.offset, entry.limit - entry.offset));
  const whole = outcome(() => expand(entry, makeRange(start, entry)));
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of expandStream(entry, await source.stream(start, entry.compressedSize)))
      pieces.push(piece);
  } catch (error) {
    // Both ways must come to the same end.
    expect(whole).toMatchObject({ error: { reason: (error as { reason: string }).reason } });
    throw error;
  }
  if ('error' in whole) throw whole.error;
  return { whole: whole.value, streamed: Buffer.concat(pieces) };

  function makeRange(from: number, { compressedSize }: ZipEntry): Uint8Array {
    return makeZip([
      { name: 'file', content, ...member },
      { name: 'next', content },
    ]).subarray(from, from + compressedSize);
  }
}

function outcome<Value>(run: () => Value): { value: Value } | { error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

describe('an entry', () => {
  it.each<[string, Omit<ZipMember, 'name'>]>([
    ['stored', {}],
    ['deflated', { method: 8 }],
    ['stored with its sizes behind it', { descriptor: true }],
    ['deflated with its sizes behind it', { method: 8, descriptor: true }],
    ['deflated with ZIP64 sizes', { method: 8, zip64: true }],
    ['behind a long local extra field', { method: 8, extra: new Uint8Array(5_000) }],
    ['empty', { content: Buffer.alloc(0) }],
    ['empty and deflated', { content: Buffer.alloc(0), method: 8 }],
  ])('%s is expanded to what it was', async (_, member) => {
    const { whole, streamed } = await unpack(member);
    expect(Buffer.from(whole)).toEqual(member.content ?? content);
    expect(Buffer.from(streamed)).toEqual(member.content ?? content);
  });

  it.each<[string, Omit<ZipMember, 'name'>, string]>([
    ['needs a password', { flags: 1 }, 'archive-encrypted'],
    ['is encrypted by AES', { method: 99 }, 'archive-encrypted'],
    ['is compressed in another way', { method: 12 }, 'unsupported-archive'],
    [
      'is stored in fewer bytes than it has',
      { central: { size: 63 }, local: { size: 63 } },
      'archive-corrupt',
    ],
    ['has another name in its own header', { local: { name: 'other' } }, 'archive-corrupt'],
    ['has another method in its own header', { local: { method: 8 } }, 'archive-corrupt'],
    ['has another size in its own header', { method: 8, local: { size: 1 } }, 'archive-corrupt'],
    [
      'has another compressed size in its own header',
      { method: 8, local: { compressed: 1 } },
      'archive-corrupt',
    ],
    ['has another checksum in its own header', { local: { crc: 1 } }, 'archive-corrupt'],
    ['is encrypted by its own header only', { local: { flags: 1 } }, 'archive-corrupt'],
    ['has a wrong checksum', { central: { crc: 1 }, local: { crc: 1 } }, 'archive-corrupt'],
    [
      'expands to more than it says',
      { method: 8, central: { size: 10 }, local: { size: 10 } },
      'archive-corrupt',
    ],
    [
      'expands to less than it says',
      { method: 8, central: { size: 100 }, local: { size: 100 } },
      'archive-corrupt',
    ],
    ['is no DEFLATE', { central: { method: 8 }, local: { method: 8 } }, 'archive-corrupt'],
  ])('that %s is refused', async (_, member, reason) => {
    await expect(unpack(member)).rejects.toMatchObject({ name: 'UnprocessableInstanceError', reason });
  });

  it('never says its name when it is refused', async () => {
    const [entry] = (await readDirectory(rangedSource(makeZip([{ name: 'Doe^Jane', flags: 1 }])))) as [
      ZipEntry,
    ];
    expect(() => checkEntry(entry)).toThrow(/^archive-encrypted: entry 0$/);
  });

  it.each<[string, Partial<typeof ARCHIVE_LIMITS>]>([
    ['bytes', { maximumEntryBytes: 99_999 }],
    ['bytes of its name', { maximumNameBytes: 4 }],
    ['the ratio', { maximumRatio: 10, ratioFloorBytes: 1_000 }],
  ])('is refused over the limit of %s before a byte is read', async (_, limits) => {
    const zip = makeZip([{ name: 'zeros', content: new Uint8Array(100_000), method: 8 }]);
    const [entry] = (await readDirectory(rangedSource(zip))) as [ZipEntry];
    expect(() => checkEntry(entry, { ...ARCHIVE_LIMITS, ...limits })).toThrow(
      expect.objectContaining({ reason: 'archive-limit' }),
    );
  });

  it('passes on a fault of its source as it is', async () => {
    const [entry] = (await readDirectory(rangedSource(makeZip([{ name: 'a', content, method: 8 }])))) as [
      ZipEntry,
    ];
    const broken = (async function* () {
      yield new Uint8Array(0);
      throw Object.assign(new Error('socket'), { code: 'ECONNRESET' });
    })();
    const reading = async () => {
      for await (const _ of expandStream(entry, broken)) expect.unreachable();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
