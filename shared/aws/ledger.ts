/**
 * What became of every item of an upload. An item has two rows that are written by different steps and never updated: its
 * arrival (path and size; vault zone) and its end (state and reason). Each is a pure function of the input, so that a
 * retry writes the same again and rows can be written in batches, without conditions.
 */

import type { ItemRef } from '../contract/messages.ts';
import type { InstanceUids } from '../contract/names.ts';
import { ledgerPartition, ledgerPartitions } from '../contract/names.ts';
import type { ItemReader } from './attributes.ts';
import { allRows, openTable, type Table } from './table.ts';

export interface Arrival {
  readonly item: ItemRef;
  readonly path: string;
  readonly size: number;
  readonly receivedAt: string;
  /** The item of the archive that it lay in. */
  readonly parent?: string;
}

export type ItemEnd =
  | { readonly state: 'indexed'; readonly instance: InstanceUids }
  | { readonly state: 'duplicate'; readonly reason: 'same-bytes'; readonly instance: InstanceUids }
  | { readonly state: 'quarantined' | 'ignored'; readonly reason: string; readonly where: string }
  | { readonly state: 'unpacked'; readonly entries: number };

export interface EndedItem {
  readonly item: ItemRef;
  readonly run: string;
  readonly end: ItemEnd;
}

/** An item as the report sees it: both rows, as far as they have been written. */
export interface LedgerItem {
  readonly item: string;
  readonly path: string | undefined;
  readonly parent: string | undefined;
  readonly state: ItemEnd['state'] | 'pending';
  readonly reason: string | undefined;
  readonly where: string | undefined;
  readonly entries: number;
  readonly study: string | undefined;
  readonly instance: string | undefined;
}

export interface UploadRow {
  readonly createdAt: string;
  readonly closedAt: string | undefined;
  readonly expected: number | undefined;
}

export interface Ledger {
  arrive(arrivals: readonly Arrival[]): Promise<void>;
  end(ends: readonly EndedItem[]): Promise<void>;
  openUpload(upload: string): Promise<void>;
  /** Says how many files were sent; false where there is no such upload. */
  closeUpload(upload: string, expected: number): Promise<boolean>;
  upload(upload: string): Promise<UploadRow | undefined>;
  /** Every item of the upload, in no order that means anything. */
  items(upload: string): AsyncIterable<LedgerItem>;
  /** Some items and where to go on; `cursor` is what the page before returned. */
  page(
    upload: string,
    cursor: string | undefined,
  ): Promise<{ items: LedgerItem[]; cursor: string | undefined }>;
}

const END = '#end';
const COLUMNS = ['sk', 'path', 'parent', 'state', 'reason', 'where', 'entries', 'study', 'instance'] as const;
/** DynamoDB reserves some of the names, so that all are given by alias. */
const PROJECTION = {
  ProjectionExpression: COLUMNS.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(COLUMNS.map((name) => [`#${name}`, name])),
};
/** Items after which a page ends; the last partition that was looked at may bring as many again. */
const PAGE_ITEMS = 500;
/** Before every sort key. */
const START = ' ';

/** The ledger in the table of that name. */
export function openLedger(tableName: string, table: Table = openTable(tableName)): Ledger {
  const uploadKey = (upload: string) => ({ pk: `${upload}#upload`, sk: 'upload' });
  return {
    arrive: (arrivals) =>
      table.putAll(
        arrivals.map(({ item, ...arrival }) => ({
          pk: ledgerPartition(item.upload, item.item),
          sk: item.item,
          ...arrival,
        })),
      ),

    end: (ends) =>
      table.putAll(
        ends.map(({ item, run, end }) => ({
          pk: ledgerPartition(item.upload, item.item),
          sk: `${item.item}${END}`,
          run,
          endedAt: new Date().toISOString(),
          ...('instance' in end ? { state: end.state, ...end.instance } : end),
          ...('reason' in end ? { reason: end.reason } : {}),
        })),
      ),

    openUpload: (upload) => table.putAll([{ ...uploadKey(upload), createdAt: new Date().toISOString() }]),

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
        }
      );
    },

    async *items(upload) {
      for (const partition of ledgerPartitions(upload))
        yield* joined(
          allRows(table, {
            KeyConditionExpression: 'pk = :pk',
            ConsistentRead: true,
            ...PROJECTION,
            values: { ':pk': partition },
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
          ...PROJECTION,
          values: { ':pk': partitions[shard] ?? '', ':after': after },
        });
        // The end of the last item may stand on the next page: leave the item to that page.
        const last = rows.at(-1)?.text('sk') ?? '';
        const whole = more && rows.length > 1 && !last.endsWith(END) ? rows.slice(0, -1) : rows;
        for await (const item of joined(whole)) items.push(item);
        if (more) after = whole.at(-1)?.text('sk') ?? after;
        else [shard, after] = [shard + 1, START];
      }
      return { items, cursor: shard < partitions.length ? `${shard}.${after}` : undefined };
    },
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

/** An item's end follows its arrival in the order of the sort key. */
async function* joined(rows: AsyncIterable<ItemReader> | Iterable<ItemReader>): AsyncGenerator<LedgerItem> {
  let arrival: ItemReader | undefined;
  for await (const row of rows) {
    const sk = row.text('sk') ?? '';
    if (!sk.endsWith(END)) {
      if (arrival) yield itemOf(arrival, undefined);
      arrival = row;
      continue;
    }
    const own = arrival?.text('sk') === sk.slice(0, -END.length);
    if (arrival && !own) yield itemOf(arrival, undefined);
    yield itemOf(own ? arrival : undefined, row);
    arrival = undefined;
  }
  if (arrival) yield itemOf(arrival, undefined);
}

function itemOf(arrival: ItemReader | undefined, end: ItemReader | undefined): LedgerItem {
  const sk = (arrival ?? end)?.text('sk') ?? '';
  return {
    item: sk.endsWith(END) ? sk.slice(0, -END.length) : sk,
    path: arrival?.text('path'),
    parent: arrival?.text('parent'),
    state: (end?.text('state') as ItemEnd['state'] | undefined) ?? 'pending',
    reason: end?.text('reason'),
    where: end?.text('where'),
    entries: end?.number('entries') ?? 0,
    study: end?.text('study'),
    instance: end?.text('instance'),
  };
}
