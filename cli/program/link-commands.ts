/** The commands of links: create, list, audit, revoke. */
import { type Command, Option } from 'commander';
import type { ExitCode } from '../failure.ts';
import { dataOption, examples, jsonOption, outputsOption } from './options.ts';

export function addLinkCommands(root: Command, done: (code: ExitCode) => void): void {
  const link = root.command('link').description('make, list and revoke the links of a study');
  const load = () => import('../commands/link.ts');
  link
    .command('create')
    .description('make a link to a study; its address is shown once')
    .argument('<study>', 'the Study Instance UID that the report shows')
    .option('--expires <time>', 'how long it opens: 30m, 12h, 7d, 2w')
    .option('--passcode <text>', 'who opens it must know this; send it by another way')
    .option('--priors', 'shows earlier studies of the same patient beside it')
    .option('--identified', 'shows name and birth date of the patient: a right of its own')
    .option('--note <text>', 'why or for whom: kept for the audit, not shown')
    .addOption(
      new Option('--email', 'print a message to send it with; the passcode is not in it').conflicts('json'),
    )
    .addOption(new Option('--qr', 'draw the address as a QR code in the terminal').conflicts('json'))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'npx filmroom link create 2.25.1234 --expires 7d --passcode 4711',
        'npx filmroom link create 2.25.1234 --passcode 4711 --email --qr',
      ),
    )
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
    .command('audit')
    .description('show what was done with a link, or with a study through any link')
    .argument(
      '<link|study>',
      'the id of a link, a Study Instance UID, or nobody: tokens that belong to no link',
    )
    .addOption(dataOption())
    .addOption(outputsOption())
    .addOption(jsonOption())
    .option('--fhir', 'one AuditEvent of FHIR R4 a line (NDJSON), as it is kept')
    .action(async (what, options) =>
      done(await (await import('../commands/link-audit.ts')).auditLink(what, options)),
    );
  link
    .command('revoke')
    .description('close a link for good, at once')
    .argument('<link>', 'the id that create and list show')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (id, options) => done(await (await load()).revokeLink(id, options)));
}
