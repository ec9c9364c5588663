/** `filmroom deidentify`: files in, de-identified files out, with no cloud and no server. */
import { writeFile } from 'node:fs/promises';
import { keyedPseudonyms, type PixelPolicy, type Policy, profileOf } from '../../shared/deid/index.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { openPolicy, readIdentifiers } from '../offline/deid-policy.ts';
import { deidentifyFile } from '../offline/deidentify-file.ts';
import { planWork } from '../offline/in-and-out.ts';
import { readSecret } from '../offline/pseudonym-secret.ts';
import { type DeidentifyReport, printJson } from '../report/json-output.ts';
import { reasonRows, section } from '../report/print-report.ts';
import { columns, plural, printable } from '../terminal/printable.ts';
import { startProgress } from '../terminal/progress.ts';

export interface DeidentifyOptions {
  readonly secretFile?: string;
  /** The name of a shipped policy, or a file. */
  readonly policy: string;
  /** A file of identifiers to search for, one on a line. */
  readonly identifiers?: string;
  /** In place of the policy's. */
  readonly pixels?: PixelPolicy;
  readonly plan?: boolean;
  /** A file for the report with every plan. */
  readonly report?: string;
  readonly json?: boolean;
}

type Item = DeidentifyReport['items'][number];

export async function deidentify(
  input: string,
  output: string,
  options: DeidentifyOptions,
): Promise<ExitCode> {
  const progress = startProgress(process.stderr);
  const works = await planWork(input, output);
  const secret = await readSecret(options.secretFile, progress.note);
  const chosen = await openPolicy(options.policy);
  const policy = options.pixels === undefined ? chosen : { ...chosen, pixels: options.pixels };
  const profile = profileOf(policy, {
    pseudonyms: keyedPseudonyms(secret),
    extraIdentifiers: options.identifiers === undefined ? [] : await readIdentifiers(options.identifiers),
  });
  const items: Item[] = [];
  for (const work of works) {
    const { operations, ...outcome } = await deidentifyFile(work, profile);
    const item = { path: work.path, ...outcome };
    const withPlan = options.plan === true || options.report !== undefined;
    items.push(withPlan ? { ...item, plan: [...operations] } : item);
    progress.update([{ name: 'de-identified', done: items.length, total: works.length }]);
  }
  progress.end();
  if (options.report !== undefined)
    await writeFile(options.report, `${JSON.stringify(sumUp(policy, items), null, 2)}\n`);
  const report = sumUp(policy, options.plan === true ? items : items.map(({ plan: _, ...item }) => item));
  if (options.json === true) printJson(report);
  else console.log(reportLines(report).join('\n'));
  return report.states.quarantined > 0 ? EXIT.quarantined : EXIT.ok;
}

function sumUp({ name, version }: Policy, items: Item[]): DeidentifyReport {
  const states = { deidentified: 0, quarantined: 0, ignored: 0 };
  const reasons: Record<string, number> = {};
  for (const { state, reason } of items) {
    states[state] += 1;
    if (reason !== null) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return { policy: { name, version }, total: items.length, states, reasons, items };
}

function reportLines({ policy, total, states, reasons, items }: DeidentifyReport): string[] {
  return [
    ...items.flatMap(planLines),
    `${plural(total, 'file')}, policy ${policy.name} ${policy.version}`,
    ...columns(Object.entries(states).map(([state, count]) => [state, String(count)])),
    ...section('Reasons', reasonRows(reasons)),
    ...section(
      'Not written',
      items
        .filter(({ state }) => state === 'quarantined')
        .map(({ path, reason, where }) => [printable(path), reason ?? '', where ?? '']),
    ),
  ];
}

function planLines({ path, plan }: Item): string[] {
  if (plan === undefined) return [];
  return [
    printable(path),
    ...columns(plan.map((operation) => [operation.action, operation.path, operation.why])),
    '',
  ];
}
