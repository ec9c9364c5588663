/**
 * An append-only file of JSON records, one per line: how the local servers keep their state through a kill at any moment.
 *
 * An append is one `write` of whole lines. A death within it leaves a torn last line, which the next start cuts off: that
 * operation was never answered. Nothing is synced to the disk: it survives the process, not the loss of power. When dead
 * records outweigh the living ones the file is rewritten beside itself and renamed.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const READ_BYTES = 4 << 20;
const WRITE_CHARACTERS = 1 << 20;
const NEWLINE = 0x0a;
/** A file of fewer records is never worth rewriting while it is in use. */
const SMALLEST_REWRITE = 50_000;

export interface JournalState<R> {
  /** Applies a record to the state: one just appended, or one read back at the start. */
  apply(record: R): void;
  /** Records that lead to the present state, in an order that can be applied. */
  snapshot(): Iterable<R>;
  /** How many records `snapshot` would give, roughly. */
  liveRecords(): number;
}

export class Journal<R> {
  readonly #path: string;
  readonly #state: JournalState<R>;
  #file: number;
  #size = 0;
  #records = 0;
  #closed = false;

  /** Opens the file, applies what is in it to `state`, and rewrites it when most of it is dead. */
  constructor(path: string, state: JournalState<R>) {
    this.#path = path;
    this.#state = state;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'a+');
    this.#replay();
    if (this.#records > 1000 && this.#records > 2 * state.liveRecords()) this.#rewrite();
  }

  /** Writes the records, then applies them: what is in the state survives the death of the process. */
  append(...records: readonly R[]): void {
    if (records.length === 0) return;
    if (this.#closed) throw new Error('the journal is closed');
    let lines = '';
    for (const record of records) lines += `${JSON.stringify(record)}\n`;
    this.#write(lines);
    this.#records += records.length;
    for (const record of records) this.#state.apply(record);
    if (this.#records >= SMALLEST_REWRITE && this.#records > 4 * this.#state.liveRecords()) this.#rewrite();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }

  #replay(): void {
    let rest: Buffer = Buffer.alloc(0);
    let position = 0;
    for (;;) {
      const block = Buffer.allocUnsafe(READ_BYTES);
      const length = readSync(this.#file, block, 0, READ_BYTES, position);
      if (length === 0) break;
      position += length;
      const read = block.subarray(0, length);
      const bytes = rest.length > 0 ? Buffer.concat([rest, read]) : read;
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      this.#replayLines(bytes.toString('utf8', 0, end));
      rest = bytes.subarray(end);
    }
    this.#size = position - rest.length;
    if (rest.length > 0) ftruncateSync(this.#file, this.#size);
  }

  #replayLines(text: string): void {
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start);
      this.#state.apply(JSON.parse(text.slice(start, end)));
      this.#records += 1;
      start = end + 1;
    }
  }

  /** Leaves no half a line behind when the disk is full: the next append must start on a line of its own. */
  #write(lines: string): void {
    try {
      this.#size += writeAll(this.#file, lines);
    } catch (error) {
      ftruncateSync(this.#file, this.#size);
      throw error;
    }
  }

  #rewrite(): void {
    const beside = `${this.#path}.new`;
    const file = openSync(beside, 'w');
    let [count, size, lines] = [0, 0, ''];
    for (const record of this.#state.snapshot()) {
      lines += `${JSON.stringify(record)}\n`;
      count += 1;
      if (lines.length < WRITE_CHARACTERS) continue;
      size += writeAll(file, lines);
      lines = '';
    }
    size += writeAll(file, lines);
    closeSync(file);
    renameSync(beside, this.#path);
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a+');
    [this.#records, this.#size] = [count, size];
  }
}

function writeAll(file: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
  return bytes.length;
}
