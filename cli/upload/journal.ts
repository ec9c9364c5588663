/**
 * What a workstation remembers of an upload, so that it goes on where it was: one line a fact, only ever added, so that a
 * process may be killed at any moment; a last line that was torn is left out. It holds names of files, so its owner alone
 * can read it. It never holds a token.
 */
import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../failure.ts';

/** A file by path, size and time; another size or time is another file. */
export interface FileMark {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970, as the file system has them. */
  readonly modifiedAt: number;
}

export interface SentFile extends FileMark {
  readonly sha256: string;
  readonly crc64nvme: string;
}

/** On its way: whole, with its checksums, or in parts, under the id that S3 gave it. */
export type BegunFile = SentFile | (FileMark & { readonly parts: string });

type Line =
  | { readonly opened: string; readonly again?: true }
  | { readonly begun: BegunFile }
  | { readonly sent: SentFile }
  | { readonly arrived: string }
  | { readonly dropped: string }
  | { readonly closed: number };

export class Journal {
  /** The upload that is open, or the last one that was closed. */
  upload: string | undefined;
  isClosed = false;
  /** By path, in the upload that is open or was closed last. */
  readonly sent = new Map<string, SentFile>();
  readonly begun = new Map<string, BegunFile>();
  /** By path, in uploads that were closed before. */
  readonly sentBefore = new Map<string, SentFile>();
  readonly #file: number | undefined;
  readonly #lock: string | undefined;

  private constructor(lines: readonly Line[], file?: number, lock?: string) {
    this.#file = file;
    this.#lock = lock;
    for (const line of lines) this.#apply(line);
  }

  /** One that is forgotten with the process. */
  static inMemory(): Journal {
    return new Journal([]);
  }

  /** The one in the file, which is made if need be; of two processes at once the second is refused. */
  static open(path: string): Journal {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const lock = `${path}.lock`;
    takeLock(lock);
    const text = readOrNothing(path);
    const file = openSync(path, 'a', 0o600);
    // What was torn off keeps a line of its own, or it would spoil the next one.
    if (text !== '' && !text.endsWith('\n')) writeSync(file, '\n');
    return new Journal(text.split('\n').flatMap(parseLine), file, lock);
  }

  /** Begins an upload; `again` forgets what earlier ones hold. */
  opened(upload: string, again = false): void {
    this.#write({ opened: upload, ...(again ? { again: true as const } : {}) });
  }

  begins(file: BegunFile): void {
    this.#write({ begun: file });
  }

  /** The file that was begun has been stored; `sent` tells what of it was not known at the beginning. */
  arrived(path: string, sent?: SentFile): void {
    this.#write(sent ? { sent } : { arrived: path });
  }

  /** What was begun is not on its way any more. */
  dropped(path: string): void {
    this.#write({ dropped: path });
  }

  closed(expected: number): void {
    this.#write({ closed: expected });
  }

  release(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    if (this.#lock !== undefined) unlinkSync(this.#lock);
  }

  #write(line: Line): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(line)}\n`);
    this.#apply(line);
  }

  #apply(line: Line): void {
    if ('opened' in line) {
      for (const [path, file] of this.sent) this.sentBefore.set(path, file);
      if (line.again) this.sentBefore.clear();
      this.sent.clear();
      this.begun.clear();
      this.upload = line.opened;
      this.isClosed = false;
    } else if ('begun' in line) this.begun.set(line.begun.path, line.begun);
    else if ('sent' in line) this.#arrive(line.sent);
    else if ('dropped' in line) this.begun.delete(line.dropped);
    else if ('closed' in line) this.isClosed = true;
    else {
      const begun = this.begun.get(line.arrived);
      if (begun && 'sha256' in begun) this.#arrive(begun);
    }
  }

  #arrive(file: SentFile): void {
    this.begun.delete(file.path);
    this.sent.set(file.path, file);
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parseLine(text: string): Line[] {
  if (text === '') return [];
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}

/** A lock whose process is gone is taken over. */
function takeLock(path: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error;
    }
    const owner = Number(readOrNothing(path));
    if (isAlive(owner)) throw new Failure(`process ${owner} is sending the same files to the same place`);
    try {
      unlinkSync(path);
    } catch {
      // Another process was quicker: the next turn tells.
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
