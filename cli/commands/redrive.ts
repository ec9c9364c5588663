/** `filmroom redrive`: sends refused items, or what steps gave up, round again after a fix. */
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { printJson, type RedriveOutput } from '../report/json-output.ts';
import { reasonRows } from '../report/print-report.ts';
import { type ResourceOptions, withResources } from '../stack/resources.ts';
import { columns, plural } from '../terminal/printable.ts';

export interface RedriveCommandOptions extends ResourceOptions {
  readonly reason?: string;
  readonly upload?: string;
  readonly study?: string;
  /** What reconcile finds to be lost. */
  readonly lost?: boolean;
  /** Minutes, with `lost`. */
  readonly olderThan: number;
  readonly deadLetters?: boolean;
  readonly step?: string;
  readonly limit: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function redriveCommand(options: RedriveCommandOptions): Promise<ExitCode> {
  const { reason, upload, study, step, limit } = options;
  const deadLetters = options.deadLetters === true;
  const lost = options.lost === true;
  const bySelection = reason !== undefined || study !== undefined || (upload !== undefined && !lost);
  if ([bySelection, deadLetters, lost].filter(Boolean).length !== 1)
    throw new Failure('say --dead-letters, --lost, or which items: --reason, --upload or --study');
  if (step !== undefined && !deadLetters) throw new Failure('--step is for --dead-letters');
  const dryRun = options.dryRun === true;
  return withResources(options, async (resources) => {
    const output: RedriveOutput = { dryRun, items: 0, reasons: {}, sent: 0, gone: 0, deadLetters: {} };
    if (deadLetters) {
      const { redriveDeadLetters } = await import('../redrive/dead-letters.ts');
      output.deadLetters = await redriveDeadLetters(resources, { step, dryRun, limit });
    } else if (lost) {
      const { redriveLost } = await import('../redrive/lost.ts');
      const wanted = { upload, olderThanMinutes: options.olderThan, dryRun, limit, now: Date.now() };
      Object.assign(output, await redriveLost(resources, wanted));
    } else {
      const { redrive } = await import('../redrive/redrive.ts');
      const selection = {
        ...(reason === undefined ? {} : { reason }),
        ...(upload === undefined ? {} : { upload }),
        ...(study === undefined ? {} : { study }),
      };
      Object.assign(output, await redrive(resources, { ...selection, dryRun, limit }));
    }
    if (options.json === true) printJson(output);
    else console.log(redriveLines(output).join('\n'));
    return EXIT.ok;
  });
}

/** The lines for a person. */
export function redriveLines({ dryRun, items, reasons, sent, gone, deadLetters }: RedriveOutput): string[] {
  const steps = Object.entries(deadLetters);
  if (items === 0 && steps.length === 0) return ['Nothing to send round again'];
  const were = dryRun ? 'would be' : 'were';
  return [
    ...(items > 0
      ? [`${plural(items, 'item')} ${were} sent round again`, ...columns(reasonRows(reasons))]
      : []),
    ...(!dryRun && items > 0 ? [`${plural(sent, 'message')} to parse`] : []),
    ...(gone > 0
      ? [`${plural(gone, 'item')} left as they were: their bytes are not in the vault any more`]
      : []),
    ...steps.map(([step, count]) => `${plural(count, 'message')} of ${step} ${were} sent back to its queue`),
  ];
}
