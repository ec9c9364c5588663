import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCursor, type Ledger, type LedgerItem, openLedger } from '../../../shared/aws/ledger.ts';
import { openTable } from '../../../shared/aws/table.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { type LocalAws, startLocalAws } from '../../helpers/local-aws.ts';
import { memoryLedger } from '../../helpers/memory-ledger.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  await aws.createTable('ledger');
});
afterAll(() => aws.close());

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}
const byPath = (items: readonly LedgerItem[]) =>
  [...items].sort((a, b) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1));

describe.each<[string, () => Ledger]>([
  ['in memory', memoryLedger],
  ['over the wire', () => openLedger('ledger')],
])('a ledger %s', (_, open) => {
  const instance = { study: '1', series: '2', instance: '3' };

  it('joins arrival and end of each item, whichever came first, and however often', async () => {
    const ledger = open();
    const upload = newOpaqueId();
    const [a, b, c, d] = Array.from({ length: 4 }, () => ({ upload, item: newOpaqueId() }));
    const arrival = { size: 1, receivedAt: '2026' };
    await ledger.end([{ item: a!, run: 'r', end: { state: 'indexed', instance } }]);
    for (let time = 0; time < 2; time++)
      await ledger.arrive([
        { item: a!, path: 'a', ...arrival },
        { item: b!, path: 'b', ...arrival },
        { item: c!, path: 'c', ...arrival, parent: b!.item },
        { item: d!, path: 'd', ...arrival },
        { item: d!, path: 'd', ...arrival },
      ]);
    await ledger.end([
      { item: b!, run: 'r', end: { state: 'unpacked', entries: 7 } },
      { item: c!, run: 'r', end: { state: 'quarantined', reason: 'truncated', where: 'at 0x1' } },
    ]);
    const nothing = {
      partition: expect.any(String),
      size: 1,
      receivedAt: '2026',
      key: undefined,
      versionId: undefined,
      series: undefined,
      modality: undefined,
      parent: undefined,
      reason: undefined,
      where: undefined,
      entries: 0,
      study: undefined,
      instance: undefined,
      endedAt: undefined,
    };
    const endedAt = expect.any(String);
    expect(byPath(await all(ledger.items(upload)))).toEqual([
      { ...nothing, item: a!.item, path: 'a', state: 'indexed', endedAt, ...instance },
      { ...nothing, item: b!.item, path: 'b', state: 'unpacked', entries: 7, endedAt },
      {
        ...nothing,
        item: c!.item,
        path: 'c',
        state: 'quarantined',
        parent: b!.item,
        reason: 'truncated',
        where: 'at 0x1',
        endedAt,
      },
      { ...nothing, item: d!.item, path: 'd', state: 'pending' },
    ]);
    expect((await ledger.page(upload, undefined)).items).toHaveLength(4);
  });

  it('opens and closes uploads, and knows what was never opened', async () => {
    const ledger = open();
    const upload = newOpaqueId();
    expect(await ledger.closeUpload(upload, 3)).toBe(false);
    expect(await ledger.upload(upload)).toBeUndefined();
    await ledger.openUpload(upload);
    expect(await ledger.upload(upload)).toEqual({
      createdAt: expect.any(String),
      closedAt: undefined,
      expected: undefined,
      token: undefined,
    });
    expect(await ledger.closeUpload(upload, 3)).toBe(true);
    expect(await ledger.upload(upload)).toMatchObject({ closedAt: expect.any(String), expected: 3 });
    expect(await all(ledger.items(upload))).toEqual([]);
  });
});

describe('the ledger in the hands of an operator', () => {
  const arrival = { size: 1, receivedAt: '2026' };
  const refused = { state: 'quarantined', reason: 'truncated', where: 'at 0x1', study: '2.25.1' } as const;
  const instance = { study: '1', series: '2', instance: '3' };

  it('is read over all uploads, and tells which items have arrived', async () => {
    const ledger = openLedger('ledger');
    const items = Array.from({ length: 20 }, () => ({ upload: newOpaqueId(), item: newOpaqueId() }));
    for (const { upload } of items) await ledger.openUpload(upload);
    await ledger.arrive(items.map((item) => ({ item, path: item.item, ...arrival })));
    await ledger.end(items.map((item) => ({ item, run: 'r', end: { state: 'indexed', instance } })));
    const read = await all(ledger.everything());
    for (const { upload, item } of items)
      expect(read.filter((one) => one.item === item)).toMatchObject([
        { upload, path: item, state: 'indexed', series: '2' },
      ]);
    const other = { upload: newOpaqueId(), item: newOpaqueId() };
    expect([...(await ledger.arrived([...items, other]))].sort()).toEqual(
      items.map(({ item }) => item).sort(),
    );
  });

  it('takes back the end that was seen and no other one', async () => {
    const ledger = openLedger('ledger');
    const item = { upload: newOpaqueId(), item: newOpaqueId() };
    await ledger.arrive([{ item, path: 'p', object: { key: 'k', versionId: 'v' }, ...arrival }]);
    await ledger.end([{ item, run: 'r', end: refused }]);
    const [seen] = await all(ledger.items(item.upload));
    expect(seen).toMatchObject({ ...refused, key: 'k', versionId: 'v' });
    expect(await ledger.reopen(item, '2020-01-01T00:00:00.000Z')).toBe(false);
    expect(await ledger.reopen(item, seen?.endedAt ?? '')).toBe(true);
    const [reopened] = await all(ledger.items(item.upload));
    expect(reopened).toMatchObject({ path: 'p', state: 'pending', reason: undefined, study: undefined });
    await ledger.end([{ item, run: 'r', end: { state: 'indexed', instance } }]);
    expect(await all(ledger.items(item.upload))).toMatchObject([{ state: 'indexed', ...instance }]);
    await ledger.forget([item]);
    expect(await all(ledger.items(item.upload))).toEqual([]);
  });
});

describe('a ledger of many items', () => {
  it('is read by pages that hold every item once and whole', async () => {
    const ledger = openLedger('ledger');
    const upload = newOpaqueId();
    const items = Array.from({ length: 2_300 }, (_, index) => ({
      item: { upload, item: newOpaqueId() },
      path: `${index}`,
      size: 1,
      receivedAt: '',
    }));
    await ledger.arrive(items);
    await ledger.end(
      items.map(({ item }) => ({ item, run: 'r', end: { state: 'ignored', reason: 'empty', where: '' } })),
    );
    const read: LedgerItem[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const page = await ledger.page(upload, cursor);
      read.push(...page.items);
      cursor = page.cursor;
      if (cursor !== undefined) expect(isCursor(cursor)).toBe(true);
      pages++;
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(2);
    expect(new Set(read.map(({ path }) => path)).size).toBe(2_300);
    expect(read).toHaveLength(2_300);
    expect(read.every(({ state }) => state === 'ignored')).toBe(true);
    expect(await all(ledger.items(upload))).toHaveLength(2_300);
  });

  it('is joined across the end of a page', async () => {
    const rows = ['a', 'a#end', 'b', 'b#end', 'c'].map((sk) => ({
      sk: { S: sk },
      ...(sk.endsWith('#end') ? { state: { S: 'ignored' } } : { path: { S: sk } }),
    }));
    const { readItem } = await import('../../../shared/aws/attributes.ts');
    // A page that ends, by its size, between an item's arrival and its end.
    const table = {
      ...openTable('none'),
      page: async (query: { values: Record<string, unknown> }) => {
        const after = String(query.values[':after']);
        const from = rows.filter(({ sk }) => sk.S > after);
        const isFirst = String(query.values[':pk']).endsWith('#0');
        const cut = isFirst ? from.slice(0, 3) : [];
        return {
          rows: cut.map(readItem),
          after: isFirst && cut.length < from.length ? { sk: { S: 'x' } } : undefined,
        };
      },
    };
    const { items } = await openLedger('none', table).page('u', undefined);
    expect(items.map(({ item, state }) => [item, state])).toEqual([
      ['a', 'ignored'],
      ['b', 'ignored'],
      ['c', 'pending'],
    ]);
  });
});
