/** Huffman tables of JPEG (ITU-T T.81 annexes C, F.2.2.3 and K.2): read, for decoding, for encoding, and made for a frame. */
import { UndisplayableError } from '../undisplayable.ts';

export interface HuffmanTable {
  /** How many codes there are of each length, 1 to 16. */
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
  /** By the next 16 bits: length of the code << 8 | symbol; 0 where there is none. */
  readonly lookup: Uint16Array;
  /** By symbol; a length of 0 where the table has no code for it. */
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

/** DC tables are 0 to 3, AC tables 16 to 19: Tc and Th as they stand in DHT. */
export type HuffmanTables = ReadonlyMap<number, HuffmanTable>;

/** Reads a DHT segment's content into the tables. */
export function readTables(content: Uint8Array, tables: Map<number, HuffmanTable>): void {
  let at = 0;
  while (at + 17 <= content.length) {
    const id = content[at] as number;
    const counts = content.slice(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    tables.set(id, makeTable(counts, content.slice(at + 17, at + 17 + total)));
    at += 17 + total;
  }
}

export function makeTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const lookup = new Uint16Array(65536);
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    for (let index = 0; index < (counts[length - 1] as number); index++, code++, next++) {
      const symbol = symbols[next];
      if (symbol === undefined || code >= 2 ** length)
        throw new UndisplayableError('undecodable', 'a JPEG Huffman table that contradicts itself');
      lookup.fill((length << 8) | symbol, code << (16 - length), (code + 1) << (16 - length));
      codes[symbol] = code;
      lengths[symbol] = length;
    }
    code <<= 1;
  }
  return { counts, symbols, lookup, codes, lengths };
}

/** A DHT segment, marker and length included. */
export function writeTables(tables: HuffmanTables): Uint8Array {
  const parts: number[] = [];
  for (const [id, { counts, symbols }] of tables) parts.push(id, ...counts, ...symbols);
  const length = parts.length + 2;
  return Uint8Array.from([0xff, 0xc4, length >> 8, length & 255, ...parts]);
}

const RESERVED = 256;

/** The best table for symbols that occur so often (K.2); the code of all ones stays free, as C.2 demands. */
export function optimisedTable(occurrences: Uint32Array): HuffmanTable {
  const frequency = new Float64Array(257);
  frequency.set(occurrences);
  frequency[RESERVED] = 1;
  const size = new Uint8Array(257);
  const other = new Int32Array(257).fill(-1);
  for (;;) {
    const least = leastFrequent(frequency, -1);
    const second = leastFrequent(frequency, least);
    if (second < 0) break;
    frequency[least] = (frequency[least] as number) + (frequency[second] as number);
    frequency[second] = 0;
    lengthen(least, size, other, second);
    lengthen(second, size, other);
  }
  const perLength = limitedLengths(size);
  const symbols: number[] = [];
  for (let length = 1; length <= 256; length++)
    for (let symbol = 0; symbol < 256; symbol++) if (size[symbol] === length) symbols.push(symbol);
  return makeTable(perLength, Uint8Array.from(symbols));
}

/** The least frequent symbol but `not`; of equals the last, so that the reserved one gets a longest code. */
function leastFrequent(frequency: Float64Array, not: number): number {
  let found = -1;
  for (let symbol = 0; symbol <= RESERVED; symbol++) {
    const often = frequency[symbol] as number;
    if (often > 0 && symbol !== not && (found < 0 || often <= (frequency[found] as number))) found = symbol;
  }
  return found;
}

/** One bit more for every symbol of a chain; another chain is hung on its end. */
function lengthen(first: number, size: Uint8Array, other: Int32Array, append?: number): void {
  let at = first;
  for (;;) {
    size[at] = (size[at] as number) + 1;
    if ((other[at] as number) < 0) break;
    at = other[at] as number;
  }
  if (append !== undefined) other[at] = append;
}

/** Codes longer than 16 bits are shortened (K.2, Adjust_BITS), and one code, the reserved one's, is taken away. */
function limitedLengths(size: Uint8Array): Uint8Array {
  const bits = new Int32Array(258);
  for (const length of size) if (length > 0) bits[length] = (bits[length] as number) + 1;
  for (let length = 257; length > 16; length--) {
    while ((bits[length] as number) > 0) {
      let shorter = length - 2;
      while (bits[shorter] === 0) shorter--;
      bits[length] = (bits[length] as number) - 2;
      bits[length - 1] = (bits[length - 1] as number) + 1;
      bits[shorter + 1] = (bits[shorter + 1] as number) + 2;
      bits[shorter] = (bits[shorter] as number) - 1;
    }
  }
  let longest = 16;
  while (bits[longest] === 0) longest--;
  bits[longest] = (bits[longest] as number) - 1;
  return Uint8Array.from(bits.subarray(1, 17));
}
