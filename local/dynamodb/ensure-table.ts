/**
 * Makes a table as the template declares it. One that exists keeps its items: when only its secondary indexes differ, the
 * items are written out, the table is made again and they are read back, and a process killed in between starts over
 * from the file. Another primary key is another table, as CloudFormation replaces it.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { TableStore } from './table-store.ts';

/** The input of `CreateTable`, as far as it matters here. */
export interface TableDefinition {
  readonly TableName: string;
  readonly KeySchema: unknown;
  readonly AttributeDefinitions: unknown;
  readonly GlobalSecondaryIndexes?: readonly unknown[];
  readonly LocalSecondaryIndexes?: readonly unknown[];
}

interface Index {
  readonly IndexName: string;
  readonly KeySchema: unknown;
  readonly Projection: unknown;
}
interface Description {
  readonly TableStatus: string;
  readonly GlobalSecondaryIndexes?: readonly Index[];
}

/** Items a batch may write (the quota of BatchWriteItem). */
const BATCH = 25;

/** Creates the table, keeps it, or gives it other secondary indexes. */
export async function ensureTable(store: TableStore, table: TableDefinition, dir: string): Promise<void> {
  const kept = join(dir, `${table.TableName}.items`);
  const existing = await describe(store, table.TableName);
  const isUsable = existing?.TableStatus === 'ACTIVE';
  if (await exists(kept)) {
    if (existing !== undefined) await perform(store, 'DeleteTable', { TableName: table.TableName });
  } else if (existing !== undefined) {
    if (isUsable && indexesOf(existing.GlobalSecondaryIndexes) === indexesOf(table.GlobalSecondaryIndexes))
      return;
    if (isUsable) await writeOut(store, table.TableName, kept);
    // A table caught while it was being created has no items yet.
    await perform(store, 'DeleteTable', { TableName: table.TableName });
  }
  await create(store, table);
  if (await exists(kept)) {
    await readBack(store, table.TableName, kept);
    await rm(kept);
  }
}

async function create(store: TableStore, table: TableDefinition): Promise<void> {
  await until(async () => (await describe(store, table.TableName)) === undefined);
  await perform(store, 'CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' });
  await until(async () => (await describe(store, table.TableName))?.TableStatus === 'ACTIVE');
}

async function writeOut(store: TableStore, table: string, file: string): Promise<void> {
  const out = createWriteStream(`${file}.new`);
  let from: unknown;
  do {
    const page = (await perform(store, 'Scan', {
      TableName: table,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    })) as { Items: unknown[]; LastEvaluatedKey?: unknown };
    for (const item of page.Items) {
      if (!out.write(`${JSON.stringify(item)}\n`)) await once(out, 'drain');
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  out.end();
  await finished(out);
  await rename(`${file}.new`, file);
}

async function readBack(store: TableStore, table: string, file: string): Promise<void> {
  let batch: unknown[] = [];
  const flush = async () => {
    if (batch.length > 0) await perform(store, 'BatchWriteItem', { RequestItems: { [table]: batch } });
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    batch.push({ PutRequest: { Item: JSON.parse(line) as unknown } });
    if (batch.length === BATCH) await flush();
  }
  await flush();
}

function indexesOf(indexes: readonly unknown[] | undefined): string {
  const told = ((indexes ?? []) as Index[]).map(({ IndexName, KeySchema, Projection }) =>
    JSON.stringify([IndexName, KeySchema, Projection]),
  );
  return told.sort().join('\n');
}

async function describe(store: TableStore, name: string): Promise<Description | undefined> {
  const { status, body } = await store.ask('DescribeTable', JSON.stringify({ TableName: name }));
  return status === 200 ? (JSON.parse(body) as { Table: Description }).Table : undefined;
}

async function perform(store: TableStore, action: string, input: unknown): Promise<unknown> {
  const { status, body } = await store.ask(action, JSON.stringify(input));
  if (status !== 200) throw new Error(`${action} of the local DynamoDB failed: ${body}`);
  return JSON.parse(body);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
