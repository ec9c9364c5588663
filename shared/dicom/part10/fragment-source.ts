/**
 * Walks the fragments of a ranged source by small windows. Each hop waits for the one before, so where an offset table says
 * where frames begin, their headers are asked for ahead, several at a time; a table that lies costs reads and no more.
 */
import { read32 } from '../encoding.ts';
import { type FragmentWalk, walkFragments } from './fragments.ts';
import type { Header } from './header.ts';
import type { ReadLimits } from './limits.ts';
import { type ReadHead, walkedPixelData } from './read.ts';

const EXTENDED_OFFSET_TABLE = 0x7fe00001;

/** What is asked for when fragments follow each other closely, and when the next lies far. */
const WIDE_WINDOW = 128 * 1024;
const NARROW_WINDOW = 512;
/** Beyond this a fragment is hopped by a window of its own. */
const FAR = WIDE_WINDOW / 4;
/** Headers that are asked for ahead. */
const AHEAD = 16;

/** How bytes are asked for: exactly so many, within the object. */
export type ReadRange = (start: number, length: number) => Promise<Uint8Array>;

/** Walks the fragments of Pixel Data, of which no more than the header need be at hand. */
export async function walkFragmentsOfSource(
  read: ReadRange,
  head: ReadHead & { readonly pixelHeader: Header },
  limits: ReadLimits,
): Promise<FragmentWalk> {
  const { window } = head.opened;
  let { bytes } = window;
  let base = 0;
  let last = head.pixelHeader.valueStart;
  const ahead = new HeadersAhead(read, await predictedItems(read, head, limits), window.end);
  const walk = walkFragments(last, walkedPixelData(head, limits));
  let step = walk.next();
  while (!step.done) {
    const at = step.value;
    if (at + 8 > base + bytes.length) {
      const length = at - last > FAR ? NARROW_WINDOW : WIDE_WINDOW;
      bytes = (await ahead.take(at)) ?? (await read(at, Math.min(length, window.end - at)));
      base = at;
    }
    last = at;
    step = walk.next(bytes.subarray(at - base, at - base + 8));
  }
  return step.value;
}

class HeadersAhead {
  readonly #read: ReadRange;
  readonly #items: readonly number[];
  readonly #end: number;
  readonly #asked = new Map<number, Promise<Uint8Array>>();
  #next = 0;

  constructor(read: ReadRange, items: readonly number[], end: number) {
    this.#read = read;
    this.#items = items;
    this.#end = end;
  }

  /** The window at an item that was foreseen; what lies before it is not needed any more. */
  take(at: number): Promise<Uint8Array> | undefined {
    if (this.#items.length === 0) return undefined;
    for (const item of this.#asked.keys()) if (item < at) this.#asked.delete(item);
    while (this.#next < this.#items.length && this.#asked.size < AHEAD) {
      const item = this.#items[this.#next++] as number;
      if (item >= at) this.#asked.set(item, this.#ask(item));
    }
    return this.#asked.get(at);
  }

  #ask(item: number): Promise<Uint8Array> {
    const window = this.#read(item, Math.min(NARROW_WINDOW, this.#end - item));
    // Who never comes to this item never waits for it: its failure must not be an unhandled one.
    window.catch(() => undefined);
    return window;
  }
}

/** Where the offset table puts the items that frames begin with (PS3.5 A.4, PS3.3 C.7.6.3.1.8); none if they lie close. */
async function predictedItems(
  read: ReadRange,
  head: ReadHead & { readonly pixelHeader: Header },
  limits: ReadLimits,
): Promise<number[]> {
  const { window } = head.opened;
  const tableItem = head.pixelHeader.valueStart;
  const range = (at: number, length: number) =>
    at + length <= window.bytes.length
      ? Promise.resolve(window.bytes.subarray(at, at + length))
      : read(at, length);
  if (tableItem + 8 > window.end) return [];
  const tableLength = read32(await range(tableItem + 4, 4), 0, false);
  const first = tableItem + 8 + tableLength;
  if (first + 8 > window.end || tableLength > 4 * limits.maximumFragments) return [];
  let offsets = head.dataSet.numbers(EXTENDED_OFFSET_TABLE);
  if (offsets.length === 0 && tableLength > 0) {
    const table = await range(tableItem + 8, tableLength);
    offsets = Array.from({ length: tableLength >>> 2 }, (_, index) => read32(table, 4 * index, false));
  }
  const isFar = window.end - first > FAR * offsets.length;
  return isFar ? offsets.map((offset) => first + offset).filter((item) => item + 8 <= window.end) : [];
}
