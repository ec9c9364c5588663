import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { directoryKeeper } from '../../../functions/deidentify/keep-directory.ts';
import { findMissing } from '../../../functions/uploads/find-missing.ts';
import { readListing, UnreadableListing } from '../../../functions/uploads/read-listing.ts';
import { manifestKey, mediaDirectoryKey } from '../../../shared/contract/names.ts';
import { MissingFiles } from '../../../shared/contract/report.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { deidentifyOver, pseudonyms } from '../../helpers/deidentify.ts';
import { failures } from '../../helpers/lambda.ts';
import { makeMediaDirectory } from '../../helpers/media-directory.ts';
import { memoryLedger } from '../../helpers/memory-ledger.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

function uploaded() {
  const ledger = memoryLedger();
  const vault = memoryStore('vault');
  const upload = newOpaqueId();
  const arrive = async (path: string, size = 10, instance?: string) => {
    const item = { upload, item: newOpaqueId() };
    await ledger.arrive([{ item, path, size, receivedAt: '' }]);
    if (instance !== undefined) {
      const uids = { study: '1', series: '2', instance };
      await ledger.end([{ item, run: 'r', end: { state: 'indexed', instance: uids } }]);
    }
    return item.item;
  };
  const list = (key: string, lines: readonly object[]) =>
    vault.put(key, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  return {
    upload,
    vault,
    arrive,
    manifest: (...lines: object[]) => list(manifestKey(upload), lines),
    directory: (item: string, ...lines: object[]) => list(mediaDirectoryKey(upload, item), lines),
    missing: async () => MissingFiles.parse(await findMissing(upload, { visit: ledger.visit, vault })),
  };
}

describe('what is missing of an upload', () => {
  it('is nothing that anybody knows of without a manifest', async () => {
    const { arrive, missing } = uploaded();
    await arrive('a');
    expect(await missing()).toEqual({
      manifest: null,
      directories: [],
      missing: 0,
      otherSize: 0,
      unreadable: 0,
      files: [],
    });
  });

  it('is what the manifest lists and did not come, or came with another size', async () => {
    const { arrive, manifest, missing } = uploaded();
    await arrive('a');
    await arrive('b', 11);
    await manifest(...['a', 'b', 'c/d'].map((path) => ({ path, size: 10, sha256: 'x' })));
    expect(await missing()).toMatchObject({
      manifest: 3,
      missing: 1,
      otherSize: 1,
      files: [
        { path: 'b', why: 'size', directory: null },
        { path: 'c/d', why: 'missing', directory: null },
      ],
    });
  });

  it.each([
    ['as it is written', 'CD/IMAGES/IM1'],
    ['in lower case', 'cd/images/im1'],
    ['with the version of ISO 9660', 'CD/IMAGES/IM1.;1'],
    ['with backslashes', 'CD\\IMAGES\\IM1'],
  ])('is not a file of a DICOMDIR that came %s', async (_, path) => {
    const { arrive, directory, missing } = uploaded();
    const item = await arrive('CD/DICOMDIR');
    await arrive(path);
    await directory(item, { file: 'IMAGES/IM1' }, { file: 'IMAGES/IM2' });
    expect(await missing()).toMatchObject({
      directories: [{ path: 'CD/DICOMDIR', files: 2, missing: 1 }],
      files: [{ path: 'CD/IMAGES/IM2', why: 'missing', directory: 'CD/DICOMDIR' }],
    });
  });

  it('is not a file of a DICOMDIR whose instance came under another name', async () => {
    const { arrive, directory, missing } = uploaded();
    const item = await arrive('DICOMDIR');
    await arrive('renamed.dcm', 1, '2.25.7');
    await directory(item, { file: 'IM1', instance: '2.25.7' }, { file: 'IM2', instance: '2.25.8' });
    expect(await missing()).toMatchObject({ missing: 1, files: [{ path: 'IM2' }] });
  });

  it('is named up to a thousand files and counted beyond', async () => {
    const { manifest, missing } = uploaded();
    await manifest(...Array.from({ length: 1_500 }, (_, index) => ({ path: `${index}`, size: 1 })));
    const { missing: count, files } = await missing();
    expect([count, files.length]).toEqual([1_500, 1_000]);
  });

  it.each<[string, Uint8Array]>([
    ['is no gzip', Buffer.from('{"path":"a","size":1}\n')],
    ['breaks off', gzipSync('{"path":"a","size":1}\n'.repeat(99)).subarray(0, 30)],
    ['has lines of something else', gzipSync('[]\n')],
    ['has a line without end', gzipSync('x'.repeat(100_000))],
  ])('says that a manifest cannot be read that %s', async (_, bytes) => {
    const { upload, vault, missing } = uploaded();
    await vault.put(manifestKey(upload), bytes);
    expect(await missing()).toMatchObject({ unreadable: 1 });
  });

  it('counts empty lines against the limit, so that no bomb is read to its end', async () => {
    const bomb = async function* () {
      yield gzipSync('\n'.repeat(1_000_000));
    };
    const read = async () => {
      const limits = { maximumFiles: 100, maximumLineBytes: 100 };
      for await (const line of readListing(bomb(), z.object({}), limits)) throw new Error(String(line));
    };
    await expect(read()).rejects.toThrow(UnreadableListing);
  });
});

describe('a DICOMDIR on its way', () => {
  it('leaves what it refers to in the vault, instances by their pseudonyms, and ends as ignored', async () => {
    const vaultOfLists = memoryStore('vault');
    const { arrive, handle, ledger, library } = deidentifyOver({
      ports: { keepDirectory: directoryKeeper(vaultOfLists) },
    });
    const message = await arrive(makeMediaDirectory([{ file: ['CD', 'IM1'], instance: '1.2.3.4.5' }]));
    expect(failures(await handle(message))).toEqual([]);
    const { upload, item } = message.item;
    expect(ledger.ends.get(item)?.end).toMatchObject({ state: 'ignored', reason: 'media-directory' });
    const stream = await vaultOfLists.stream({ key: mediaDirectoryKey(upload, item) });
    const lines: object[] = [];
    for await (const line of readListing(stream, z.object({}).loose())) lines.push(line);
    expect(lines).toEqual([{ file: 'CD/IM1', instance: pseudonyms.uid('1.2.3.4.5') }]);
    expect(library.objects.size).toBe(0);
  });
});
