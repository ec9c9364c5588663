/** Lookup tables as the standard writes them: a descriptor of three values and the entries (PS3.3 C.11.1.1, C.7.6.3.1.5). */
import { endianness } from 'node:os';
import type { DataSet, Tag } from '../../dicom/index.ts';

export interface LookupTable {
  /** The input value of the first entry; smaller ones get the first entry, greater ones the last. */
  readonly first: number;
  readonly entries: Uint8Array | Uint16Array;
  /** The greatest output value: 2^bits - 1, or what the entries reach where that is more. */
  readonly maximum: number;
}

const MAXIMUM_ENTRIES = 65_536;

/** Reads a table; undefined where descriptor or entries are absent or contradict each other. */
export function readLookupTable(dataSet: DataSet, descriptorTag: Tag, dataTag: Tag): LookupTable | undefined {
  const descriptor = dataSet.numbers(descriptorTag);
  const words = readEntries(dataSet, dataTag, entryCount(descriptor));
  if (descriptor.length < 3 || words === undefined) return undefined;
  const bits = Math.min(16, descriptor[2] as number);
  let reached = 0;
  for (const entry of words) reached = Math.max(reached, entry);
  return { first: firstInput(descriptor), entries: words, maximum: Math.max(1, 2 ** bits - 1, reached) };
}

/** The number of entries that a descriptor announces, of which 0 stands for 65536. */
export function entryCount(descriptor: readonly number[]): number {
  return (descriptor[0] ?? 0) & 0xffff || MAXIMUM_ENTRIES;
}

/** The input of the first entry; where it is written as US but the table would leave 16 bits, its sign was lost (C.11.2.1.1). */
export function firstInput(descriptor: readonly number[]): number {
  const first = descriptor[1] ?? 0;
  return first >= 0x8000 && first + entryCount(descriptor) > MAXIMUM_ENTRIES
    ? first - MAXIMUM_ENTRIES
    : first;
}

/** The entries as 16-bit words; as bytes where there are just so many bytes as entries. */
function readEntries(dataSet: DataSet, tag: Tag, count: number): Uint8Array | Uint16Array | undefined {
  const element = dataSet.get(tag);
  const value = dataSet.value(tag);
  if (element === undefined || value === undefined || value.length === 0) return undefined;
  if (value.length <= count + (count % 2)) return value.subarray(0, count);
  return wordsOf(value, element.encoding.bigEndian).subarray(0, count);
}

/** The value as 16-bit words in the order of this machine. */
export function wordsOf(value: Uint8Array, bigEndian: boolean): Uint16Array {
  const words = new Uint16Array(Math.floor(value.length / 2));
  const bytes = Buffer.from(words.buffer);
  bytes.set(value.subarray(0, bytes.length));
  if (bigEndian !== (endianness() === 'BE')) bytes.swap16();
  return words;
}

export function lookUpValue({ first, entries }: LookupTable, value: number): number {
  const index = Math.min(entries.length - 1, Math.max(0, Math.round(value) - first));
  return entries[index] as number;
}
