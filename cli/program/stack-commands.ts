/** The commands around a stack: ingest, report, local, staff. */
import type { Command } from 'commander';
import type { ExitCode } from '../failure.ts';
import { dataOption, EXIT_CODES, examples, jsonOption, portOption } from './options.ts';

export function addStackCommands(root: Command, done: (code: ExitCode) => void): void {
  root
    .command('ingest')
    .description(
      'upload files and folders, follow them to the end, print the report and a link for each study',
    )
    .argument('[path...]', 'files, folders or ZIP archives; none: the sample study')
    .addOption(dataOption())
    .addOption(portOption())
    .option('--keep', 'keep serving the links until Ctrl-C')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${examples(
        'npx filmroom ingest ct.zip',
        'npx filmroom ingest --data /tmp/try scans/ --json > report.json',
        'npm start -- scans/                          the same as filmroom ingest --keep scans/',
      )}\n\nA stack that already runs on the data directory is joined.${EXIT_CODES}`,
    )
    .action(async (paths, options) =>
      done(await (await import('../commands/ingest.ts')).ingest(paths, options)),
    );

  root
    .command('report')
    .description('print what became of every file of an upload')
    .argument('<upload>', 'the id that ingest printed')
    .addOption(dataOption())
    .option('--csv <file>', 'write a line for each file, for a spreadsheet')
    .option('--html <file>', 'write a page to read or print')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'npx filmroom report 06f3k… --json',
        'npx filmroom report 06f3k… --html report.html --csv report.csv',
      ) + EXIT_CODES,
    )
    .action(async (upload, options) =>
      done(await (await import('../commands/report.ts')).report(upload, options)),
    );

  root
    .command('local')
    .description('run the stack on this machine until Ctrl-C, from the template that would be deployed')
    .addOption(dataOption())
    .addOption(portOption())
    .option('--iam', 'at the end, print the permissions of each function that were granted and never used')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('npx filmroom local', 'npx filmroom local --iam', 'npx filmroom local --data /tmp/try'),
    )
    .action(async (options) => done(await (await import('../commands/local.ts')).local(options)));

  root
    .command('staff')
    .description('ways in to the staff page of a stack on this machine')
    .command('sign-in')
    .description('make a user of the local user pool, with a password that signs in once')
    .option('--roles <list>', 'upload, read, share, identify, administer, by commas; none: all')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('npx filmroom staff sign-in', 'npx filmroom staff sign-in --roles read,share'),
    )
    .action(async (options) => done(await (await import('../commands/staff.ts')).signIn(options)));
}
