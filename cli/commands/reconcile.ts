/** `filmroom reconcile`: whether ledger, vault, library and index agree, and where they do not. */
import { EXIT, type ExitCode } from '../failure.ts';
import { DIFFERENCES, type DifferenceKind } from '../reconcile/differences.ts';
import type { Reconciled } from '../reconcile/reconcile.ts';
import { printJson, type ReconcileOutput } from '../report/json-output.ts';
import { type ResourceOptions, withResources } from '../stack/resources.ts';
import { columns, plural, printable } from '../terminal/printable.ts';

export interface ReconcileCommandOptions extends ResourceOptions {
  /** Minutes. */
  readonly olderThan: number;
  readonly showPaths?: boolean;
  readonly json?: boolean;
}

/** More differences of a kind than these are counted, not listed. */
const LISTED = 20;

export function reconcileCommand(
  upload: string | undefined,
  options: ReconcileCommandOptions,
): Promise<ExitCode> {
  return withResources(options, async (resources) => {
    const { reconcile } = await import('../reconcile/reconcile.ts');
    const result = await reconcile(resources, {
      upload,
      olderThanMinutes: options.olderThan,
      showPaths: options.showPaths === true,
      now: Date.now(),
    });
    const output = outputOf(upload, options.olderThan, result);
    if (options.json === true) printJson(output);
    else console.log(reconcileLines(output).join('\n'));
    return output.total > 0 ? EXIT.quarantined : EXIT.ok;
  });
}

function outputOf(
  upload: string | undefined,
  olderThanMinutes: number,
  { differences, checked }: Reconciled,
): ReconcileOutput {
  const { counts, named } = differences;
  return {
    upload: upload ?? null,
    olderThanMinutes,
    checked,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
    differences: [...named],
  };
}

/** The lines for a person. */
export function reconcileLines({ checked, total, counts, differences }: ReconcileOutput): string[] {
  const { items, vaultObjects, instances, rows, studies } = checked;
  const lines = [
    `Compared ${plural(items, 'item')}, ${plural(vaultObjects, 'object')} of the vault, ${plural(instances, 'instance')}, ` +
      `${plural(rows, 'row')} of the index, ${plural(studies, 'study', 'studies')}: ` +
      (total === 0 ? 'no difference' : plural(total, 'difference')),
  ];
  for (const [kind, count = 0] of Object.entries(counts)) {
    lines.push('', `${kind} (${count.toLocaleString('en')}): ${DIFFERENCES[kind as DifferenceKind]}`);
    const rows = differences
      .filter((difference) => difference.kind === kind)
      .slice(0, LISTED)
      .map(({ upload, item, studyInstanceUid, sopInstanceUid, step, count: of, path }) =>
        [upload, item, studyInstanceUid, sopInstanceUid, step, of === null ? null : String(of), path]
          .filter((part) => part !== null)
          .map(printable),
      );
    lines.push(...columns(rows));
    if (count > rows.length) lines.push(`  and ${(count - rows.length).toLocaleString('en')} more`);
  }
  return lines;
}
