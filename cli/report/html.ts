/** The report as one page: no script, nothing that is loaded from elsewhere, fit to be printed. */
import type { IngestReport } from './json-output.ts';
import { meaningOf, missingText } from './print-report.ts';
import { REPORT_STYLE } from './report-style.ts';

/** Files of a list that the page names; all of them stand in the CSV. */
const LISTED = 500;

type Cell = string | number;

/** They have a colour each. */
const STATES = { indexed: 1, duplicate: 1, ignored: 1, quarantined: 1, pending: 1 };
const UID = /^[0-9.]{20,64}$|^P[A-Z2-7]{16}$/;

/** The page. */
export function reportPage(report: IngestReport, now: Date): string {
  const { states, pending, total } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Filmroom: upload ${escaped(report.upload)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header>
<p>Filmroom · report of an upload</p>
<h1>${verdict(report)}</h1>
<p><code>${escaped(report.upload)}</code> · as of ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
</header>
<main>
${bar({ ...states, pending }, total)}
<div class="tables">
${table('By state', ['State', 'Files'], [...Object.entries(states), ...some('pending', pending)], total)}
${table('By modality', ['Modality', 'Instances'], byCount(report.modalities, '(none)'), states.indexed + states.duplicate)}
</div>
${table(
  'By reason',
  ['Reason', 'Meaning', 'Files'],
  byCount(report.reasons).map(([reason, count]) => [reason, meaningOf(reason), count]),
  sum(Object.values(report.reasons)),
)}
${table(
  'By study',
  ['Patient', 'Study Instance UID', 'Indexed', 'Duplicates', 'Quarantined', 'In the library', ''],
  report.studies.map((study) => [
    study.patientId,
    study.studyInstanceUid,
    study.items.indexed,
    study.items.duplicate,
    study.items.quarantined,
    study.instances,
    study.ready ? 'ready' : 'not ready yet',
  ]),
)}
${missing(report)}
${files('Quarantined', report, 'quarantined')}
${files('Still on their way', report, 'pending')}
${table(
  'Archives',
  ['Archive', 'Entries'],
  report.archives.map(({ path, entries }) => [path, entries]),
)}
${files('Duplicates', report, 'duplicate')}
${files('Ignored', report, 'ignored')}
</main>
<footer>Patients and studies are named by pseudonyms. Paths are as they were sent and may name patients: keep this page where
the originals may be seen.</footer>
</body>
</html>
`;
}

function verdict({ total, pending, states, missing }: IngestReport): string {
  const count = (number: number, what: string) => `${number.toLocaleString('en')} ${what}`;
  const parts = [
    ...(pending > 0 ? [count(pending, 'on their way')] : []),
    ...(missing.missing > 0 ? [count(missing.missing, 'missing')] : []),
    ...(states.quarantined > 0 ? [count(states.quarantined, 'quarantined')] : []),
  ];
  const files = count(total, total === 1 ? 'file' : 'files');
  return parts.length === 0 ? `${files}, all accounted for` : `${files}: ${parts.join(', ')}`;
}

function bar(states: Readonly<Record<string, number>>, total: number): string {
  if (total === 0) return '';
  const parts = Object.entries(states)
    .filter(([, count]) => count > 0)
    .map(
      ([state, count]) =>
        `<span class="${state}" style="flex-grow:${count}" title="${state}: ${count}"></span>`,
    );
  return `<div class="bar" role="img" aria-label="${escaped(JSON.stringify(states).replace(/[{}"]/g, ''))}">${parts.join('')}</div>`;
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  total?: number,
): string {
  const [first] = rows;
  if (first === undefined) return '';
  const isNumber = (column: number) => typeof first[column] === 'number';
  const headCells = head.map(
    (name, column) => `<th${isNumber(column) ? ' class="number"' : ''}>${escaped(name)}</th>`,
  );
  const row = (cells: readonly Cell[]) => `<tr>${cells.map(cellOf).join('')}</tr>`;
  const foot =
    total === undefined ? '' : `<tfoot>${row(['Sum', ...head.slice(2).map(() => ''), total])}</tfoot>`;
  const body = rows.map(row).join('\n');
  return `<section><h2>${escaped(title)}</h2><div class="wide"><table><thead><tr>${headCells.join('')}</tr></thead>
<tbody>${body}</tbody>${foot}</table></div></section>`;
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'number') return `<td class="number">${cell.toLocaleString('en')}</td>`;
  if (cell in STATES) return `<td><i class="${cell}"></i>${cell}</td>`;
  return `<td${UID.test(cell) ? ' class="uid"' : ''}>${escaped(cell)}</td>`;
}

function files(title: string, report: IngestReport, state: IngestReport['items'][number]['state']): string {
  const items = report.items.filter((item) => item.state === state);
  const rows = items.slice(0, LISTED).map(({ path, reason, where }) => [path, reason ?? '', where ?? '']);
  const head = ['File', 'Reason', 'Where'];
  return table(`${title} (${items.length.toLocaleString('en')})`, head, [...rows, ...more(items.length)]);
}

function missing({ missing: { files, missing, otherSize, unreadable } }: IngestReport): string {
  const rows = files.slice(0, LISTED).map((file) => [file.path, missingText(file)]);
  const left = unreadable > 0 ? [[`${unreadable} of the lists of what should come cannot be read`, '']] : [];
  return table(
    `Missing (${missing + otherSize})`,
    ['File', ''],
    [...rows, ...more(missing + otherSize), ...left],
  );
}

function more(count: number): Cell[][] {
  return count > LISTED ? [[`and ${(count - LISTED).toLocaleString('en')} more`, '', '']] : [];
}

function some(name: string, count: number): [string, number][] {
  return count > 0 ? [[name, count]] : [];
}

function byCount(counts: Readonly<Record<string, number>>, nameless = ''): [string, number][] {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name === '' ? nameless : name, count]);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

/** Text as it stands in a page; what would turn the direction of the line or hide in it is written out. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
