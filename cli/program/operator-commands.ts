/** The commands of who answers for a stack: reconcile, redrive. */
import { type Command, Option } from 'commander';
import type { ExitCode } from '../failure.ts';
import { dataOption, examples, jsonOption, outputsOption, wholeNumber } from './options.ts';

export function addOperatorCommands(root: Command, done: (code: ExitCode) => void): void {
  root
    .command('reconcile')
    .description('compare ledger, vault, library and index, and name every difference')
    .argument('[upload]', 'one upload and its studies; none: everything')
    .addOption(dataOption())
    .addOption(outputsOption())
    .addOption(
      new Option('--older-than <minutes>', 'leave alone what is younger: it may be on its way')
        .argParser(wholeNumber)
        .default(60),
    )
    .option('--show-paths', 'print paths and keys; they may name patients')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${examples(
        'npx filmroom reconcile',
        'npx filmroom reconcile 06f3k… --older-than 10 --json',
        'npx filmroom reconcile --outputs outputs.json',
      )}\n\nExit codes: 0 no difference, 1 not finished, 2 differences.`,
    )
    .action(async (upload, options) =>
      done(await (await import('../commands/reconcile.ts')).reconcileCommand(upload, options)),
    );

  root
    .command('redrive')
    .description('send quarantined items, or what steps gave up, round again after a fix')
    .option('--reason <reason>', 'items that ended with it')
    .option('--upload <upload>', 'quarantined items of the upload')
    .option('--study <study>', 'quarantined items of the study, by its pseudonymous UID')
    .option('--lost', 'what reconcile finds to be lost, of all uploads or with --upload of one')
    .addOption(
      new Option('--older-than <minutes>', 'with --lost: leave alone what is younger')
        .argParser(wholeNumber)
        .default(60),
    )
    .option('--dead-letters', 'messages that were given up')
    .option('--step <name>', 'with --dead-letters: those of one step')
    .addOption(
      new Option('--limit <number>', 'items or messages at most').argParser(wholeNumber).default(100_000),
    )
    .option('--dry-run', 'only say how many there are')
    .addOption(dataOption())
    .addOption(outputsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'npx filmroom redrive --reason residual-identifier --dry-run',
        'npx filmroom redrive --upload 06f3k… --reason unsupported-transfer-syntax',
        'npx filmroom redrive --lost --dry-run',
        'npx filmroom redrive --dead-letters --step deidentify',
      ),
    )
    .action(async (options) => done(await (await import('../commands/redrive.ts')).redriveCommand(options)));
}
