/**
 * The bytes of objects: files that are written once, under a name never used before, and shared by whatever refers to them.
 *
 * A file counts only when a record refers to it, so a death while writing leaves an orphan and never a torn object;
 * `sweep` removes orphans. A copy is another reference. A file goes when its last reference goes.
 */
import {
  closeSync,
  mkdirSync,
  open as openLater,
  openSync,
  readdirSync,
  readSync,
  unlink as unlinkLater,
  write,
  writev,
} from 'node:fs';
import { readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HotBlobs } from './hot-blobs.ts';

/** A run of bytes of a blob: `[blob, first byte, length]`. */
export type Extent = readonly [blob: string, start: number, length: number];

const BLOBS_PER_FOLDER = 1024;
/** Pieces are gathered to this size before they are written. */
const WRITE_BYTES = 1 << 20;

export class BlobStore {
  readonly #dir: string;
  readonly #run: string;
  readonly #references = new Map<string, number>();
  readonly #hot = new HotBlobs();
  #made = 0;
  #loading = true;
  #closed = false;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
    const runs = readdirSync(dir).map((name) => Number.parseInt(name, 36));
    this.#run = (Math.max(0, ...runs) + 1).toString(36);
  }

  /** From now on a blob without references is removed; until then the records being read back only count. */
  loaded(): void {
    this.#loading = false;
  }

  retain(extents: readonly Extent[]): void {
    for (const [blob] of extents) this.#references.set(blob, (this.#references.get(blob) ?? 0) + 1);
  }

  release(extents: readonly Extent[]): void {
    for (const [blob] of extents) {
      const left = (this.#references.get(blob) ?? 0) - 1;
      if (left > 0) {
        this.#references.set(blob, left);
      } else {
        this.#references.delete(blob);
        if (!this.#loading) this.discard(blob);
      }
    }
  }

  /** Runs `work` with these bytes kept, whatever is deleted meanwhile. */
  async holding<T>(extents: readonly Extent[], work: () => Promise<T>): Promise<T> {
    this.retain(extents);
    try {
      return await work();
    } finally {
      this.release(extents);
    }
  }

  /** Writes all of a small body, which comes in pieces. */
  async put(pieces: readonly Uint8Array[]): Promise<Extent[]> {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length === 0) return [];
    const blob = this.#newName();
    const file = await openNew(join(this.#dir, blob));
    try {
      await writeAll(file, pieces);
    } catch (error) {
      this.discard(blob);
      throw error;
    } finally {
      closeSync(file);
    }
    this.#hot.keep(blob, Buffer.concat(pieces, length));
    return [[blob, 0, length]];
  }

  /** Starts a body of any size. */
  writer(): BlobWriter {
    const blob = this.#newName();
    return new BlobWriter(this, blob, openSync(join(this.#dir, blob), 'wx'));
  }

  discard(blob: string): void {
    this.#hot.forget(blob);
    unlinkLater(join(this.#dir, blob), () => {});
  }

  /** Removes what a refused write brought, unless something else refers to it. */
  abandon(extents: readonly Extent[]): void {
    for (const [blob] of extents) if (!this.#references.has(blob)) this.discard(blob);
  }

  open(blob: string): number {
    return openSync(join(this.#dir, blob), 'r');
  }

  /** All of a small run of bytes at once. */
  readSmall(extents: readonly Extent[]): Uint8Array {
    const [only] = extents;
    const kept = only && extents.length === 1 ? this.#hot.get(only[0]) : undefined;
    if (only && kept) return kept.subarray(only[1], only[1] + only[2]);
    const bytes = Buffer.allocUnsafe(lengthOf(extents));
    let at = 0;
    for (const [blob, start, length] of extents) {
      const file = this.open(blob);
      const read = readSync(file, bytes, at, length, start);
      closeSync(file);
      if (read !== length) throw new Error('a blob is shorter than its record says');
      at += length;
    }
    return bytes;
  }

  /** Removes what earlier runs left behind without a reference. */
  async sweep(): Promise<void> {
    for (const run of readdirSync(this.#dir)) {
      if (run === this.#run) continue;
      for (const folder of await readdir(join(this.#dir, run))) {
        if (this.#closed) return;
        await this.#sweepFolder(`${run}/${folder}`);
      }
      await rmdir(join(this.#dir, run)).catch(() => {});
    }
  }

  /** A sweep that is under way ends soon. */
  close(): void {
    this.#closed = true;
  }

  async #sweepFolder(folder: string): Promise<void> {
    const names = await readdir(join(this.#dir, folder));
    for (const name of names)
      if (!this.#references.has(`${folder}/${name}`)) await unlink(join(this.#dir, folder, name));
    if (names.length === 0) await rmdir(join(this.#dir, folder)).catch(() => {});
  }

  #newName(): string {
    const folder = `${this.#run}/${Math.floor(this.#made / BLOBS_PER_FOLDER).toString(36)}`;
    if (this.#made % BLOBS_PER_FOLDER === 0) mkdirSync(join(this.#dir, folder), { recursive: true });
    const name = (this.#made % BLOBS_PER_FOLDER).toString(36);
    this.#made += 1;
    return `${folder}/${name}`;
  }
}

/** A blob being written piece by piece. */
export class BlobWriter {
  readonly #store: BlobStore;
  readonly #blob: string;
  readonly #file: number;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #size = 0;

  constructor(store: BlobStore, blob: string, file: number) {
    this.#store = store;
    this.#blob = blob;
    this.#file = file;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#gathered.push(piece);
    this.#gatheredBytes += piece.length;
    if (this.#gatheredBytes >= WRITE_BYTES) await this.#flush();
  }

  async finish(): Promise<Extent[]> {
    await this.#flush();
    closeSync(this.#file);
    if (this.#size > 0) return [[this.#blob, 0, this.#size]];
    this.#store.discard(this.#blob);
    return [];
  }

  abandon(): void {
    closeSync(this.#file);
    this.#store.discard(this.#blob);
  }

  async #flush(): Promise<void> {
    if (this.#gatheredBytes === 0) return;
    const pieces = this.#gathered;
    this.#size += this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    await writeAll(this.#file, pieces);
  }
}

export function lengthOf(extents: readonly Extent[]): number {
  let length = 0;
  for (const extent of extents) length += extent[2];
  return length;
}

/** The extents that hold bytes `start` to `start + length` of the whole. */
export function sliceExtents(extents: readonly Extent[], start: number, length: number): Extent[] {
  const slice: Extent[] = [];
  let offset = 0;
  for (const [blob, from, size] of extents) {
    const first = Math.max(start - offset, 0);
    const last = Math.min(start + length - offset, size);
    if (first < last) slice.push([blob, from + first, last - first]);
    offset += size;
  }
  return slice;
}

/** Making a file waits for the file system's journal, so it is left to another thread. */
function openNew(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    openLater(path, 'wx', (error, file) => (error ? reject(error) : resolve(file)));
  });
}

/** The write is left to another thread: copying into the page cache costs more than all else of a small PUT. */
function writeAll(file: number, pieces: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const [only] = pieces;
    const wanted = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const done = (error: Error | null, written: number) => {
      if (error) reject(error);
      else if (written !== wanted) reject(new Error(`wrote ${written} of ${wanted} bytes`));
      else resolve();
    };
    if (only && pieces.length === 1) write(file, only, done);
    else writev(file, pieces, done);
  });
}
