/** The commands about text in pictures: inspect, mask. */
import type { Command } from 'commander';
import type { ExitCode } from '../failure.ts';
import { EXIT_CODES, examples, jsonOption } from './options.ts';

export function addPixelCommands(root: Command, done: (code: ExitCode) => void): void {
  const pixels = root.command('pixels').description('find and mask text that is burned into pictures');
  const load = () => import('../commands/pixels.ts');
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
