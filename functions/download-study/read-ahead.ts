/** Reads the next small objects while one is being sent, so that a study of many slices does not wait for each of them. */
import { Readable } from 'node:stream';
import type { ArchiveEntry } from './archive-entries.ts';

export interface EntryReader {
  read(key: string): Promise<{ readonly bytes: Uint8Array }>;
  stream(key: string): Promise<AsyncIterable<Uint8Array>>;
}

/** Larger objects are streamed when their turn comes. */
const SMALL = 4 * 1024 * 1024;
/** Small objects that are held or on their way: 32 MiB at most. */
const AHEAD = 8;

/** A function that opens the entry of an index; entries are opened in order. */
export function readAhead(
  entries: readonly ArchiveEntry[],
  reader: EntryReader,
): (index: number) => Promise<Readable> {
  const begun = new Map<number, Promise<Uint8Array>>();
  const begin = (index: number) => {
    const entry = entries[index];
    if (!entry || entry.size > SMALL || begun.has(index)) return;
    const reading = reader.read(entry.key).then(({ bytes }) => bytes);
    // Whoever opens the entry is told; until then the failure is nobody's.
    reading.catch(() => {});
    begun.set(index, reading);
  };
  return async (index) => {
    for (let next = index; next < index + AHEAD; next++) begin(next);
    const entry = entries[index];
    if (!entry) throw new RangeError('no such entry');
    const reading = begun.get(index);
    begun.delete(index);
    if (reading) return Readable.from([await reading]);
    return Readable.from(await reader.stream(entry.key));
  };
}
