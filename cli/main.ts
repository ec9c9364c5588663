/** The `filmroom` command line: parses arguments, loads the one command that was asked for, turns failures into exit codes. */
import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode, Failure } from './failure.ts';
import { addLinkCommands } from './program/link-commands.ts';
import { addOfflineCommands } from './program/offline-commands.ts';
import { addOperatorCommands } from './program/operator-commands.ts';
import { EXIT_CODES, examples } from './program/options.ts';
import { addPixelCommands } from './program/pixel-commands.ts';
import { addStackCommands } from './program/stack-commands.ts';
import { addUploadCommands } from './program/upload-commands.ts';

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
  const groups = [
    addStackCommands,
    addUploadCommands,
    addOperatorCommands,
    addLinkCommands,
    addOfflineCommands,
    addPixelCommands,
  ];
  for (const add of groups) add(root, done);
  return root;
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
