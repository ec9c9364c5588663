/** A DynamoDB table with string keys `pk` and `sk`: single conditional writes, batches of unconditional ones, pages. */

import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { type ItemReader, type Row, readItem, toItem } from './attributes.ts';
import { dynamodb } from './clients.ts';
import { isConditionFailed } from './errors.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** DynamoDB takes 25 rows and returns 100 in one request. */
const WRITE_BATCH = 25;
const READ_BATCH = 100;
/** A batch that is still not written after this many tries is delivered again as a whole. */
const TRIES = 8;

export interface Page {
  readonly rows: readonly ItemReader[];
  /** The key of the last row that was looked at; undefined at the end. */
  readonly after: Record<string, AttributeValue> | undefined;
}

export interface Table {
  /** With `attributes` these alone. */
  get(key: Key, attributes?: readonly string[]): Promise<ItemReader | undefined>;
  /** In no order; a missing row is left out. */
  getAll(keys: readonly Key[]): Promise<ItemReader[]>;
  /** Writes rows whether or not they stood there. */
  putAll(rows: readonly Row[]): Promise<void>;
  /** Removes rows; one that is not there is none to remove. */
  deleteAll(keys: readonly Key[]): Promise<void>;
  /** Writes a row that must not stand there yet; false where it does. */
  putNew(row: Row): Promise<boolean>;
  /** Runs an update; undefined where its condition does not hold, else the attributes it was told to return. */
  update(
    key: Key,
    update: Omit<UpdateItemCommandInput, 'TableName' | 'Key' | 'ExpressionAttributeValues'> & {
      values?: Row;
    },
  ): Promise<ItemReader | undefined>;
  page(
    query: Omit<QueryCommandInput, 'TableName' | 'ExpressionAttributeValues'> & { values: Row },
  ): Promise<Page>;
  /** Every row of the table, a partition at a time and each in the order of its sort keys. */
  scan(scan: Omit<ScanCommandInput, 'TableName' | 'ExclusiveStartKey'>): AsyncIterable<ItemReader>;
}

/** The rows of a table. */
export function openTable(name: string): Table {
  return {
    async get({ pk, sk }, attributes) {
      const output = await dynamodb().send(
        new GetItemCommand({
          TableName: name,
          Key: toItem({ pk, sk }),
          ConsistentRead: true,
          ...(attributes ? { ProjectionExpression: attributes.join(', ') } : {}),
        }),
      );
      return output.Item && readItem(output.Item);
    },

    async getAll(keys) {
      const found: ItemReader[] = [];
      let left = keys.map(({ pk, sk }) => toItem({ pk, sk }));
      for (let attempt = 0; left.length > 0; attempt++) {
        await pause(attempt);
        const Keys = left.slice(0, READ_BATCH);
        const output = await dynamodb().send(
          new BatchGetItemCommand({ RequestItems: { [name]: { Keys, ConsistentRead: true } } }),
        );
        found.push(...(output.Responses?.[name] ?? []).map(readItem));
        const unread = output.UnprocessedKeys?.[name]?.Keys ?? [];
        if (unread.length < Keys.length) attempt = -1;
        left = [...unread, ...left.slice(READ_BATCH)];
      }
      return found;
    },

    async putAll(rows) {
      // One request may not name a key twice: of several rows of one key the last is written, as one after the other would.
      const distinct = new Map(rows.map((row) => [`${row.pk}\0${row.sk}`, row]));
      await writeAll(
        name,
        [...distinct.values()].map((row) => ({ PutRequest: { Item: toItem(row) } })),
      );
    },

    deleteAll: (keys) =>
      writeAll(
        name,
        keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: toItem({ pk, sk }) } })),
      ),

    async putNew(row) {
      try {
        await dynamodb().send(
          new PutItemCommand({
            TableName: name,
            Item: toItem(row),
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return true;
      } catch (error) {
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },

    async update({ pk, sk }, { values, ...update }) {
      try {
        const output = await dynamodb().send(
          new UpdateItemCommand({
            TableName: name,
            Key: toItem({ pk, sk }),
            ...update,
            ...(values ? { ExpressionAttributeValues: toItem(values) } : {}),
          }),
        );
        return readItem(output.Attributes ?? {});
      } catch (error) {
        if (isConditionFailed(error)) return undefined;
        throw error;
      }
    },

    async page({ values, ...query }) {
      const output = await dynamodb().send(
        new QueryCommand({ TableName: name, ...query, ExpressionAttributeValues: toItem(values) }),
      );
      return { rows: (output.Items ?? []).map(readItem), after: output.LastEvaluatedKey };
    },

    async *scan(scan) {
      let after: Page['after'];
      do {
        const output = await dynamodb().send(
          new ScanCommand({ TableName: name, ...scan, ...(after ? { ExclusiveStartKey: after } : {}) }),
        );
        yield* (output.Items ?? []).map(readItem);
        after = output.LastEvaluatedKey;
      } while (after);
    },
  };
}

/** Every row of a query, page after page. */
export async function* allRows(
  table: Pick<Table, 'page'>,
  query: Parameters<Table['page']>[0],
): AsyncGenerator<ItemReader> {
  let after: Page['after'];
  do {
    const page = await table.page({ ...query, ...(after ? { ExclusiveStartKey: after } : {}) });
    yield* page.rows;
    after = page.after;
  } while (after);
}

async function writeAll(name: string, requests: readonly WriteRequest[]): Promise<void> {
  let left = requests;
  for (let attempt = 0; left.length > 0; attempt++) {
    await pause(attempt);
    const batch = left.slice(0, WRITE_BATCH);
    const output = await dynamodb().send(new BatchWriteItemCommand({ RequestItems: { [name]: batch } }));
    const unwritten = output.UnprocessedItems?.[name] ?? [];
    if (unwritten.length < batch.length) attempt = -1;
    left = [...unwritten, ...left.slice(WRITE_BATCH)];
  }
}

async function pause(attempt: number): Promise<void> {
  if (attempt >= TRIES) throw new Error('DynamoDB left a batch undone');
  if (attempt > 0) await delay(25 * 2 ** attempt * (0.5 + Math.random() / 2));
}
