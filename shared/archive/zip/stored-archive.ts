/**
 * An archive whose entries are stored as they are: since sizes and CRC-32s are known ahead, so is its length and each of its
 * bytes, and any range of it can be made without the rest. ZIP64 fields stand where a number needs them (APPNOTE 4.3.9, 4.5.3).
 * Every entry has the same date, so that nothing is told by it.
 */

export interface StoredEntry {
  /** ASCII, `/` between folders. */
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
}

/** Bytes of the archive's own, or a range of an entry, by its position. */
export type ArchivePiece =
  | { readonly bytes: Uint8Array }
  | { readonly entry: number; readonly start: number; readonly length: number };

export interface StoredArchive {
  readonly length: number;
  /** What the bytes from `start` up to `end` are made of, in order. */
  pieces(start: number, end: number): Generator<ArchivePiece>;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const ZIP64_END_RECORD = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_EXTRA = 0x0001;
/** 2000-01-01, midnight, as MS-DOS writes it. */
const DATE = ((2000 - 1980) << 9) | (1 << 5) | 1;
const LONG = 0xffffffff;
const SHORT = 0xffff;

/** The archive of the entries, in their order. */
export function storedArchive(entries: readonly StoredEntry[]): StoredArchive {
  const names = entries.map(({ name }) => ascii(name));
  /** Where the local header of each entry begins, and behind the last one the central directory. */
  const offsets = new Float64Array(entries.length + 1);
  for (const [index, entry] of entries.entries())
    offsets[index + 1] = offset(index) + localHeaderLength(index) + entry.size;
  const directoryStart = offset(entries.length);
  const directory = centralDirectory();
  const length = directoryStart + directory.length;

  return {
    length,
    *pieces(start, end) {
      const last = Math.min(end, length);
      let at = start;
      for (let index = entryAt(start); index < entries.length && at < last; index++) {
        const dataStart = offset(index) + localHeaderLength(index);
        if (at < dataStart) {
          const header = localHeader(index);
          const until = Math.min(dataStart, last);
          yield { bytes: header.subarray(at - offset(index), until - offset(index)) };
          at = until;
        }
        const until = Math.min(offset(index + 1), last);
        if (at < until) yield { entry: index, start: at - dataStart, length: until - at };
        at = Math.max(at, until);
      }
      if (at < last) yield { bytes: directory.subarray(at - directoryStart, last - directoryStart) };
    },
  };

  function offset(index: number): number {
    return offsets[index] as number;
  }

  /** The last entry that begins at the offset or before it. */
  function entryAt(at: number): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (offset(middle) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function localHeaderLength(index: number): number {
    return 30 + (names[index]?.length ?? 0) + (isLong(entries[index]?.size ?? 0) ? 20 : 0);
  }

  function localHeader(index: number): Uint8Array {
    const { size, crc32 } = entries[index] as StoredEntry;
    const name = names[index] as Uint8Array;
    const long = isLong(size);
    const out = new Writer(localHeaderLength(index));
    out
      .u32(LOCAL_HEADER)
      .u16(long ? 45 : 20)
      .u16(0)
      .u16(0)
      .u16(0)
      .u16(DATE)
      .u32(crc32);
    out
      .u32(long ? LONG : size)
      .u32(long ? LONG : size)
      .u16(name.length)
      .u16(long ? 20 : 0)
      .add(name);
    if (long) out.u16(ZIP64_EXTRA).u16(16).u64(size).u64(size);
    return out.bytes;
  }

  function centralDirectory(): Uint8Array {
    const extras = entries.map(
      ({ size }, index) => (isLong(size) ? 16 : 0) + (isLong(offset(index)) ? 8 : 0),
    );
    const size = entries.reduce(
      (sum, _, index) =>
        sum + 46 + (names[index]?.length ?? 0) + (extras[index] ? 4 + (extras[index] ?? 0) : 0),
      0,
    );
    const long = isLong(directoryStart) || isLong(size) || entries.length >= SHORT;
    const out = new Writer(size + (long ? 56 + 20 : 0) + 22);
    for (const [index, entry] of entries.entries()) {
      const name = names[index] as Uint8Array;
      const extra = extras[index] as number;
      const longSize = isLong(entry.size);
      const longOffset = isLong(offset(index));
      out
        .u32(CENTRAL_HEADER)
        .u16(extra ? 45 : 20)
        .u16(extra ? 45 : 20)
        .u16(0)
        .u16(0)
        .u16(0)
        .u16(DATE);
      out
        .u32(entry.crc32)
        .u32(longSize ? LONG : entry.size)
        .u32(longSize ? LONG : entry.size);
      out
        .u16(name.length)
        .u16(extra ? 4 + extra : 0)
        .u16(0)
        .u16(0)
        .u16(0)
        .u32(0);
      out.u32(longOffset ? LONG : offset(index)).add(name);
      if (extra) out.u16(ZIP64_EXTRA).u16(extra);
      if (longSize) out.u64(entry.size).u64(entry.size);
      if (longOffset) out.u64(offset(index));
    }
    const count = entries.length;
    if (long) {
      out.u32(ZIP64_END_RECORD).u64(44).u16(45).u16(45).u32(0).u32(0);
      out.u64(count).u64(count).u64(size).u64(directoryStart);
      out
        .u32(ZIP64_LOCATOR)
        .u32(0)
        .u64(directoryStart + size)
        .u32(1);
    }
    const shown = Math.min(count, SHORT);
    out.u32(END_RECORD).u16(0).u16(0).u16(shown).u16(shown);
    out
      .u32(isLong(size) ? LONG : size)
      .u32(isLong(directoryStart) ? LONG : directoryStart)
      .u16(0);
    return out.bytes;
  }
}

function isLong(value: number): boolean {
  return value >= LONG;
}

function ascii(name: string): Uint8Array {
  if (!/^[\x20-\x7e]+$/.test(name)) throw new RangeError('a name in an archive is ASCII');
  return Buffer.from(name, 'latin1');
}

/** Numbers one behind the other, little endian. */
class Writer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  u64(value: number): this {
    this.#view.setBigUint64(this.#at, BigInt(value), true);
    this.#at += 8;
    return this;
  }

  add(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }
}
