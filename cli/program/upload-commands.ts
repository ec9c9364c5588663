/** The commands that send files: upload, and the tokens that let a hospital do it. */
import { type Command, Option } from 'commander';
import type { ExitCode } from '../failure.ts';
import { dataOption, EXIT_CODES, examples, jsonOption, wholeNumber } from './options.ts';

export function addUploadCommands(root: Command, done: (code: ExitCode) => void): void {
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
      done(await (await import('../commands/upload.ts')).upload(paths, options)),
    );

  const token = root
    .command('upload-token')
    .description('make, list and revoke tokens that let a hospital upload');
  const load = () => import('../commands/upload-token.ts');
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
      const { parseExpiry } = await import('../commands/link.ts');
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
