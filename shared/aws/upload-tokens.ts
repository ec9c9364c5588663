/**
 * The tokens that let a hospital upload without an account: kept in the ledger, since their labels name senders, by the
 * hash of their secret alone. A second row lists them, because a table finds only what it is asked for by key.
 */
import type { ItemReader } from './attributes.ts';
import { allRows, openTable, type Table } from './table.ts';

export interface UploadToken {
  readonly token: string;
  readonly label: string | undefined;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | undefined;
  readonly maximumBytes: number | undefined;
  /** Bytes that addresses were handed out for. */
  readonly signedBytes: number;
}

export interface UploadTokens {
  create(hash: string, token: Omit<UploadToken, 'revokedAt' | 'signedBytes'>): Promise<void>;
  find(hash: string): Promise<UploadToken | undefined>;
  all(): AsyncIterable<UploadToken>;
  /** False where there is no such token. */
  revoke(token: string, at: string): Promise<boolean>;
  /** Counts bytes against the token; false where they would be more than it may send. */
  spend(hash: string, bytes: number, maximum: number | undefined): Promise<boolean>;
}

const LIST = 'tokens';
const keyOf = (hash: string) => ({ pk: `token#${hash}`, sk: 'token' });

/** The tokens in the table of that name. */
export function openUploadTokens(tableName: string, table: Table = openTable(tableName)): UploadTokens {
  return {
    create: (hash, row) =>
      table.putAll([
        { ...keyOf(hash), ...row, signedBytes: 0 },
        { pk: LIST, sk: row.token, hash },
      ]),

    async find(hash) {
      const row = await table.get(keyOf(hash));
      return row && tokenOf(row);
    },

    async *all() {
      const listed = allRows(table, { KeyConditionExpression: 'pk = :pk', values: { ':pk': LIST } });
      for await (const entry of listed) {
        const row = await table.get(keyOf(entry.text('hash') ?? ''));
        if (row) yield tokenOf(row);
      }
    },

    async revoke(token, at) {
      const hash = (await table.get({ pk: LIST, sk: token }))?.text('hash');
      if (hash === undefined) return false;
      const updated = await table.update(keyOf(hash), {
        UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :at)',
        ConditionExpression: 'attribute_exists(pk)',
        values: { ':at': at },
      });
      return updated !== undefined;
    },

    async spend(hash, bytes, maximum) {
      const isBounded = maximum !== undefined;
      const updated = await table.update(keyOf(hash), {
        UpdateExpression: 'ADD signedBytes :bytes',
        // A condition cannot add: what may stand there before is told instead.
        ConditionExpression: isBounded
          ? 'attribute_exists(pk) AND signedBytes <= :before'
          : 'attribute_exists(pk)',
        values: { ':bytes': bytes, ...(isBounded ? { ':before': maximum - bytes } : {}) },
      });
      return updated !== undefined;
    },
  };
}

function tokenOf(row: ItemReader): UploadToken {
  return {
    token: row.text('token') ?? '',
    label: row.text('label'),
    createdAt: row.text('createdAt') ?? '',
    expiresAt: row.text('expiresAt') ?? '',
    revokedAt: row.text('revokedAt'),
    maximumBytes: row.number('maximumBytes'),
    signedBytes: row.number('signedBytes') ?? 0,
  };
}
