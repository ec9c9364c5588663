import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from '../../../shared/archive/limits.ts';
import { failures } from '../../helpers/lambda.ts';
import { makeTar } from '../../helpers/tar.ts';
import { unpackOver } from '../../helpers/unpack.ts';
import { makeZip } from '../../helpers/zip.ts';

const members = Array.from({ length: 95 }, (_, index) => ({
  name: `folder/${index}.dcm`,
  content: Buffer.from(`the bytes of ${index}`),
}));
const sliceLimits = { maximumEntries: 10, maximumBytes: 1e9 };
const paths = members.map(({ name }) => `study.zip/${name}`).sort();

describe.each(['zip', 'tar'] as const)('a large %s archive', (format) => {
  const archive = format === 'zip' ? makeZip(members) : makeTar(members);

  it('is unpacked in parts, in any order, each entry once', async () => {
    const over = unpackOver(archive, { format, sliceLimits });
    expect(failures(await over.unpack())).toEqual([]);
    expect(over.entries()).toEqual([]);
    expect(over.ledger.ends.get(over.item.item)?.end).toEqual({ state: 'unpacked', entries: 95 });
    expect(await over.unpackParts()).toBe(10);
    expect(
      over
        .entries()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(paths);
    expect(over.vault.requests.filter((request) => request.startsWith('put'))).toHaveLength(95);
  });

  it('has requests in proportion to its entries', async () => {
    const count = async (list: typeof members) => {
      const over = unpackOver(format === 'zip' ? makeZip(list) : makeTar(list), { format, sliceLimits });
      await over.unpack();
      await over.unpackParts();
      return over.vault.requests.length;
    };
    const [once, twice] = [await count(members), await count([...members, ...members])];
    expect(twice / once).toBeLessThanOrEqual(2.05);
  });

  it('comes to the same when everything is delivered twice', async () => {
    const over = unpackOver(archive, { format, sliceLimits });
    await over.unpack();
    over.record.sent.push(...over.record.sent);
    await over.unpackParts();
    await over.unpack(2);
    await over.unpackParts();
    expect(
      over
        .entries()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(paths);
    expect(over.ledger.ends.get(over.item.item)?.end).toEqual({ state: 'unpacked', entries: 95 });
  });
});

describe('a ZIP archive whose entries do not lie in the order of its directory', () => {
  it('is unpacked in parts all the same', async () => {
    const zip = makeZip(members);
    // The last header first: the directory is turned round, the entries stay where they are.
    const start = zip.readUInt32LE(zip.length - 6);
    const headers: Buffer[] = [];
    for (let at = start; zip.readUInt32LE(at) === 0x02014b50; at += headers.at(-1)?.length ?? 0)
      headers.push(zip.subarray(at, at + 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30)));
    const turned = Buffer.concat([zip.subarray(0, start), ...headers.reverse(), zip.subarray(-22)]);
    const over = unpackOver(turned, { sliceLimits });
    await over.unpack();
    expect(await over.unpackParts()).toBe(10);
    expect(
      over
        .entries()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(paths);
  });
});

describe('a GZIP file', () => {
  it('is unpacked into the file that it holds, under a name without what says that it is compressed', async () => {
    const tar = makeTar(members);
    const over = unpackOver(gzipSync(tar), {
      format: 'gzip',
      key: 'uploads/00000000000000000000000000/a/x.tgz',
    });
    expect(failures(await over.unpack())).toEqual([]);
    expect(over.entries()).toMatchObject([{ path: 'a/x.tgz/x.tar', metadata: { 'filmroom-depth': '1' } }]);
    expect(tar.equals(over.entries()[0]!.bytes)).toBe(true);
    expect(over.ledger.ends.get(over.item.item)?.end).toEqual({ state: 'unpacked', entries: 1 });
  });

  it.each<[string, Uint8Array, string]>([
    ['is cut off', gzipSync(Buffer.alloc(100_000, 'abc')).subarray(0, -5), 'archive-corrupt'],
    ['has a wrong checksum', damaged(gzipSync(Buffer.alloc(100_000, 'abc')), -6), 'archive-corrupt'],
    ['is none behind its first bytes', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4]), 'archive-corrupt'],
    ['expands beyond the ratio', gzipSync(Buffer.alloc(2_000_000)), 'archive-limit'],
  ])('that %s ends with its reason', async (_, file, reason) => {
    const over = unpackOver(file, {
      format: 'gzip',
      limits: { ...ARCHIVE_LIMITS, ratioFloorBytes: 1_000_000 },
    });
    expect(failures(await over.unpack())).toEqual([]);
    expect(over.entries()).toEqual([]);
    expect(
      [...over.ledger.ends.values()].map(({ end }) => ('reason' in end ? end.reason : end.state)).sort(),
    ).toEqual([reason, 'unpacked'].sort());
  });
});

describe('a TAR archive that breaks off', () => {
  it('ends as one that is damaged, with what lay before unpacked', async () => {
    const over = unpackOver(makeTar(members).subarray(0, 50 * 1024 + 100), { format: 'tar' });
    await over.unpack();
    expect(over.entries()).toHaveLength(50);
    expect(over.ledger.ends.get(over.item.item)?.end).toMatchObject({
      state: 'quarantined',
      reason: 'archive-corrupt',
    });
  });
});

function damaged(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
}
