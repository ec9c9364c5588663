import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reconcileLines } from '../../../cli/commands/reconcile.ts';
import { redriveLines } from '../../../cli/commands/redrive.ts';
import { compareStudy } from '../../../cli/reconcile/compare-study.ts';
import { collectDifferences } from '../../../cli/reconcile/differences.ts';
import { type Fact, type FactKind, openSpill } from '../../../cli/reconcile/spill.ts';
import { notificationOf } from '../../../cli/redrive/notification.ts';
import { createdObjects } from '../../../shared/runtime/message-body.ts';

const BEFORE = 1_000;
const OLD = '500';
const YOUNG = '2000';
const fact = (kind: FactKind, more = kind === 'item' ? 'u/i' : OLD): Fact => ({
  study: '1',
  kind,
  series: kind.endsWith('ready') ? '' : '2',
  instance: kind.endsWith('ready') ? '' : '3',
  more,
});
const found = (facts: readonly Fact[], allItems = true) => {
  const differences = collectDifferences(false);
  compareStudy('1', facts, { before: BEFORE, allItems }, differences);
  return Object.keys(differences.counts).sort();
};
const WHOLE = ['item', 'object', 'preview', 'row', 'ready'] as const;

describe('what is known of a study', () => {
  it('has no difference when every part is there', () => {
    expect(found(WHOLE.map((kind) => fact(kind)))).toEqual([]);
  });

  it.each<[FactKind, string[]]>([
    ['item', ['object-without-item']],
    ['object', ['indexed-without-object', 'row-without-object']],
    ['preview', ['indexed-without-preview']],
    ['row', ['indexed-without-row']],
    ['ready', ['study-not-ready']],
  ])('differs without its %s', (left, kinds) => {
    expect(found(WHOLE.filter((kind) => kind !== left).map((kind) => fact(kind)))).toEqual(kinds);
  });

  it('differs where only an object is left', () => {
    expect(found([fact('object')])).toEqual(['object-without-item', 'object-without-row', 'study-not-ready']);
  });

  it('is left alone while it may be on its way', () => {
    expect(found([fact('object', YOUNG)])).toEqual([]);
    expect(found([fact('object', YOUNG), fact('row'), fact('not-ready')])).toEqual([]);
  });

  it('needs an item of its own only where the items of all uploads are known', () => {
    const withoutItem = WHOLE.slice(1).map((kind) => fact(kind));
    expect(found(withoutItem, false)).toEqual([]);
  });
});

describe('the differences', () => {
  it('are counted beyond those that are named, and tell no path unless it is asked for', () => {
    const hidden = collectDifferences(false);
    const shown = collectDifferences(true);
    for (let index = 0; index < 10_005; index++) {
      hidden.add('item-pending', { upload: 'u', item: String(index), path: 'Doe' });
      shown.add('item-pending', { upload: 'u', item: String(index), path: 'Doe' });
    }
    expect(hidden.counts).toEqual({ 'item-pending': 10_005 });
    expect(hidden.named).toHaveLength(10_000);
    expect(JSON.stringify(hidden)).not.toContain('Doe');
    expect(shown.named[0]).toMatchObject({ path: 'Doe' });
  });

  it('are listed for a person by kind, with what each means', () => {
    const differences = collectDifferences(false);
    for (let index = 0; index < 30; index++) differences.add('dead-letters', { step: 'parse', count: 2 });
    const checked = { items: 1, vaultObjects: 2, instances: 3, rows: 4, studies: 5 };
    const { counts, named } = differences;
    const output = {
      upload: null,
      olderThanMinutes: 60,
      checked,
      total: 30,
      counts,
      differences: [...named],
    };
    const text = reconcileLines(output).join('\n');
    expect(text).toContain('30 differences');
    expect(text).toContain('dead-letters (30): messages that a step gave up\n  parse  2');
    expect(text).toContain('and 10 more');
  });
});

describe('facts on disk', () => {
  it('come back by study, each once, and leave nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'filmroom-test-'));
    const spill = await openSpill(folder);
    const studies = 300;
    for (let index = 0; index < 30_000; index++)
      spill.add({ ...fact('object', String(index)), study: `2.25.${index % studies}` });
    const seen = new Map<string, number>();
    for await (const [study, facts] of spill.studies()) {
      expect(seen.has(study)).toBe(false);
      seen.set(study, facts.length);
      expect(facts[0]).toMatchObject({ kind: 'object', series: '2', instance: '3' });
    }
    expect([...new Set(seen.values())]).toEqual([100]);
    expect(seen.size).toBe(studies);
    await spill.remove();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('an object that is sent round again', () => {
  it.each(['uploads/u/a folder/b+c%20é.dcm', 'extracted/u/i/0000001', "uploads/u/it's (1)"])(
    'is announced as S3 would announce it: %s',
    (key) => {
      const body = JSON.stringify(notificationOf('vault', { key, versionId: 'v', size: 7 }, '2026'));
      expect(createdObjects.parse(body)).toEqual([
        { bucket: 'vault', key, versionId: 'v', size: 7, createdAt: '2026' },
      ]);
    },
  );

  it('is told to a person with what was left', () => {
    const output = {
      dryRun: false,
      items: 3,
      reasons: { truncated: 3 },
      sent: 2,
      gone: 1,
      deadLetters: { parse: 4 },
    };
    const text = redriveLines(output).join('\n');
    expect(text).toMatch(/3 items were sent round again\n {2}truncated +3/);
    expect(text).toContain('1 item left as they were');
    expect(text).toContain('4 messages of parse were sent back');
    expect(redriveLines({ ...output, items: 0, deadLetters: {} })).toEqual(['Nothing to send round again']);
  });
});
