/** Disk images through `unpack`: true ones, large ones in slices, and ones that mean harm. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from '../../../shared/archive/limits.ts';
import { type IsoMember, makeIso, SECTOR } from '../../helpers/iso.ts';
import { failures } from '../../helpers/lambda.ts';
import { unpackOver } from '../../helpers/unpack.ts';

const over = (
  image: Uint8Array,
  options: Omit<Parameters<typeof unpackOver>[1] & object, 'format' | 'key'> = {},
) => unpackOver(image, { ...options, format: 'iso' });

async function unpacked(image: Uint8Array, options?: Parameters<typeof over>[1]) {
  const call = over(image, options);
  expect(failures(await call.unpack())).toEqual([]);
  await call.unpackParts();
  const found = call
    .entries()
    .map(({ path, bytes }): [string, string] => [
      path.replace('study.zip/', ''),
      Buffer.from(bytes).toString('hex'),
    ]);
  const refused = [...call.ledger.ends.values()].flatMap(({ end }) =>
    end.state === 'unpacked' ? [] : [`${'reason' in end ? end.reason : ''}`],
  );
  return { ...call, found: Object.fromEntries(found), refused };
}

/** The end of the image as a whole. */
function endOf({ ledger, item }: ReturnType<typeof over>) {
  const end = ledger.ends.get(item.item)?.end;
  return end && 'where' in end ? { reason: end.reason, where: end.where } : undefined;
}

const disk: IsoMember[] = [
  { name: 'DICOMDIR', content: randomBytes(700) },
  { name: 'EMPTY/' },
  { name: 'IMAGES/A/IM000001', content: randomBytes(5_000) },
  { name: 'IMAGES/A/IM000002.DCM', content: randomBytes(SECTOR) },
  { name: 'IMAGES/B/NOTHING.TXT', content: new Uint8Array(0) },
  { name: 'IMAGES/B/IM000001', content: randomBytes(3 * SECTOR + 1) },
];
const files = disk.filter(({ content }) => content);
const expected = (members: readonly IsoMember[]) =>
  Object.fromEntries(
    members.map(({ name, content = new Uint8Array(0) }) => [name, Buffer.from(content).toString('hex')]),
  );

describe('a disk image', () => {
  it.each([
    ['of plain names', {}],
    ['of Joliet names', { joliet: true }],
    ['of blocks of half a sector', { blockBytes: 1024 }],
    ['of blocks of a quarter', { blockBytes: 512, joliet: true }],
  ])('%s gives every file', async (_, options) => {
    const { found, refused, ledger, item } = await unpacked(makeIso(disk, options));
    expect(found).toEqual(expected(files));
    expect(refused).toEqual([]);
    expect([...ledger.ends.values()].find((end) => end.item.item === item.item)?.end).toEqual({
      state: 'unpacked',
      entries: files.length,
    });
  });

  it('names files as people do: without version 1 and the dot that ends a name, in any script', async () => {
    const members = ['IM1.;1', 'IM2.DCM;1', 'IM2.DCM;2', 'IM3.;7'].map((name) => ({
      name,
      content: Buffer.from(name),
    }));
    const { found } = await unpacked(makeIso(members));
    expect(Object.keys(found).sort()).toEqual(['IM1', 'IM2.DCM', 'IM2.DCM;2', 'IM3;7']);
    const joliet = await unpacked(
      makeIso([{ name: 'Büro/日本.dcm', content: Buffer.from('a') }], { joliet: true }),
    );
    expect(Object.keys(joliet.found)).toEqual(['Büro/日本.dcm']);
  });

  it.each([{}, { joliet: true }])(
    'with as many files in UDF beside it gives every file %o',
    async (options) => {
      const { found } = await unpacked(makeIso(disk, { ...options, udfFiles: files.length }));
      expect(found).toEqual(expected(files));
    },
  );

  it('that has files in UDF alone, or a note in place of all of them, is told and not taken for the whole', async () => {
    const note: IsoMember[] = [{ name: 'README.TXT', content: Buffer.from('This disc is in UDF') }];
    for (const [members, udfFiles] of [
      [note, 2],
      [disk, files.length + 1],
    ] as const) {
      const call = over(makeIso(members, { udfFiles }));
      expect(failures(await call.unpack())).toEqual([]);
      const has = members.filter(({ content }) => content).length;
      expect(endOf(call)).toEqual({
        reason: 'unsupported-archive',
        where: `UDF has ${udfFiles} files, ISO 9660 ${has}`,
      });
      expect(call.entries()).toEqual([]);
    }
  });

  it('puts a file together from all of its extents', async () => {
    const content = randomBytes(9 * SECTOR + 5);
    const members = [
      { name: 'LARGE', content, parts: 4 },
      { name: 'NEXT', content: Buffer.from('b') },
    ];
    const { found } = await unpacked(makeIso(members));
    expect(found).toEqual(expected(members));
  });

  it('gives a file of two names twice', async () => {
    const content = randomBytes(100);
    const image = makeIso([
      { name: 'A', content },
      { name: 'B', content: new Uint8Array(0), says: { block: 19, length: 100 } },
    ]);
    expect((await unpacked(image)).found).toEqual({ A: content.toString('hex'), B: content.toString('hex') });
  });

  it('is unpacked in slices, each entry once, and as many requests as it is large', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        name: `D${index % 7}/S${index % 3}/IM${index}`,
        content: Buffer.from(`${index}`),
      }));
    const requestsOf = async (count: number) => {
      const call = over(makeIso(many(count)), { sliceLimits: { maximumEntries: 50, maximumBytes: 1e9 } });
      await call.unpack();
      const parts = await call.unpackParts();
      expect(parts).toBe(count / 50);
      expect(new Set(call.entries().map(({ key }) => key)).size).toBe(count);
      expect(
        call
          .entries()
          .map(({ path, bytes }) => `${path} ${Buffer.from(bytes)}`)
          .sort(),
      ).toEqual(
        many(count)
          .map(({ name, content }) => `study.zip/${name} ${content}`)
          .sort(),
      );
      return call.vault.requests.filter((request) => request.startsWith('read')).length;
    };
    const [once, twice] = [await requestsOf(500), await requestsOf(1_000)];
    expect(twice / once).toBeLessThan(2.2);
  });

  it('writes no entry again when it is delivered again', async () => {
    const call = over(makeIso(disk));
    await call.unpack();
    await call.unpack(2);
    expect(call.vault.requests.filter((request) => request.startsWith('put'))).toEqual([]);
  });
});

describe('a hostile disk image', () => {
  const content = randomBytes(100);
  const limits = { ...ARCHIVE_LIMITS, ratioFloorBytes: 1_000_000 };
  const cycle = makeIso([
    { name: 'A/B/', says: { block: 18 } },
    { name: 'C', content },
  ]);
  const twice = makeIso([
    { name: 'A/X', content },
    { name: 'B/', says: { block: 19 } },
  ]);
  const deep = makeIso([{ name: `${'D/'.repeat(40)}F`, content }]);
  it.each<[string, Buffer, string, string]>([
    ['whose directory leads back to the root', cycle, 'archive-corrupt', 'reached twice'],
    ['whose directory has two names', twice, 'archive-corrupt', 'reached twice'],
    ['of forty directories within each other', deep, 'archive-limit', 'directory depth'],
    [
      'whose files lie partly within each other',
      makeIso([
        { name: 'A', content: randomBytes(3 * SECTOR) },
        { name: 'B', content, says: { block: 20 } },
      ]),
      'archive-corrupt',
      'overlap',
    ],
    [
      'whose file is a directory of itself',
      makeIso([{ name: 'A', content: randomBytes(SECTOR + 1), says: { block: 18 } }]),
      'archive-corrupt',
      'overlap',
    ],
    [
      'whose files are all the same bytes, a thousand times the image',
      makeIso([
        { name: 'A', content: randomBytes(40 * SECTOR) },
        ...Array.from({ length: 2_000 }, (_, index) => ({
          name: `F${index}`,
          content: new Uint8Array(0),
          says: { block: 66, length: 40 * SECTOR },
        })),
      ]),
      'archive-limit',
      'expansion ratio',
    ],
    [
      'whose directory claims four gigabytes',
      makeIso([{ name: 'A/', says: { length: 0xffff_f800 } }]),
      'archive-limit',
      'directory bytes',
    ],
    [
      'whose directory lies behind its end',
      makeIso([{ name: 'A/', says: { block: 0xffff_0000 } }]),
      'archive-corrupt',
      'end',
    ],
    [
      'whose file of several extents has no last one',
      makeIso([{ name: 'A', content, says: { flags: 0x80 } }]),
      'archive-corrupt',
      'last extent',
    ],
    [
      'whose file has a hundred extents',
      makeIso([{ name: 'A', content: randomBytes(100 * SECTOR), parts: 100 }]),
      'archive-limit',
      'extents',
    ],
  ])('%s ends as a whole, for that reason', async (_, image, reason, where) => {
    const call = over(image, { limits });
    expect(failures(await call.unpack())).toEqual([]);
    expect(endOf(call)).toMatchObject({ reason });
    expect(endOf(call)?.where).toContain(where);
    expect(call.entries()).toEqual([]);
    expect(call.vault.requests.length).toBeLessThan(20);
  });

  it('of more entries than the limit is refused before it is read to its end', async () => {
    const image = makeIso(
      Array.from({ length: 20_000 }, (_, index) => ({ name: `F${index}`, content: new Uint8Array(0) })),
    );
    const call = over(image, { limits: { ...limits, maximumEntries: 100 } });
    await call.unpack();
    expect(endOf(call)).toMatchObject({ reason: 'archive-limit' });
    expect(call.vault.requests.length).toBeLessThan(5);
  });

  it.each<[string, IsoMember['says'] & object, string]>([
    ['a file behind the end', { block: 5_000 }, 'archive-corrupt'],
    ['a file over the end', { length: 1_000_000 }, 'archive-corrupt'],
    ['an interleaved file', { unit: 2 }, 'unsupported-archive'],
  ])('with %s loses that file alone', async (_, says, reason) => {
    const image = makeIso([
      { name: 'A', content },
      { name: 'B', content, says },
    ]);
    const { found, refused } = await unpacked(image);
    expect(Object.keys(found)).toEqual(['A']);
    expect(refused).toEqual([reason]);
  });

  it('ends somehow, in bounded reads, wherever it is cut off and whatever byte is wrong', async () => {
    const image = makeIso(disk, { joliet: true });
    const end = async (bytes: Buffer, told: string) => {
      const call = over(bytes);
      expect(failures(await call.unpack()), told).toEqual([]);
      expect(call.ledger.ends.get(call.item.item), told).toBeDefined();
      expect(call.vault.requests.length, told).toBeLessThan(60);
    };
    for (let length = 16 * SECTOR; length < image.length; length += 97)
      await end(image.subarray(0, length), `cut at ${length}`);
    for (let at = 16 * SECTOR; at < 26 * SECTOR; at += 13) {
      const wrong = Buffer.from(image);
      wrong[at] = (wrong[at] as number) ^ 0xff;
      await end(wrong, `wrong at ${at}`);
    }
  }, 120_000);

  it('whose UDF is damaged is read as ISO 9660, in bounded reads', async () => {
    const image = makeIso(disk, { udfFiles: files.length });
    for (let at = 256 * SECTOR; at < image.length; at++) {
      if (image[at] === 0) continue;
      const wrong = Buffer.from(image);
      wrong[at] = (wrong[at] as number) ^ 0xff;
      const call = over(wrong);
      expect(failures(await call.unpack()), `wrong at ${at}`).toEqual([]);
      expect(call.ledger.ends.get(call.item.item), `wrong at ${at}`).toBeDefined();
      expect(call.vault.requests.length, `wrong at ${at}`).toBeLessThan(60);
    }
  });

  it('that is cut off in its files gives those that are there and names the others', async () => {
    const image = makeIso(disk);
    const { found, refused } = await unpacked(image.subarray(0, image.length - 2 * SECTOR));
    expect(Object.keys(found)).toHaveLength(files.length - 1);
    expect(refused).toEqual(['archive-corrupt']);
  });
});
