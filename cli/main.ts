/** The `filmroom` command line: parses arguments, loads the one command that was asked for, turns failures into exit codes. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT, type ExitCode, Failure } from './failure.ts';
import { DEFAULT_DATA } from './stack/project.ts';

const EXIT_CODES = `
Exit codes:
  0  all well
  1  wrong usage, or the work could not be finished
  2  finished, but some files are quarantined`;

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new InvalidArgumentError('not a port');
  return number;
}

const dataOption = () =>
  new Option('--data <dir>', 'where the stack keeps everything').default(DEFAULT_DATA, '.filmroom/data');
const jsonOption = () =>
  new Option('--json', 'print the result as JSON on standard output, and nothing else there');
const portOption = () => new Option('--port <number>', 'port of the link page').argParser(port);

/** Builds the program; `done` hears the exit code of the command that ran. */
function program(done: (code: ExitCode) => void): Command {
  const root = new Command('filmroom')
    .description(
      'Uploaded DICOM archives become de-identified, previewed, searchable studies behind a signed link.\n' +
        'Everything here runs on this machine; the stack is the one that `npx cdk deploy` installs.',
    )
    .showHelpAfterError('(--help tells how)')
    .exitOverride();
  root.addHelpText(
    'after',
    `${examples(
      'npx filmroom ingest                          the sample study: report and link',
      'npx filmroom ingest archive.zip folder/      the same with files of your own',
      'npx filmroom ingest --keep scans/            keep serving the link until Ctrl-C',
      'npx filmroom deidentify scans/ clean/        no server at all',
      'npx filmroom dump image.dcm                  look into a file',
    )}\n${EXIT_CODES}`,
  );
  addStackCommands(root, done);
  addLinkCommands(root, done);
  addOfflineCommands(root, done);
  return root;
}

function addStackCommands(root: Command, done: (code: ExitCode) => void): void {
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
      done(await (await import('./commands/ingest.ts')).ingest(paths, options)),
    );

  root
    .command('report')
    .description('print what became of every file of an upload')
    .argument('<upload>', 'the id that ingest printed')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('npx filmroom report 06f3k… --json') + EXIT_CODES)
    .action(async (upload, options) =>
      done(await (await import('./commands/report.ts')).report(upload, options)),
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
    .action(async (options) => done(await (await import('./commands/local.ts')).local(options)));
}

function addLinkCommands(root: Command, done: (code: ExitCode) => void): void {
  const link = root.command('link').description('make, list and revoke the links of a study');
  const load = () => import('./commands/link.ts');
  link
    .command('create')
    .description('make a link to a study; its address is shown once')
    .argument('<study>', 'the Study Instance UID that the report shows')
    .option('--expires <time>', 'how long it opens: 30m, 12h, 7d, 2w')
    .option('--passcode <text>', 'who opens it must know this; send it by another way')
    .option('--note <text>', 'why or for whom: kept for the audit, not shown')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('npx filmroom link create 2.25.1234 --expires 7d --passcode 4711'))
    .action(async (study, { expires, ...options }) => {
      const { createLink, parseExpiry } = await load();
      const seconds = expires === undefined ? {} : { expires: parseExpiry(expires) };
      done(await createLink(study, { ...options, ...seconds }));
    });
  link
    .command('list')
    .description('list the links of a study, or of all')
    .argument('[study]', 'the Study Instance UID')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (study, options) => done(await (await load()).listLinks(study, options)));
  link
    .command('revoke')
    .description('close a link for good, at once')
    .argument('<link>', 'the id that create and list show')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (id, options) => done(await (await load()).revokeLink(id, options)));
}

function addOfflineCommands(root: Command, done: (code: ExitCode) => void): void {
  root
    .command('deidentify')
    .description(
      'de-identify a file or a folder into another, with no cloud; relative paths stay as they are',
    )
    .argument('<in>', 'a file or a folder')
    .argument('<out>', 'a file or a folder; it may not lie in <in>')
    .option(
      '--secret-file <file>',
      'the secret for pseudonyms (or FILMROOM_PSEUDONYM_SECRET); made and kept otherwise',
    )
    .option(
      '--policy <name|file>',
      'share, research, strict, or a JSON file; none: the Basic Profile without options',
    )
    .option('--identifiers <file>', 'search for these too: names and numbers, one on a line')
    .option('--plan', 'print what was done to each attribute, without values')
    .option('--report <file>', 'write the report with every plan to a file, as JSON')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${examples(
        'npx filmroom deidentify scan.dcm clean.dcm --plan',
        'npx filmroom deidentify scans/ clean/ --policy research --report report.json',
      )}\n\nFile and folder names are kept: where they name patients, rename them first.${EXIT_CODES}`,
    )
    .action(async (from, to, options) =>
      done(await (await import('./commands/deidentify.ts')).deidentify(from, to, options)),
    );

  root
    .command('thumbnail')
    .description('render the preview of a file, or of every file of a folder, as WebP')
    .argument('<in>', 'a file or a folder')
    .argument('<out>', 'a file or a folder')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('npx filmroom thumbnail scan.dcm scan.webp', 'npx filmroom thumbnail scans/ previews/'),
    )
    .action(async (from, to, options) =>
      done(await (await import('./commands/thumbnail.ts')).thumbnail(from, to, options)),
    );

  root
    .command('dump')
    .description('print the data set of a file')
    .argument('<file>')
    .option('--no-values', 'structure only: tags, types and lengths')
    .addOption(new Option('--json', 'as DICOM JSON (PS3.18 F)'))
    .addHelpText('after', examples('npx filmroom dump scan.dcm', 'npx filmroom dump scan.dcm --no-values'))
    .action(async (file, options) => done(await (await import('./commands/dump.ts')).dump(file, options)));
}

/** Runs the command line and returns the exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  try {
    await program((given) => {
      code = given;
    }).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failure;
    process.stderr.write(`${describe(error)}\n`);
    return EXIT.failure;
  }
}

/** What the user can act on stands alone; anything else is a fault of ours and comes with its trace. */
function describe(error: unknown): string {
  if (error instanceof Failure) return `filmroom: ${error.message}`;
  if (!(error instanceof Error)) return `filmroom: ${String(error)}`;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return `filmroom: ${code}: ${path ?? error.message}`;
  if (error.name === 'UnprocessableInstanceError') return `filmroom: ${error.message}`;
  return `filmroom: ${error.stack ?? error.message}`;
}
