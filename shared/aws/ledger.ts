/**
 * What became of every item of an upload. An item has two rows that are written by different steps and never updated: its
 * arrival (path and size; vault zone) and its end (state and reason). Each is a pure function of the input, so that a
 * retry writes the same again and rows can be written in batches, without conditions. Only who sends an item round again
 * takes its end back, and only the very end that was seen.
 */

import type { ItemRef, ObjectPointer } from '../contract/messages.ts';
import type { InstanceUids } from '../contract/names.ts';
import { ledgerPartition, ledgerPartitions } from '../contract/names.ts';
import { itemOf, type LedgerItem, ledgerItems, REPORTED, START, SUMMED, wholeItems } from './ledger-items.ts';
import { allRows, openTable, type Table } from './table.ts';

export type { LedgerItem } from './ledger-items.ts';

export interface Arrival {
  readonly item: ItemRef;
  readonly path: string;
  readonly size: number;
  readonly receivedAt: string;
  /** The item of the archive that it lay in. */
  readonly parent?: string;
  /** Where its bytes are; absent for an entry that was refused before it became an object. */
  readonly object?: Pick<ObjectPointer, 'key' | 'versionId'>;
}

export type ItemEnd =
  | { readonly state: 'indexed'; readonly instance: InstanceUids; readonly modality?: string | undefined }
  | {
      readonly state: 'duplicate';
      readonly reason: 'same-bytes';
      readonly instance: InstanceUids;
      readonly modality?: string | undefined;
    }
  | {
      readonly state: 'quarantined' | 'ignored';
      readonly reason: string;
      readonly where: string;
      /** Pseudonymous; absent where it could not be told. */
      readonly study?: string;
    }
  | { readonly state: 'unpacked'; readonly entries: number };

export interface EndedItem {
  readonly item: ItemRef;
  readonly run: string;
  readonly end: ItemEnd;
}

export interface UploadRow {
  readonly createdAt: string;
  readonly closedAt: string | undefined;
  readonly expected: number | undefined;
  /** The upload token that it was opened by; undefined where staff did. */
  readonly token: string | undefined;
}

export interface Ledger {
  arrive(arrivals: readonly Arrival[]): Promise<void>;
  end(ends: readonly EndedItem[]): Promise<void>;
  /** Opens an upload; `token` is the upload token by which it was opened, undefined where staff did. */
  openUpload(upload: string, token?: string): Promise<void>;
  /** Says how many files were sent; false where there is no such upload. */
  closeUpload(upload: string, expected: number): Promise<boolean>;
  upload(upload: string): Promise<UploadRow | undefined>;
  /** Every item of the upload, in no order that means anything. */
  items(upload: string): AsyncIterable<LedgerItem>;
  /**
   * The same quickly, the items of several partitions mixed: by default with what sums are made of and no more. It may not
   * see what was written a moment ago.
   */
  visit(upload: string, onItem: (item: LedgerItem) => void, what?: 'sums' | 'all'): Promise<void>;
  /** Some items and where to go on; `cursor` is what the page before returned. */
  page(
    upload: string,
    cursor: string | undefined,
  ): Promise<{ items: LedgerItem[]; cursor: string | undefined }>;
}

/** What the tools of an operator do beside: they may read every upload, and take ends back. */
export interface LedgerTools {
  /** Every item of every upload. */
  everything(): AsyncIterable<LedgerItem & { readonly upload: string }>;
  /** Which of the items have arrived; at most some thousands. */
  arrived(items: readonly ItemRef[]): Promise<ReadonlySet<string>>;
  /** The arrival of an item, without its end. */
  find(item: ItemRef): Promise<LedgerItem | undefined>;
  /** Takes back the end of that time, so that the item is pending; false where it has another end by now. */
  reopen(item: ItemRef, endedAt: string): Promise<boolean>;
  /** Removes both rows of each item. */
  forget(items: readonly ItemRef[]): Promise<void>;
}

const END = '#end';
const PARTITION = /^([^#]+)#[0-7]$/;
/** Items after which a page ends; the last partition that was looked at may bring as many again. */
const PAGE_ITEMS = 500;

/** The ledger in the table of that name. */
export function openLedger(tableName: string, table: Table = openTable(tableName)): Ledger & LedgerTools {
  const uploadKey = (upload: string) => ({ pk: `${upload}#upload`, sk: 'upload' });
  const arrivalKey = ({ upload, item }: ItemRef) => ({ pk: ledgerPartition(upload, item), sk: item });
  const endKey = ({ upload, item }: ItemRef) => ({ pk: ledgerPartition(upload, item), sk: `${item}${END}` });
  const partition = (pk: string) => ({
    KeyConditionExpression: 'pk = :pk',
    values: { ':pk': pk },
  });
  return {
    arrive: (arrivals) =>
      table.putAll(
        arrivals.map(({ item, object, ...arrival }) => ({ ...arrivalKey(item), ...arrival, ...object })),
      ),

    end: (ends) =>
      table.putAll(
        ends.map(({ item, run, end }) => {
          const { instance, ...rest } = { instance: undefined, ...end };
          return { ...endKey(item), run, endedAt: new Date().toISOString(), ...rest, ...instance };
        }),
      ),

    openUpload: (upload, token) =>
      table.putAll([{ ...uploadKey(upload), createdAt: new Date().toISOString(), token }]),

    async closeUpload(upload, expected) {
      const updated = await table.update(uploadKey(upload), {
        UpdateExpression: 'SET closedAt = :now, expected = :expected',
        ConditionExpression: 'attribute_exists(pk)',
        values: { ':now': new Date().toISOString(), ':expected': expected },
      });
      return updated !== undefined;
    },

    async upload(upload) {
      const row = await table.get(uploadKey(upload));
      return (
        row && {
          createdAt: row.text('createdAt') ?? '',
          closedAt: row.text('closedAt'),
          expected: row.number('expected'),
          token: row.text('token'),
        }
      );
    },

    async *items(upload) {
      for (const pk of ledgerPartitions(upload))
        yield* ledgerItems(allRows(table, { ...partition(pk), ConsistentRead: true, ...REPORTED }));
    },

    async visit(upload, onItem, what = 'sums') {
      // Not consistent, for half the price: what is not seen yet counts as on its way, so that sums lag and never lead.
      await Promise.all(
        ledgerPartitions(upload).map(async (pk) => {
          const rows = allRows(table, { ...partition(pk), ...(what === 'all' ? REPORTED : SUMMED) });
          for await (const item of ledgerItems(rows)) onItem(item);
        }),
      );
    },

    async page(upload, cursor) {
      const partitions = ledgerPartitions(upload);
      let { shard, after } = parseCursor(cursor);
      const items: LedgerItem[] = [];
      while (shard < partitions.length && items.length < PAGE_ITEMS) {
        const { rows, after: more } = await table.page({
          KeyConditionExpression: 'pk = :pk AND sk > :after',
          ConsistentRead: true,
          Limit: 2 * PAGE_ITEMS,
          ...REPORTED,
          values: { ':pk': partitions[shard] ?? '', ':after': after },
        });
        const whole = more ? wholeItems(rows) : rows;
        for await (const item of ledgerItems(whole)) items.push(item);
        if (more) after = whole.at(-1)?.text('sk') ?? after;
        else [shard, after] = [shard + 1, START];
      }
      return { items, cursor: shard < partitions.length ? `${shard}.${after}` : undefined };
    },

    async *everything() {
      // The table holds rows of other kinds, too.
      for await (const item of ledgerItems(table.scan(REPORTED))) {
        const upload = PARTITION.exec(item.partition)?.[1];
        if (upload !== undefined) yield { ...item, upload };
      }
    },

    async arrived(items) {
      return new Set((await table.getAll(items.map(arrivalKey))).map((row) => row.text('sk') ?? ''));
    },

    async find(item) {
      const row = await table.get(arrivalKey(item));
      return row && itemOf(row, undefined);
    },

    async reopen(item, endedAt) {
      const updated = await table.update(endKey(item), {
        UpdateExpression: 'SET #state = :pending REMOVE reason, #where, study',
        ConditionExpression: 'endedAt = :seen',
        ExpressionAttributeNames: { '#state': 'state', '#where': 'where' },
        values: { ':pending': 'pending', ':seen': endedAt },
      });
      return updated !== undefined;
    },

    forget: (items) => table.deleteAll(items.flatMap((item) => [arrivalKey(item), endKey(item)])),
  };
}

const CURSOR = /^([0-7])\.(.{1,40})$/;

/** Whether a text is where a page may begin. */
export function isCursor(text: string): boolean {
  return CURSOR.test(text);
}

function parseCursor(cursor: string | undefined): { shard: number; after: string } {
  const [, shard = '0', after = START] = CURSOR.exec(cursor ?? '') ?? [];
  return { shard: Number(shard), after };
}
