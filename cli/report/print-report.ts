/** The report of an upload for a person. */
import type { MissingFile } from '../../shared/contract/report.ts';
import { REASONS } from '../../shared/errors.ts';
import { DIFFERENCES } from '../reconcile/differences.ts';
import { columns, duration, plural, printable } from '../terminal/printable.ts';
import type { IngestReport } from './json-output.ts';

/** More files than this are counted, not listed. */
const LISTED = 60;

/** What a reason means; the reasons of `shared/errors.ts` and the one of a duplicate. */
export function meaningOf(reason: string): string {
  if (reason === 'same-bytes') return 'the same bytes were there already';
  if (reason in DIFFERENCES) return DIFFERENCES[reason as keyof typeof DIFFERENCES];
  return reason in REASONS ? REASONS[reason as keyof typeof REASONS].meaning : '';
}

/** The lines of the report. */
export function reportLines(report: IngestReport): string[] {
  return [
    `Upload ${report.upload}: ${plural(report.total, 'file')}`,
    ...columns(
      [
        ...Object.entries(report.states).map(([state, count]) => [state, String(count)]),
        ...(report.pending > 0 ? [['pending', String(report.pending)]] : []),
      ],
      '  ',
    ),
    ...section('Reasons', reasonRows(report.reasons)),
    ...section('Modalities', modalityRows(report.modalities)),
    ...section('Missing', missingRows(report)),
    ...section('Quarantined', itemRows(report, 'quarantined')),
    ...section('Still on their way', itemRows(report, 'pending')),
    ...section(
      'Archives',
      report.archives.map(({ path, entries }) => [printable(path), plural(entries, 'entry', 'entries')]),
    ),
    ...studyLines(report),
    ...rateLines(report),
  ];
}

/** Reason, count and meaning, the most frequent first. */
export function reasonRows(reasons: Readonly<Record<string, number>>): string[][] {
  return Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => [reason, String(count), meaningOf(reason)]);
}

/** Modality and instances, the most frequent first. */
export function modalityRows(modalities: Readonly<Record<string, number>>): string[][] {
  return Object.entries(modalities)
    .sort(([, a], [, b]) => b - a)
    .map(([modality, count]) => [modality === '' ? '(none)' : modality, String(count)]);
}

/** What a missing file is said to be. */
export function missingText({ why, directory }: MissingFile): string {
  const by = directory === null ? 'the manifest' : printable(directory);
  return why === 'size' ? `has another size than ${by} says` : `named by ${by}, did not come`;
}

function missingRows({ missing }: IngestReport): string[][] {
  const { files, otherSize, unreadable } = missing;
  const rows = files.slice(0, LISTED).map((file) => [printable(file.path), missingText(file)]);
  const more = missing.missing + otherSize - rows.length;
  return [
    ...rows,
    ...(more > 0 ? [[`and ${more} more: --json lists a thousand`]] : []),
    ...(unreadable > 0 ? [[`${plural(unreadable, 'list')} of what should come cannot be read`]] : []),
  ];
}

export function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...columns(rows)];
}

function itemRows(report: IngestReport, state: 'quarantined' | 'pending'): string[][] {
  const items = report.items.filter((item) => item.state === state);
  const rows = items
    .slice(0, LISTED)
    .map(({ path, reason, where }) => [printable(path), reason ?? '', where ?? '']);
  return items.length > LISTED ? [...rows, [`and ${items.length - LISTED} more: --json lists all`]] : rows;
}

function studyLines(report: IngestReport): string[] {
  if (report.studies.length === 0) return [];
  const lines = report.studies.flatMap((study) => {
    const size = `${plural(study.series, 'series', 'series')}, ${plural(study.instances, 'instance')}`;
    const state = study.ready ? '' : ' (not ready yet)';
    return [`  ${study.patientId}  ${size}${state}`, ...(study.link === null ? [] : [`    ${study.link}`])];
  });
  return ['', 'Studies', ...lines];
}

function rateLines({ rates, states }: IngestReport): string[] {
  if (rates.seconds === null || rates.instancesPerSecond === null) return [];
  const instances = states.indexed + states.duplicate;
  return [
    '',
    `${plural(instances, 'instance')} in ${duration(rates.seconds)}: ${rates.instancesPerSecond} a second`,
  ];
}
