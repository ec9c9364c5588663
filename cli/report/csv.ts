/**
 * The items of a report as CSV by RFC 4180. Paths come from strangers and the file is opened in spreadsheets, which take what
 * begins like a formula for one: such a value is put behind an apostrophe.
 */
import type { IngestReport } from './json-output.ts';

const COLUMNS = [
  'path',
  'state',
  'reason',
  'where',
  'modality',
  'studyInstanceUid',
  'sopInstanceUid',
  'size',
  'receivedAt',
  'endedAt',
] as const;

/** The lines of the table, each with its end. */
export function* csvLines({ items, missing }: Pick<IngestReport, 'items' | 'missing'>): Generator<string> {
  yield record(COLUMNS);
  for (const item of items) yield record(COLUMNS.map((column) => item[column] ?? ''));
  // What did not come has a line, too, so that a sum over the file says so.
  for (const { path } of missing.files.filter(({ why }) => why === 'missing'))
    yield record([path, 'missing', ...COLUMNS.slice(2).map(() => '')]);
}

function record(values: readonly (string | number)[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

/** What a spreadsheet would run: signs that begin a formula, also behind white space that it leaves out. */
const FORMULA = /^\s*[=+\-@]|^[\t\r\n]/;

/** One value, quoted where it must be. */
export function field(value: string | number): string {
  const text = String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
