/** Which rows the index has, without what they hold: for who compares them with what should stand there. */
import { allRows, openTable, type Table } from './table.ts';

/** The row of a study, or of one of its instances. */
export type IndexEntry =
  | { readonly study: string; readonly ready: boolean }
  | { readonly study: string; readonly series: string; readonly instance: string };

const NAMES = ['pk', 'sk', 'changeToken', 'completedToken'];
const PROJECTION = {
  ProjectionExpression: NAMES.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(NAMES.map((name) => [`#${name}`, name])),
};

/** The rows of one study, or of all. */
export async function* indexEntries(
  tableName: string,
  study?: string,
  table: Table = openTable(tableName),
): AsyncGenerator<IndexEntry> {
  const rows =
    study === undefined
      ? table.scan(PROJECTION)
      : allRows(table, {
          KeyConditionExpression: '#pk = :pk',
          ...PROJECTION,
          values: { ':pk': `study#${study}` },
        });
  for await (const row of rows) {
    const uid = (row.text('pk') ?? '').slice('study#'.length);
    const [kind, series, instance, part] = (row.text('sk') ?? '').split('#');
    if (kind === 'study')
      yield { study: uid, ready: row.text('completedToken') === (row.text('changeToken') ?? '') };
    // A long header goes on in further rows.
    else if (series !== undefined && instance !== undefined && part === undefined)
      yield { study: uid, series, instance };
  }
}
