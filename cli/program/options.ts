/** What several commands share: options, their parsers, examples and exit codes. */
import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_DATA } from '../stack/project.ts';

export const EXIT_CODES = `
Exit codes:
  0  all well
  1  wrong usage, or the work could not be finished
  2  finished, but some files are quarantined`;

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

export function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new InvalidArgumentError('not a port');
  return number;
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('not a whole number above 0');
  return number;
}

export const dataOption = () =>
  new Option('--data <dir>', 'where the stack keeps everything').default(DEFAULT_DATA, '.filmroom/data');
export const jsonOption = () =>
  new Option('--json', 'print the result as JSON on standard output, and nothing else there');
export const outputsOption = () =>
  new Option('--outputs <file>', 'a deployed stack, by what `cdk deploy --outputs-file` wrote');
export const portOption = () => new Option('--port <number>', 'port of the link page').argParser(port);
