import { describe, expect, it } from 'vitest';
import { extractedKey, METADATA } from '../../../shared/contract/names.ts';
import { itemIdOf } from '../../../shared/runtime/opaque-id.ts';
import { failures, lambdaContext } from '../../helpers/lambda.ts';
import { unpackOver } from '../../helpers/unpack.ts';
import { makeZip } from '../../helpers/zip.ts';

const content = Buffer.from('some bytes');

describe('unpack', () => {
  it('writes each entry under its number, with its path, its archive and its run beside it', async () => {
    const { unpack, entries, item, ledger } = unpackOver(
      makeZip([
        { name: 'DICOM/', content: Buffer.alloc(0) },
        { name: 'DICOM/Müller ^1.dcm', content, method: 8 },
        { name: '__MACOSX/._x', content: Buffer.alloc(0) },
      ]),
    );
    expect(failures(await unpack())).toEqual([]);
    expect(entries().map(({ key, path, bytes }) => [key, path, bytes.length])).toEqual([
      [extractedKey(item.upload, item.item, 1), 'study.zip/DICOM/Müller ^1.dcm', 10],
      [extractedKey(item.upload, item.item, 2), 'study.zip/__MACOSX/._x', 0],
    ]);
    expect(entries()[0]?.metadata).toMatchObject({
      [METADATA.parent]: item.item,
      [METADATA.depth]: '1',
      [METADATA.run]: lambdaContext.awsRequestId,
    });
    expect(ledger.ends.get(item.item)?.end).toEqual({ state: 'unpacked', entries: 2 });
  });

  it('ends an entry that cannot be unpacked by itself, and writes the others', async () => {
    const { unpack, entries, item, ledger } = unpackOver(
      makeZip([
        { name: 'locked', content, flags: 1 },
        { name: 'good', content },
        { name: 'damaged', content, central: { crc: 1 }, local: { crc: 1 } },
        { name: 'long/'.repeat(210), content },
      ]),
    );
    expect(failures(await unpack())).toEqual([]);
    expect(entries().map(({ path }) => path)).toEqual(['study.zip/good']);
    const ended = [0, 2, 3].map((index) => itemIdOf(extractedKey(item.upload, item.item, index), ''));
    expect(ended.map((id) => ledger.ends.get(id)?.end)).toMatchObject([
      { state: 'quarantined', reason: 'archive-encrypted' },
      { state: 'quarantined', reason: 'archive-corrupt' },
      { state: 'quarantined', reason: 'archive-limit' },
    ]);
    expect(ledger.arrivals.get(ended[0]!)).toMatchObject({ path: 'study.zip/locked', parent: item.item });
    expect(ledger.ends.get(item.item)?.end).toEqual({ state: 'unpacked', entries: 4 });
  });

  it('reads an archive of many small entries in a handful of requests', async () => {
    const members = Array.from({ length: 384 }, (_, index) => ({
      name: `${index}`,
      content: Buffer.alloc(40_000, index),
    }));
    const { unpack, entries, vault } = unpackOver(makeZip(members));
    await unpack();
    expect(entries()).toHaveLength(384);
    expect(vault.requests.filter((request) => request.startsWith('read'))).toHaveLength(3);
  });

  it('streams an entry that is too large to hold', async () => {
    const large = Buffer.alloc(6_000_000, 'abcdefg');
    const { unpack, entries, vault } = unpackOver(
      makeZip([
        { name: 'small', content },
        { name: 'deflated', content: large, method: 8 },
        { name: 'stored', content: large },
      ]),
    );
    expect(failures(await unpack())).toEqual([]);
    expect(vault.requests.filter((request) => request.startsWith('stream')).length).toBe(2);
    for (const name of ['deflated', 'stored'])
      expect(large.equals(entries().find(({ path }) => path === `study.zip/${name}`)!.bytes)).toBe(true);
  });

  it('writes nothing of a large entry whose checksum is wrong', async () => {
    const large = Buffer.alloc(6_000_000, 'abcdefg');
    const { unpack, entries, ledger, item } = unpackOver(
      makeZip([{ name: 'a', content: large, central: { crc: 1 }, local: { crc: 1 } }]),
    );
    expect(failures(await unpack())).toEqual([]);
    expect(entries()).toEqual([]);
    expect(ledger.ends.get(itemIdOf(extractedKey(item.upload, item.item, 0), ''))?.end).toMatchObject({
      reason: 'archive-corrupt',
    });
  });

  it('refuses an archive as a whole when its directory cannot be trusted', async () => {
    const { unpack, entries, item, ledger } = unpackOver(makeZip([{ name: 'a', content }], { entries: 7 }));
    expect(failures(await unpack())).toEqual([]);
    expect(ledger.ends.get(item.item)?.end).toMatchObject({
      state: 'quarantined',
      reason: 'archive-corrupt',
    });
    expect(entries()).toEqual([]);
  });

  it('refuses an archive that lies too deep', async () => {
    const { unpack, item, ledger } = unpackOver(makeZip([{ name: 'a', content }]), { depth: 4 });
    await unpack();
    expect(ledger.ends.get(item.item)?.end).toMatchObject({ state: 'quarantined', reason: 'too-deep' });
  });

  it('writes no finished entry again on a retry, and comes to the same end', async () => {
    const members = Array.from({ length: 20 }, (_, index) => ({
      name: `${index}`,
      content,
      ...(index === 7 ? { flags: 1 } : {}),
    }));
    const { unpack, entries, vault, ledger, item } = unpackOver(makeZip(members));
    const put = vault.put;
    let left = 9;
    vault.put = (key, ...rest) => {
      if (key.startsWith('extracted/') && left-- <= 0) throw new Error('throttled');
      return put(key, ...rest);
    };
    expect(failures(await unpack(1))).toEqual(['m0']);
    expect(ledger.ends.size).toBe(0);
    const before = entries().length;
    expect(before).toBe(9);

    vault.put = put;
    expect(failures(await unpack(2))).toEqual([]);
    expect(vault.requests.filter((request) => request.startsWith('put'))).toHaveLength(19 - before);
    expect(entries()).toHaveLength(19);
    expect(ledger.ends.get(item.item)?.end).toEqual({ state: 'unpacked', entries: 20 });
  });

  it('comes to one end when it runs twice at the same time', async () => {
    const members = Array.from({ length: 50 }, (_, index) => ({ name: `${index}`, content }));
    const { unpack, entries, ledger, item, vault } = unpackOver(makeZip(members));
    const responses = await Promise.all([unpack(), unpack()]);
    expect(responses.flatMap(failures)).toEqual([]);
    expect(entries()).toHaveLength(50);
    // One version of each: the second write of an entry was refused by S3.
    expect(new Set([...vault.objects.values()].map(({ versionId }) => versionId)).size).toBe(51);
    expect(ledger.ends.get(item.item)?.end).toEqual({ state: 'unpacked', entries: 50 });
  });

  it('names an archive within an archive by the path beside it', async () => {
    const { unpack, entries, vault, item } = unpackOver(makeZip([{ name: 'a.dcm', content }]), {
      depth: 1,
      key: 'extracted/x/y/0000000',
    });
    await vault.put('extracted/x/y/0000000', makeZip([{ name: 'a.dcm', content }]), {
      metadata: { [METADATA.path]: Buffer.from('outer.zip/inner.zip').toString('base64url') },
    });
    await unpack();
    expect(entries().find(({ metadata }) => metadata[METADATA.parent] === item.item)?.path).toBe(
      'outer.zip/inner.zip/a.dcm',
    );
  });
});
