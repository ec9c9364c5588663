import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCrosswalk } from '../../../shared/aws/crosswalk.ts';
import { type IndexTable, openIndexTable } from '../../../shared/aws/index-table.ts';
import { isCursor, type Ledger, type LedgerItem, openLedger } from '../../../shared/aws/ledger.ts';
import { type LinksTable, openLinksTable } from '../../../shared/aws/links-table.ts';
import { openTable } from '../../../shared/aws/table.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { type LocalAws, startLocalAws } from '../../helpers/local-aws.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';
import { memoryLedger } from '../../helpers/memory-ledger.ts';
import { memoryLinks } from '../../helpers/memory-links.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  await aws.createTable('ledger');
  await aws.createTable('crosswalk');
  await aws.createTable('index', 'byKind');
  await aws.createTable('links', 'byStudy');
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
      parent: undefined,
      reason: undefined,
      where: undefined,
      entries: 0,
      study: undefined,
      instance: undefined,
    };
    expect(byPath(await all(ledger.items(upload)))).toEqual([
      { ...nothing, item: a!.item, path: 'a', state: 'indexed', study: '1', instance: '3' },
      { ...nothing, item: b!.item, path: 'b', state: 'unpacked', entries: 7 },
      {
        ...nothing,
        item: c!.item,
        path: 'c',
        state: 'quarantined',
        parent: b!.item,
        reason: 'truncated',
        where: 'at 0x1',
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
    });
    expect(await ledger.closeUpload(upload, 3)).toBe(true);
    expect(await ledger.upload(upload)).toMatchObject({ closedAt: expect.any(String), expected: 3 });
    expect(await all(ledger.items(upload))).toEqual([]);
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

describe.each<[string, () => IndexTable]>([
  ['in memory', memoryIndex],
  ['over the wire', () => openIndexTable('index')],
])('an index %s', (where, open) => {
  const study = where === 'in memory' ? '2.25.1' : '2.25.2';
  const rollUp = (completedAt: string) => ({
    completedAt,
    patientId: 'P',
    series: 1,
    instances: 2,
    bytes: 3,
    attributes: '{"a":1}',
  });

  it('keeps instances in the order of their UIDs, headers of any length whole', async () => {
    const index = open();
    // Random bytes do not compress: such a header goes over several rows.
    const { randomBytes } = await import('node:crypto');
    const long = JSON.stringify({ x: randomBytes(900_000).toString('base64') });
    const row = (instance: string, header: string, placeholder?: string) => ({
      uids: { study, series: '9', instance },
      header,
      bytes: 5,
      preview: { width: 1, height: 2, ...(placeholder ? { placeholder } : {}) },
    });
    const rows = [row('1.1', long), row('1.1.1', '{}', 'undecodable'), row('1.2', '{"ü":1}')];
    await index.putInstances([rows[2]!, rows[0]!]);
    await index.putInstances([rows[1]!, rows[0]!]);
    expect(await all(index.instances(study))).toEqual(rows);
    expect(await all(index.instances(`${study}1`))).toEqual([]);
  });

  it('completes the last change only', async () => {
    const index = open();
    const other = `${study}.7`;
    expect(await index.study(other)).toBeUndefined();
    expect(await index.complete(other, 't0', rollUp('2026'))).toBe(false);
    await index.markChanged(other, 't1', 'P');
    expect(await index.study(other)).toEqual({
      study: other,
      changeToken: 't1',
      patientId: 'P',
      ready: false,
      rollUp: undefined,
    });
    await index.markChanged(other, 't2', 'P');
    expect(await index.complete(other, 't1', rollUp('2026'))).toBe(false);
    expect(await index.complete(other, 't2', rollUp('2026'))).toBe(true);
    expect(await index.study(other)).toEqual({
      study: other,
      changeToken: 't2',
      patientId: 'P',
      ready: true,
      rollUp: rollUp('2026'),
    });
    await index.markChanged(other, 't3', 'P');
    expect(await index.study(other)).toMatchObject({ ready: false, rollUp: rollUp('2026') });
  });

  it('finds several studies at once, and complete ones by time', async () => {
    const index = open();
    for (const [number, at] of [
      [1, '2031'],
      [2, '2033'],
      [3, '2032'],
    ] as const) {
      await index.markChanged(`${study}.30${number}`, 't', 'P');
      await index.complete(`${study}.30${number}`, 't', rollUp(at));
    }
    const wanted = Array.from({ length: 150 }, (_, number) => `${study}.30${number}`);
    expect((await index.studies(wanted)).map((row) => row.study).sort()).toEqual([
      `${study}.301`,
      `${study}.302`,
      `${study}.303`,
    ]);
    expect(await index.studies([])).toEqual([]);
    const latest = (await all(index.completeStudies())).slice(0, 3).map((row) => row.study);
    expect(latest).toEqual([`${study}.302`, `${study}.303`, `${study}.301`]);
  });
});

describe.each<[string, () => LinksTable]>([
  ['in memory', memoryLinks],
  ['over the wire', () => openLinksTable('links')],
])('a table of links %s', (_, open) => {
  const row = (study: string, createdAt = '2026-01-01T00:00:00.000Z') => ({
    link: newOpaqueId(),
    study,
    tokenHash: 'h',
    createdAt,
    expiresAt: '2026-02-01T00:00:00.000Z',
    passcode: undefined,
    note: undefined,
  });

  it('keeps a link with all that belongs to it', async () => {
    const links = open();
    const full = { ...row('1.1'), passcode: { salt: Uint8Array.of(1), hash: Uint8Array.of(2) }, note: 'ü' };
    await links.create(full);
    expect(await links.link(full.link)).toEqual({
      ...full,
      revokedAt: undefined,
      lockedUntil: undefined,
      opened: 0,
    });
    expect(await links.link('none')).toBeUndefined();
  });

  it('lists the links of a study, and of all studies', async () => {
    const links = open();
    const study = `2.25.${Date.now()}`;
    const [one, two] = [row(study), row(`${study}.1`)];
    await links.create(one);
    await links.create(two);
    expect((await all(links.linksOf(study))).map(({ link }) => link)).toEqual([one.link]);
    expect((await all(links.linksOf(undefined))).map(({ link }) => link)).toEqual(
      expect.arrayContaining([one.link, two.link]),
    );
  });

  it('revokes once, and keeps when', async () => {
    const links = open();
    const one = row('1.2');
    await links.create(one);
    expect(await links.revoke(one.link, '2026-01-05')).toBe(true);
    expect(await links.revoke(one.link, '2026-01-06')).toBe(true);
    expect((await links.link(one.link))?.revokedAt).toBe('2026-01-05');
    expect(await links.revoke('none', '2026')).toBe(false);
    expect(await links.link('none')).toBeUndefined();
  });

  it('counts tries, one for each of those made at once, and none while it is locked', async () => {
    const links = open();
    const one = row('1.3');
    await links.create(one);
    const tries = await Promise.all(
      Array.from({ length: 4 }, () => links.takeTry(one.link, '2026-01-01T00:00')),
    );
    expect(tries.sort()).toEqual([1, 2, 3, 4]);
    await links.lock(one.link, '2026-01-01T00:15');
    expect(await links.takeTry(one.link, '2026-01-01T00:14')).toBeUndefined();
    expect(await links.takeTry(one.link, '2026-01-01T00:16')).toBe(1);
    await links.countOpened(one.link);
    expect(await links.takeTry(one.link, '2026-01-01T00:16')).toBe(1);
    expect((await links.link(one.link))?.opened).toBe(1);
    expect(await links.takeTry('none', '2026')).toBeUndefined();
  });

  it('keeps sessions', async () => {
    const links = open();
    const session = { link: 'l', study: '1.2', expiresAt: '2026-01-01T00:15:00.000Z' };
    await links.openSession('hash', session);
    expect(await links.session('hash')).toEqual(session);
    expect(await links.session('other')).toBeUndefined();
  });
});

describe('the audit of a link', () => {
  it('keeps every event, in order, beside the link', async () => {
    const links = openLinksTable('links');
    for (const event of ['created', 'opened', 'opened'] as const)
      await links.audit('audited', event, { run: 'r' });
    await links.audit('audited', 'denied', { reason: 'locked', run: 'r' });
    const { rows } = await openTable('links').page({
      KeyConditionExpression: 'pk = :pk',
      values: { ':pk': 'link#audited' },
    });
    expect(rows.map((row) => row.text('event'))).toEqual(['created', 'opened', 'opened', 'denied']);
    expect(rows.at(-1)?.text('reason')).toBe('locked');
  });
});

describe('the crosswalk', () => {
  it('is written once for each study and never over', async () => {
    const entry = (patientName: string) => ({
      study: '2.25.5',
      patient: 'P',
      original: {
        studyInstanceUid: '1.2',
        patientId: '4711',
        issuerOfPatientId: '',
        patientName,
        patientBirthDate: '',
      },
    });
    await openCrosswalk('crosswalk')(entry('first'));
    await openCrosswalk('crosswalk')(entry('second'));
    const row = await openTable('crosswalk').get({ pk: 'study#2.25.5', sk: 'study' });
    expect(row?.text('patientName')).toBe('first');
  });

  it('is asked once per container for the slices of a series', async () => {
    let asked = 0;
    const write = openCrosswalk('crosswalk', { putNew: async () => ++asked > 0 });
    const original = {
      studyInstanceUid: '1.2',
      patientId: '',
      issuerOfPatientId: '',
      patientName: '',
      patientBirthDate: '',
    };
    for (let slice = 0; slice < 5; slice++) await write({ study: '2.25.6', patient: 'P', original });
    expect(asked).toBe(1);
  });
});
