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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('not a whole number above 0');
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

  addUploadCommands(root, done);

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
      done(await (await import('./commands/report.ts')).report(upload, options)),
    );

  addOperatorCommands(root, done);

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

function addUploadCommands(root: Command, done: (code: ExitCode) => void): void {
  root
    .command('upload')
    .description(
      'send files and folders to a film room; run again after an interruption, it goes on where it was',
    )
    .argument('<path...>', 'files, folders or archives')
    .requiredOption(
      '--to <url|dir>',
      'the address that the film room gave you, or a data directory of this machine',
    )
    .option('--token <token>', 'the upload token; other programs can see it, --token-file is better')
    .option('--token-file <file>', 'a file that holds the token; FILMROOM_UPLOAD_TOKEN does as well')
    .option('--follow', 'wait for the report (the default on a terminal)')
    .option('--no-follow', 'end when everything has arrived; the same command shows the report later')
    .option('--again', 'send everything in a new upload, whatever was sent before')
    .option('--parallel <number>', 'requests at the same time (default 8)', wholeNumber)
    .option('--state <dir>', 'where to remember what was sent (default .filmroom/uploads)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${examples(
        'npx filmroom upload /archive --to https://film.example.org --token-file token.txt',
        'npx filmroom upload cd-1.zip cd-2.zip --to https://film.example.org --no-follow',
      )}\n\nNothing that has arrived is sent twice.${EXIT_CODES}`,
    )
    .action(async (paths, options) =>
      done(await (await import('./commands/upload.ts')).upload(paths, options)),
    );

  const token = root
    .command('upload-token')
    .description('make, list and revoke tokens that let a hospital upload');
  const load = () => import('./commands/upload-token.ts');
  const apiOption = () =>
    new Option('--api <url>', 'a deployed HTTP API, with the AWS credentials of the environment');
  token
    .command('create')
    .description('make a token; its secret is shown once')
    .option('--expires <time>', 'how long it is good: 30m, 12h, 7d, 2w', '7d')
    .option('--label <text>', 'for whom: shown in the list')
    .option('--max-gb <number>', 'how much may be sent with it', wholeNumber)
    .addOption(dataOption())
    .addOption(apiOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('npx filmroom upload-token create --expires 7d --label "St. Mary, CDs" --max-gb 500'),
    )
    .action(async ({ expires, ...options }) => {
      const { parseExpiry } = await import('./commands/link.ts');
      done(await (await load()).createUploadToken({ ...options, expires: parseExpiry(expires) }));
    });
  token
    .command('list')
    .description('list the tokens and what was sent with each')
    .addOption(dataOption())
    .addOption(apiOption())
    .addOption(jsonOption())
    .action(async (options) => done(await (await load()).listUploadTokens(options)));
  token
    .command('revoke')
    .description('close a token for good, at once')
    .argument('<token>', 'the id that create and list show')
    .addOption(dataOption())
    .addOption(apiOption())
    .addOption(jsonOption())
    .action(async (id, options) => done(await (await load()).revokeUploadToken(id, options)));
}

function addOperatorCommands(root: Command, done: (code: ExitCode) => void): void {
  const outputsOption = () =>
    new Option('--outputs <file>', 'a deployed stack, by what `cdk deploy --outputs-file` wrote');
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
      done(await (await import('./commands/reconcile.ts')).reconcileCommand(upload, options)),
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
    .action(async (options) => done(await (await import('./commands/redrive.ts')).redriveCommand(options)));
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
    .option('--policy <name|file>', 'share, research, strict, or a JSON file', 'share')
    .addOption(
      new Option(
        '--pixels <what>',
        'pictures that may show text: mask it, refuse them, or trust them',
      ).choices(['clean', 'quarantine-risky', 'trust']),
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
    .option('--size <pixels>', 'longest side, 16 to 4096 (default 256)', wholeNumber)
    .option('--frame <number>', 'one frame, counted from 1, in place of a moving picture', wholeNumber)
    .option('--window <c,w|name>', 'center and width, or the name of a window that the object brings')
    .option('--overlays', 'paint the overlay planes')
    .option('--inverted', 'show low values white')
    .option('--presentation <file>', 'apply a softcopy presentation state to the images it refers to')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'npx filmroom thumbnail scan.dcm scan.webp',
        'npx filmroom thumbnail scans/ previews/',
        'npx filmroom thumbnail --size 512 --window=-600,1500 chest.dcm lung.webp',
        'npx filmroom thumbnail --presentation state.dcm image.dcm shown.webp',
      ),
    )
    .action(async (from, to, options) =>
      done(await (await import('./commands/thumbnail.ts')).thumbnail(from, to, options)),
    );

  addPixelCommands(root, done);

  root
    .command('dump')
    .description('print the data set of a file')
    .argument('<file>')
    .option('--no-values', 'structure only: tags, types and lengths')
    .addOption(new Option('--json', 'as DICOM JSON (PS3.18 F)'))
    .addHelpText('after', examples('npx filmroom dump scan.dcm', 'npx filmroom dump scan.dcm --no-values'))
    .action(async (file, options) => done(await (await import('./commands/dump.ts')).dump(file, options)));
}

function addPixelCommands(root: Command, done: (code: ExitCode) => void): void {
  const pixels = root.command('pixels').description('find and mask text that is burned into pictures');
  const load = () => import('./commands/pixels.ts');
  pixels
    .command('inspect')
    .description('print what would be done about text in the pictures of files, and where it was found')
    .argument('<file...>')
    .option('--png <dir>', 'write pictures with the boxes drawn: red is masked, green stays')
    .option('--show-text', 'print what was read; it may be a name')
    .addOption(jsonOption())
    .addHelpText('after', examples('npx filmroom pixels inspect scans/*.dcm --png boxes/') + EXIT_CODES)
    .action(async (files, options) => done(await (await load()).inspectPixels(files, options)));
  pixels
    .command('mask')
    .description('write a file with text masked, or with the given rectangles; nothing else is changed')
    .argument('<in>')
    .argument('<out>')
    .option(
      '--rect <x,y,w,h[,frame]>',
      'a rectangle in pixels, of all frames or of one counted from 1',
      gathered,
      [],
    )
    .addHelpText(
      'after',
      examples(
        'npx filmroom pixels mask us.dcm masked.dcm',
        'npx filmroom pixels mask us.dcm masked.dcm --rect 0,0,1024,60 --rect 800,700,200,68,3',
      ),
    )
    .action(async (from, to, { rect }: { rect: readonly string[] }) => {
      const { maskFile, parseRectangle } = await load();
      done(await maskFile(from, to, rect.map(parseRectangle)));
    });
}

function gathered(text: string, before: readonly string[]): string[] {
  return [...before, text];
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
