/**
 * What the offline commands read and where they write: a file becomes a file, a folder becomes a folder with the same
 * relative paths. The output may not be the input, nor lie in it.
 */
import { lstat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { Failure } from '../failure.ts';
import { listFiles } from '../ingest/list-files.ts';

export interface Work {
  readonly path: string;
  readonly input: Buffer;
  readonly size: number;
  readonly output: string;
}

/** The files to work through; `rename` gives an output its name where that differs. */
export async function planWork(
  input: string,
  output: string,
  rename: (path: string) => string = (path) => path,
): Promise<Work[]> {
  const from = resolve(input);
  const to = resolve(output);
  if (to === from) throw new Failure('the output would replace the input');
  if (to.startsWith(from + sep) && (await isFolder(from)))
    throw new Failure('the output lies within the input');
  const { files } = await listFiles([input]);
  const single = !(await isFolder(from));
  const intoFolder = !single || output.endsWith('/') || (await isFolder(to));
  return files.map(({ path, file, size }) => ({
    path,
    input: file,
    size,
    output: intoFolder ? join(to, rename(single ? basename(path) : path)) : to,
  }));
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}
