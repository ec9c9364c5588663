/**
 * What a look at the sums of an upload costs, which a progress display does again and again: time, memory, read units and
 * dollars for 100,000 items, read as the report reads them (all attributes, one partition after the other, consistent) and as
 * the sums are read (few attributes, all partitions at once, not consistent). DynamoDB is played by pages of 1 MB that are
 * parsed from JSON as the SDK does, each after the time that a page takes.
 *
 *     npx tsx bench/summary.ts [items] [milliseconds a page]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { summarizeUpload } from '../functions/uploads/summarize-upload.ts';
import { readItem } from '../shared/aws/attributes.ts';
import { openLedger } from '../shared/aws/ledger.ts';
import { openTable, type Table } from '../shared/aws/table.ts';
import { LEDGER_SHARDS, ledgerPartitions } from '../shared/contract/names.ts';
import { newOpaqueId } from '../shared/runtime/opaque-id.ts';
import { PRICES } from './cost/prices.ts';

const [items = 100_000, milliseconds = 40] = process.argv.slice(2).map(Number);
const PAGE_BYTES = 1 << 20;
const READ_UNIT_BYTES = 4_096;
const STUDIES = 40;
/** Pages after which the heap is looked at. */
const LOOK_EVERY = 12;

type RowText = Record<string, AttributeValue>;

/** The rows of one partition: an arrival and an end for each item. */
function rowsOf(pk: string, count: number): RowText[] {
  const ids = Array.from({ length: count }, newOpaqueId).sort();
  return ids.flatMap((item, index): RowText[] => {
    const path = `export/2019/ST${index % STUDIES}/SE0001/IM${String(index).padStart(8, '0')}.dcm`;
    const uid = (kind: number) => `2.25.${'1234567890'.repeat(3)}${kind}${String(index).padStart(7, '0')}`;
    const run = '11111111-2222-3333-4444-555555555555';
    const time = '2026-01-02T03:04:05.006Z';
    return [
      {
        pk: { S: pk },
        sk: { S: item },
        path: { S: path },
        size: { N: '526336' },
        receivedAt: { S: time },
        key: { S: `extracted/${'0'.repeat(26)}/${'0'.repeat(26)}/0000000` },
        versionId: { S: '3HL4kqtJvjVBH40Nrjfkd3HL4kqtJvjV' },
        parent: { S: '0'.repeat(26) },
      },
      {
        pk: { S: pk },
        sk: { S: `${item}#end` },
        run: { S: run },
        endedAt: { S: time },
        state: { S: 'indexed' },
        modality: { S: 'CT' },
        study: { S: `2.25.${index % STUDIES}` },
        series: { S: uid(1) },
        instance: { S: uid(2) },
      },
    ];
  });
}

/** As DynamoDB counts an item: names and values. */
const bytesOf = (row: RowText): number =>
  Object.entries(row).reduce(
    (sum, [name, value]) => sum + name.length + (value.S ?? value.N ?? '').length,
    0,
  );

interface StoredPage {
  readonly rows: readonly RowText[];
  readonly bytes: number;
}

function pagesOf(rows: readonly RowText[]): StoredPage[] {
  const pages: { rows: RowText[]; bytes: number }[] = [];
  for (const row of rows) {
    const size = bytesOf(row);
    let page = pages.at(-1);
    if (!page || page.bytes + size > PAGE_BYTES) {
      page = { rows: [], bytes: 0 };
      pages.push(page);
    }
    page.rows.push(row);
    page.bytes += size;
  }
  return pages;
}

const upload = newOpaqueId();
const stored = new Map(
  ledgerPartitions(upload).map((pk) => [pk, pagesOf(rowsOf(pk, items / LEDGER_SHARDS))]),
);
// Texts are made ahead, one for each way to read: what is measured is reading.
const texts = new Map<string, string>();
const textOf = (page: StoredPage, key: string, names: ReadonlySet<string>): string => {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const rows = page.rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name))),
  );
  const text = JSON.stringify(rows);
  texts.set(key, text);
  return text;
};

let units = 0;
let requests = 0;
let onPage = () => {};
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const table: Table = {
  ...openTable('none'),
  async page({ values, ExclusiveStartKey, ConsistentRead, ExpressionAttributeNames }) {
    const pk = String(values[':pk']);
    const index = Number(ExclusiveStartKey?.page?.N ?? 0);
    const pages = stored.get(pk) ?? [];
    const page = pages[index] as StoredPage;
    requests++;
    units += Math.ceil(page.bytes / READ_UNIT_BYTES) * (ConsistentRead ? 1 : 0.5);
    const names = new Set(Object.values(ExpressionAttributeNames ?? {}));
    const text = textOf(page, `${pk} ${index} ${names.size}`, names);
    await sleep(milliseconds);
    const rows = (JSON.parse(text) as RowText[]).map(readItem);
    if (requests % LOOK_EVERY === 0) onPage();
    return { rows, after: index + 1 < pages.length ? { page: { N: String(index + 1) } } : undefined };
  },
};
const ledger = openLedger('none', table);
const row = { createdAt: '', closedAt: '', expected: undefined, token: undefined };
const studies = async (names: readonly string[]) =>
  names.map((study) => ({ study, changeToken: '', patientId: '', ready: true, rollUp: undefined }));

async function measure(name: string, visit: typeof ledger.visit): Promise<void> {
  const look = () => summarizeUpload(upload, row, { visit, studies });
  // Once to make the pages, once for memory, what is live at every so many pages; once for the rest, without collecting.
  await look();
  collect();
  const before = process.memoryUsage().heapUsed;
  let peak = before;
  onPage = () => {
    collect();
    peak = Math.max(peak, process.memoryUsage().heapUsed);
  };
  await look();
  onPage = () => {};
  [units, requests] = [0, 0];
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const { total } = await look();
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  const dollars = units * PRICES.dynamodbRead;
  console.log(
    `${name.padEnd(22)} ${total.toLocaleString('en')} items  ${requests} requests  ${seconds.toFixed(2)} s  ` +
      `${((used.user + used.system) / 1e6).toFixed(2)} s of a processor  ${((peak - before) / 2 ** 20).toFixed(0)} MB live  ` +
      `${units.toLocaleString('en')} read units  $${dollars.toFixed(5)}`,
  );
}

await measure('all, one after another', async (id, onItem) => {
  for await (const item of ledger.items(id)) onItem(item);
});
await measure('sums, all at once', ledger.visit);
