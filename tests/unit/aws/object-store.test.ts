import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClientParts } from '../../../shared/aws/client-parts.ts';
import { isMissingObject } from '../../../shared/aws/errors.ts';
import { MINIMUM_PART_BYTES, type PartsWriter, writeInParts } from '../../../shared/aws/multipart.ts';
import {
  type ObjectStore,
  objectSource,
  openObjectStore,
  type PutOptions,
} from '../../../shared/aws/object-store.ts';
import { openUrlSigner } from '../../../shared/aws/presign.ts';
import { PART_BYTES, putPieces } from '../../../shared/aws/put-pieces.ts';
import { crc64nvme, joinCrc64Nvme } from '../../../shared/checksum/crc64nvme.ts';
import { type LocalAws, startLocalAws } from '../../helpers/local-aws.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

type Store = ObjectStore & {
  writeInParts(key: string, options?: Omit<PutOptions, 'onlyIf'>): Promise<PartsWriter>;
};

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  aws.s3.createBucket({ name: 'objects', versioning: 'Enabled' });
});
afterAll(() => aws.close());

const inMemory = memoryStore('objects');
const overTheWire = (): Store => ({
  ...openObjectStore('objects'),
  writeInParts: (key, options) => writeInParts('objects', key, options),
});

describe.each<[string, () => Store]>([
  ['in memory', () => inMemory],
  ['over the wire', overTheWire],
])('a bucket %s', (_, open) => {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  const store = (): Store => open();

  it('gives back what was put, with what is written beside it', async () => {
    const key = "a folder/it's (1)+ü&患.dcm";
    const metadata = { 'filmroom-item': 'x' };
    const written = await store().put(key, Buffer.from('0123456789'), {
      metadata,
      contentType: 'application/dicom',
    });
    expect(written).toMatchObject({ written: true, versionId: expect.any(String) });
    expect(await store().read({ key })).toMatchObject({ size: 10, metadata });
    expect(text((await store().read({ key })).bytes)).toBe('0123456789');
  });

  it('gives a range, cut at the end, with the size of the whole', async () => {
    await store().put('range', Buffer.from('0123456789'));
    const middle = await store().read({ key: 'range' }, { start: 2, length: 3 });
    expect([text(middle.bytes), middle.size]).toEqual(['234', 10]);
    expect(text((await store().read({ key: 'range' }, { start: 8, length: 100 })).bytes)).toBe('89');
    const source = objectSource(store(), { key: 'range' }, 10);
    expect(text(await source.read(7, 9))).toBe('789');
    expect(await source.read(10, 5)).toHaveLength(0);
  });

  it('gives an object in pieces', async () => {
    await store().put('pieces', Buffer.alloc(300_000, 'x'));
    const pieces: Uint8Array[] = [];
    for await (const piece of await store().stream({ key: 'pieces' }, { start: 100, length: 200_000 }))
      pieces.push(piece);
    expect(Buffer.concat(pieces)).toHaveLength(200_000);
  });

  it('gives the version that is asked for', async () => {
    const first = await store().put('versions', Buffer.from('one'));
    await store().put('versions', Buffer.from('two'));
    if (!first.written) return expect.unreachable();
    expect(text((await store().read({ key: 'versions', versionId: first.versionId })).bytes)).toBe('one');
    expect(text((await store().read({ key: 'versions' })).bytes)).toBe('two');
  });

  it('says what is missing, and knows it again', async () => {
    expect(await store().head({ key: 'missing' })).toBeUndefined();
    const error = await store()
      .read({ key: 'missing' })
      .catch((reason: unknown) => reason);
    expect(isMissingObject(error)).toBe(true);
    expect(isMissingObject(new Error('socket'))).toBe(false);
  });

  it('gives objects of the same bytes the same checksum, others another', async () => {
    for (const [key, value] of [
      ['sum/1', 'same'],
      ['sum/2', 'same'],
      ['sum/3', 'else'],
    ] as const)
      await store().put(key, Buffer.from(value));
    const sums = await Promise.all(
      [1, 2, 3].map(async (number) => (await store().head({ key: `sum/${number}` }))?.checksum),
    );
    expect(sums[0]).toMatch(/^crc64nvme:./);
    expect(sums[1]).toBe(sums[0]);
    expect(sums[2]).not.toBe(sums[0]);
  });

  it('writes what must be absent once, also when several try at the same time', async () => {
    const tries = Array.from({ length: 8 }, (__, index) =>
      store()
        .put('once', Buffer.from(`${index}`), { onlyIf: 'absent' })
        .catch(() => ({ written: false })),
    );
    expect((await Promise.all(tries)).filter(({ written }) => written)).toHaveLength(1);
    expect(await store().put('once', Buffer.from('later'), { onlyIf: 'absent' })).toEqual({ written: false });
  });

  it('writes in place of one revision only', async () => {
    await store().put('revision', Buffer.from('one'));
    const { revision } = (await store().head({ key: 'revision' }))!;
    expect(await store().put('revision', Buffer.from('two'), { onlyIf: { revision } })).toMatchObject({
      written: true,
    });
    expect(await store().put('revision', Buffer.from('three'), { onlyIf: { revision } })).toEqual({
      written: false,
    });
    expect(text((await store().read({ key: 'revision' })).bytes)).toBe('two');
  });

  it('lists keys under a prefix', async () => {
    for (const key of ['list/b', 'list/a', 'lists/c']) await store().put(key, Buffer.from('x'));
    const keys: string[] = [];
    for await (const key of store().list('list/')) keys.push(key);
    expect(keys).toEqual(['list/a', 'list/b']);
  });

  it('puts an object together of parts that were written and parts that were copied', async () => {
    const pixels = Buffer.alloc(2 * MINIMUM_PART_BYTES, 'p');
    const source = await store().put('copy source/ü', pixels);
    if (!source.written) return expect.unreachable();
    const writer = await store().writeInParts('whole', {
      metadata: { 'filmroom-run': 'r' },
      contentType: 'application/dicom',
    });
    const from = { bucket: 'objects', key: 'copy source/ü', versionId: source.versionId };
    await writer.copy(2, from, { start: 1, length: MINIMUM_PART_BYTES });
    await writer.write(1, Buffer.alloc(MINIMUM_PART_BYTES, 'h'));
    await writer.write(3, Buffer.from('tail'));
    expect(await writer.finish('absent')).toMatchObject({ written: true });
    const { bytes, metadata } = await store().read({ key: 'whole' });
    expect(metadata).toEqual({ 'filmroom-run': 'r' });
    expect(
      Buffer.concat([
        Buffer.alloc(MINIMUM_PART_BYTES, 'h'),
        Buffer.alloc(MINIMUM_PART_BYTES, 'p'),
        Buffer.from('tail'),
      ]).equals(bytes),
    ).toBe(true);
  });

  it('shows nothing of an object that another one came before, or that was abandoned', async () => {
    await store().put('taken', Buffer.from('first'));
    const late = await store().writeInParts('taken');
    await late.write(1, Buffer.from('second'));
    expect(await late.finish('absent')).toEqual({ written: false });
    expect(text((await store().read({ key: 'taken' })).bytes)).toBe('first');
    const abandoned = await store().writeInParts('abandoned');
    await abandoned.write(1, Buffer.from('x'));
    await abandoned.abandon();
    expect(await store().head({ key: 'abandoned' })).toBeUndefined();
  });
});

describe('an object of unknown length', () => {
  async function* pieces(length: number, failAt = Infinity) {
    for (let at = 0; at < length; at += 700_001) {
      if (at > failAt) throw new Error('the source failed');
      yield Buffer.alloc(Math.min(700_001, length - at), String(at % 7));
    }
  }

  it.each([0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 12_345])(
    'of %s bytes arrives whole',
    async (length) => {
      const store = openObjectStore('objects');
      const key = `unknown/${length}`;
      expect(
        await putPieces(store, key, pieces(length), { onlyIf: 'absent', metadata: { a: 'b' } }),
      ).toMatchObject({ written: true });
      const expected: Uint8Array[] = [];
      for await (const piece of pieces(length)) expected.push(piece);
      const { bytes, metadata } = await store.read({ key });
      expect(Buffer.concat(expected).equals(bytes)).toBe(true);
      expect(metadata).toEqual({ a: 'b' });
      expect(await putPieces(store, key, pieces(length), { onlyIf: 'absent' })).toEqual({ written: false });
    },
  );

  it.each([1_000_000, PART_BYTES + 1_000_000])(
    'is never seen when its source fails after %s bytes',
    async (failAt) => {
      const store = openObjectStore('objects');
      await expect(putPieces(store, 'failed', pieces(3 * PART_BYTES, failAt), {})).rejects.toThrow(
        'the source failed',
      );
      expect(await store.head({ key: 'failed' })).toBeUndefined();
    },
  );
});

describe('a signed URL', () => {
  const checked = (text: string) => ({ size: text.length, crc64nvme: crc64nvme(Buffer.from(text)) });

  it('takes one object of these bytes where none stands, and only with its headers', async () => {
    const { url, headers } = await openUrlSigner('objects').put("uploads/x/a b+ü'(1).dcm", checked('bytes'));
    const put = async (with_: Record<string, string>, body = 'bytes') =>
      (await fetch(url, { method: 'PUT', body, headers: with_ })).status;
    expect(await put({})).toBe(403);
    expect(await put({ 'if-none-match': '*' })).toBe(403);
    expect(await put(headers, 'bytex'), 'damaged on its way').toBe(400);
    expect(await put(headers, 'bytes and more')).toBe(403);
    expect(await put(headers)).toBe(200);
    expect(await put(headers)).toBe(412);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('900');
    const { bytes } = await openObjectStore('objects').read({ key: "uploads/x/a b+ü'(1).dcm" });
    expect(Buffer.from(bytes).toString()).toBe('bytes');
  });

  it('takes a part of these bytes, and the object only if the whole is what it says', async () => {
    const parts = openClientParts('objects');
    const key = 'uploads/x/in parts';
    const [first, second] = ['a'.repeat(5 << 20), 'the rest'];
    const whole = checked(first + second);
    const id = await parts.begin(key);
    const put = async (part: number, text: string, body = text) => {
      const { url, headers } = await openUrlSigner('objects').putPart(key, id, part, checked(text));
      return (await fetch(url, { method: 'PUT', body, headers })).status;
    };
    expect(await put(1, first, `b${first.slice(1)}`)).toBe(400);
    expect(await parts.standing(key, id)).toEqual([]);
    expect([await put(1, first), await put(2, second)]).toEqual([200, 200]);
    expect(await parts.standing(key, id)).toEqual([
      { part: 1, ...checked(first) },
      { part: 2, ...checked(second) },
    ]);
    expect(joinCrc64Nvme(checked(first).crc64nvme, checked(second).crc64nvme, second.length)).toBe(
      whole.crc64nvme,
    );
    expect(await parts.finish(key, id, { ...whole, size: whole.size + 1 })).toBe('damaged');
    expect(await parts.finish(key, id, { ...whole, crc64nvme: checked(first).crc64nvme })).toBe('damaged');
    expect(await parts.stands(key)).toBe(false);
    expect(await parts.finish(key, id, whole)).toBe('finished');
    expect(await parts.stands(key)).toBe(true);
    expect([await parts.finish(key, id, whole), await parts.standing(key, id)]).toEqual([
      'unknown',
      undefined,
    ]);
    await parts.abandon(key, id);
  });

  it('gives one object, labelled as it is to be read', async () => {
    await openObjectStore('objects').put('signed/get', Buffer.from('x'));
    const url = await openUrlSigner('objects').get('signed/get', { contentType: 'application/dicom' });
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/dicom']);
    expect((await fetch(url.replace('signed/get', 'signed/other'))).status).toBe(403);
  });
});
