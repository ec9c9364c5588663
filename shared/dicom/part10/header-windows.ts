/**
 * How the headers of far fragments are asked for. Each lies where the one before ends, so that a plain walk waits for one
 * request after the other. Where they can be foreseen they are asked for ahead: by an offset table, or because fragments are
 * of one size; where they cannot, the object is gone through in wide windows, several at a time. What is asked for in vain is
 * bounded, and so is what is held: four wide windows.
 */

/** How bytes are asked for: exactly so many, within the object. */
export type ReadRange = (start: number, length: number) => Promise<Uint8Array>;

/** Bytes of an object from `base` on. */
export interface ByteWindow {
  readonly bytes: Uint8Array;
  readonly base: number;
}

const HEADER_BYTES = 8;
/** What is asked for when fragments follow each other closely, and when the next lies far. */
const WIDE_WINDOW = 128 * 1024;
const NARROW_WINDOW = 512;
/** Beyond this a fragment is hopped by a window of its own. */
export const FAR = WIDE_WINDOW / 4;
/** Headers that are asked for ahead. */
const AHEAD = 16;
/** Hops of one length that make the next ones likely. */
const ALIKE = 3;
/** How often a guess may be wrong until no more is made. */
const GUESSES = 4;
/** Hops that had to wait until the object is gone through whole; below it a walk is over soon. */
const PATIENCE = 32;
/** Longer hops are cheaper than the bytes between: a request takes as long as a megabyte or so. */
const LONGEST_SCANNED_HOP = 1024 * 1024;
const SCAN_WINDOW = 4 * 1024 * 1024;
const SCANS_AT_ONCE = 4;

/** Windows on the headers of fragments, asked for in ascending order. */
export class HeaderWindows {
  readonly #read: ReadRange;
  readonly #end: number;
  readonly #table: HeadersAhead;
  #guess: HeadersAhead | undefined;
  #guesses = 0;
  #scan: Scan | undefined;
  #alike = 0;
  #lastHop = 0;
  #waits = 0;
  #waitedBytes = 0;

  constructor(read: ReadRange, end: number, foreseen: readonly number[]) {
    this.#read = read;
    this.#end = end;
    this.#table = new HeadersAhead(read, end, foreseen.values());
  }

  /** A window that holds the header at `at`, `hop` bytes after the one before. */
  async at(at: number, hop: number): Promise<ByteWindow> {
    const scanned = await this.#scan?.take(at, hop);
    if (scanned !== undefined) return scanned;
    this.#scan = undefined;
    const foreseen = await (this.#table.take(at) ?? this.#guess?.take(at));
    if (foreseen !== undefined) return { bytes: foreseen, base: at };
    return hop > FAR ? this.#hop(at, hop) : this.#ask(at, WIDE_WINDOW);
  }

  /** A far header that nobody foresaw: perhaps the next ones can be, by what it has in common with those before. */
  async #hop(at: number, hop: number): Promise<ByteWindow> {
    this.#guess = undefined;
    this.#alike = hop === this.#lastHop ? this.#alike + 1 : 1;
    this.#lastHop = hop;
    this.#waits++;
    this.#waitedBytes += hop;
    if (this.#alike >= ALIKE && this.#guesses < GUESSES) {
      this.#guesses++;
      this.#alike = 0;
      this.#guess = new HeadersAhead(this.#read, this.#end, steps(at, hop, this.#end));
      return { bytes: (await this.#guess.take(at)) ?? (await this.#ask(at, NARROW_WINDOW)).bytes, base: at };
    }
    if (this.#waits < PATIENCE) return this.#ask(at, NARROW_WINDOW);
    const isScanned = this.#waitedBytes / this.#waits <= LONGEST_SCANNED_HOP;
    this.#waits = 0;
    this.#waitedBytes = 0;
    if (!isScanned) return this.#ask(at, NARROW_WINDOW);
    this.#scan = new Scan(this.#read, at, this.#end);
    return (await this.#scan.take(at, 0)) ?? this.#ask(at, NARROW_WINDOW);
  }

  async #ask(at: number, length: number): Promise<ByteWindow> {
    return { bytes: await this.#read(at, Math.min(length, this.#end - at)), base: at };
  }
}

function* steps(from: number, step: number, end: number): Generator<number, undefined> {
  for (let at = from; at + HEADER_BYTES <= end; at += step) yield at;
}

/** Narrow windows at places that were foreseen. */
class HeadersAhead {
  readonly #read: ReadRange;
  readonly #end: number;
  readonly #items: Iterator<number, undefined>;
  readonly #asked = new Map<number, Promise<Uint8Array>>();

  constructor(read: ReadRange, end: number, items: Iterator<number, undefined>) {
    this.#read = read;
    this.#end = end;
    this.#items = items;
  }

  /** The window at an item that was foreseen; what lies before it is not needed any more. */
  take(at: number): Promise<Uint8Array> | undefined {
    for (const item of this.#asked.keys()) if (item < at) this.#asked.delete(item);
    while (this.#asked.size < AHEAD) {
      const item = this.#items.next().value;
      if (item === undefined) break;
      if (item >= at)
        this.#asked.set(item, unawaited(this.#read(item, Math.min(NARROW_WINDOW, this.#end - item))));
    }
    return this.#asked.get(at);
  }
}

/** Wide windows over all that follows; they overlap, so that no header lies in two. */
class Scan {
  readonly #read: ReadRange;
  readonly #start: number;
  readonly #end: number;
  readonly #asked = new Map<number, Promise<Uint8Array>>();

  constructor(read: ReadRange, start: number, end: number) {
    this.#read = read;
    this.#start = start;
    this.#end = end;
  }

  /** The window that holds the header; undefined after a hop over all windows that were asked for. */
  async take(at: number, hop: number): Promise<ByteWindow | undefined> {
    if (hop > SCANS_AT_ONCE * SCAN_WINDOW) return undefined;
    const current = Math.floor((at - this.#start) / SCAN_WINDOW);
    for (const index of this.#asked.keys()) if (index < current) this.#asked.delete(index);
    for (let index = current; index < current + SCANS_AT_ONCE; index++) {
      const base = this.#start + index * SCAN_WINDOW;
      const length = Math.min(SCAN_WINDOW + HEADER_BYTES, this.#end - base);
      if (length >= HEADER_BYTES && !this.#asked.has(index))
        this.#asked.set(index, unawaited(this.#read(base, length)));
    }
    const bytes = await this.#asked.get(current);
    return bytes && { bytes, base: this.#start + current * SCAN_WINDOW };
  }
}

/** Who never comes to this place never waits for it: its failure must not be an unhandled one. */
function unawaited(bytes: Promise<Uint8Array>): Promise<Uint8Array> {
  bytes.catch(() => undefined);
  return bytes;
}
