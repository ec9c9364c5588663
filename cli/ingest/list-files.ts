/**
 * The files behind the arguments of a command, with the path each is known by. Empty files count; symbolic links are
 * not followed, so that a folder cannot make more of itself than it holds.
 */
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Failure } from '../failure.ts';

export interface LocalFile {
  /** Relative to its argument, with slashes. */
  readonly path: string;
  /** Bytes, because a name need not be text. */
  readonly file: Buffer;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface FileList {
  readonly files: LocalFile[];
  /** Links, sockets and the like, which are left out. */
  readonly skipped: number;
}

/** Lists what the arguments name. With several of them the base name of each stands before its paths. */
export async function listFiles(args: readonly string[]): Promise<FileList> {
  const list: Growing = { files: [], skipped: 0, paths: new Set() };
  const taken = new Set<string>();
  for (const argument of args) {
    const absolute = resolve(argument);
    const found = await lstat(absolute).catch(() => undefined);
    if (found === undefined) throw new Failure(`there is no ${argument}`);
    const name = uniqueName(basename(absolute), taken);
    if (found.isFile()) addFile(name, Buffer.from(absolute), found, list);
    else if (found.isDirectory())
      await addFolder(Buffer.from(absolute), args.length > 1 ? `${name}/` : '', list);
    else throw new Failure(`${argument} is neither a file nor a folder`);
  }
  return { files: list.files, skipped: list.skipped };
}

interface Growing extends FileList {
  skipped: number;
  readonly paths: Set<string>;
}

function addFile(path: string, file: Buffer, found: Stats, list: Growing): void {
  const { size, mtimeMs: modifiedAt } = found;
  list.files.push({ path: uniqueName(path, list.paths), file, size, modifiedAt });
}

async function addFolder(folder: Buffer, prefix: string, list: Growing): Promise<void> {
  const entries = (await readdir(folder, {
    withFileTypes: true,
    encoding: 'buffer',
  })) as unknown as Dirent<Buffer>[];
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  for (const entry of entries) {
    const file = Buffer.concat([folder, Buffer.from('/'), entry.name]);
    const path = prefix + textOf(entry.name);
    if (entry.isDirectory()) await addFolder(file, `${path}/`, list);
    else if (entry.isFile()) addFile(path, file, await lstat(file), list);
    else list.skipped += 1;
  }
}

/** A name that is not UTF-8 is read byte by byte: no byte of it is lost. */
function textOf(name: Buffer): string {
  const text = name.toString('utf8');
  return text.includes('\uFFFD') ? name.toString('latin1') : text;
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count++) unique = `${name}-${count}`;
  taken.add(unique);
  return unique;
}
