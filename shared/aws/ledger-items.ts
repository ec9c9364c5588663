/** The rows of the ledger put together to items: an item's end follows its arrival in the order of the sort key. */
import type { ItemReader } from './attributes.ts';

/** An item as the report sees it: both rows, as far as they have been written. */
export interface LedgerItem {
  readonly item: string;
  /** The partition that it lies in. */
  readonly partition: string;
  readonly path: string | undefined;
  readonly size: number | undefined;
  readonly parent: string | undefined;
  readonly receivedAt: string | undefined;
  /** Key and version of its bytes in the vault; undefined for an entry that did not become an object. */
  readonly key: string | undefined;
  readonly versionId: string | undefined;
  readonly state: 'indexed' | 'duplicate' | 'quarantined' | 'ignored' | 'unpacked' | 'pending';
  readonly reason: string | undefined;
  readonly where: string | undefined;
  readonly entries: number;
  readonly study: string | undefined;
  readonly series: string | undefined;
  readonly instance: string | undefined;
  readonly modality: string | undefined;
  readonly endedAt: string | undefined;
}

const END = '#end';
/** Before every sort key. */
export const START = ' ';

/** What sums are made of. */
export const SUMMED = projection(['pk', 'sk', 'parent', 'state', 'reason', 'entries', 'study', 'modality']);
/** All that is read of an item. */
export const REPORTED = projection([
  ...['pk', 'sk', 'path', 'size', 'parent', 'receivedAt', 'key', 'versionId', 'state', 'reason', 'where'],
  ...['entries', 'study', 'series', 'instance', 'modality', 'endedAt'],
]);

/** DynamoDB reserves some of the names, so that all are given by alias. */
function projection(columns: readonly string[]) {
  return {
    ProjectionExpression: columns.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(columns.map((name) => [`#${name}`, name])),
  };
}

/** The rows of a page less an arrival at its end, whose end may stand on the next page. */
export function wholeItems(rows: readonly ItemReader[]): readonly ItemReader[] {
  const last = rows.at(-1)?.text('sk') ?? '';
  return rows.length > 1 && !last.endsWith(END) ? rows.slice(0, -1) : rows;
}

/** The items that the rows make. */
export async function* ledgerItems(
  rows: AsyncIterable<ItemReader> | Iterable<ItemReader>,
): AsyncGenerator<LedgerItem> {
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

/** The item of its rows, as far as they are there. */
export function itemOf(arrival: ItemReader | undefined, end: ItemReader | undefined): LedgerItem {
  const row = arrival ?? end;
  const sk = row?.text('sk') ?? '';
  return {
    item: sk.endsWith(END) ? sk.slice(0, -END.length) : sk,
    partition: row?.text('pk') ?? '',
    path: arrival?.text('path'),
    size: arrival?.number('size'),
    parent: arrival?.text('parent'),
    receivedAt: arrival?.text('receivedAt'),
    key: arrival?.text('key'),
    versionId: arrival?.text('versionId'),
    state: (end?.text('state') as LedgerItem['state'] | undefined) ?? 'pending',
    reason: end?.text('reason'),
    where: end?.text('where'),
    entries: end?.number('entries') ?? 0,
    study: end?.text('study'),
    series: end?.text('series'),
    instance: end?.text('instance'),
    modality: end?.text('modality'),
    endedAt: end?.text('endedAt'),
  };
}
