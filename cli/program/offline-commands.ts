/** The commands that need no stack: deidentify, thumbnail, dump. */
import { type Command, Option } from 'commander';
import type { ExitCode } from '../failure.ts';
import { EXIT_CODES, examples, jsonOption, wholeNumber } from './options.ts';

export function addOfflineCommands(root: Command, done: (code: ExitCode) => void): void {
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
      done(await (await import('../commands/deidentify.ts')).deidentify(from, to, options)),
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
      done(await (await import('../commands/thumbnail.ts')).thumbnail(from, to, options)),
    );

  root
    .command('dump')
    .description('print the data set of a file')
    .argument('<file>')
    .option('--no-values', 'structure only: tags, types and lengths')
    .addOption(new Option('--json', 'as DICOM JSON (PS3.18 F)'))
    .addHelpText('after', examples('npx filmroom dump scan.dcm', 'npx filmroom dump scan.dcm --no-values'))
    .action(async (file, options) => done(await (await import('../commands/dump.ts')).dump(file, options)));
}
