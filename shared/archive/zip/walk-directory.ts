/** Walks the headers of a central directory by windows, so that one of a million entries is never held. */
import type { RangedSource } from '../ranged-source.ts';
import { corrupt } from '../refuse.ts';
import { type CentralHeader, MAXIMUM_HEADER_BYTES, readCentralHeader } from './central-header.ts';
import { bufferOf } from './end-record.ts';

/** Headers that lie together in the source. */
export interface HeaderRange {
  readonly start: number;
  readonly length: number;
  /** The number of the first entry, and how many there are. */
  readonly firstEntry: number;
  readonly entries: number;
}

/** Bytes that were read already. */
export interface HeldBytes {
  readonly start: number;
  readonly bytes: Buffer;
}

/** What is read at once. Any header fits into it. */
const WINDOW_BYTES = 2 * 1024 * 1024;

/** A header and where in the source it stands. */
export interface PlacedHeader {
  readonly header: CentralHeader;
  readonly start: number;
  readonly end: number;
}

/** Each header in order; refuses a range that has more of them, or fewer, than it says. */
export async function* walkDirectory(
  source: RangedSource,
  range: HeaderRange,
  held?: HeldBytes,
): AsyncGenerator<PlacedHeader> {
  const end = range.start + range.length;
  const last = range.firstEntry + range.entries;
  let index = range.firstEntry;
  let window =
    held !== undefined && held.start <= range.start ? held : { start: range.start, bytes: Buffer.alloc(0) };
  for (let at = range.start; at < end; ) {
    if (index >= last) throw corrupt(`central directory goes on after ${last} entries`);
    const within = window.bytes.subarray(0, Math.max(0, end - window.start));
    const found = readCentralHeader(within, at - window.start, index);
    if (found === undefined) {
      const isWhole = window.start === at && within.length >= Math.min(end - at, MAXIMUM_HEADER_BYTES);
      if (isWhole || window.start + within.length >= end)
        throw corrupt(`entry ${index}: central header is cut off`);
      window = { start: at, bytes: bufferOf(await source.read(at, Math.min(WINDOW_BYTES, end - at))) };
      if (window.bytes.length === 0) throw corrupt(`entry ${index}: central header is cut off`);
      continue;
    }
    const next = window.start + found.end;
    yield { header: found.header, start: at, end: next };
    index++;
    at = next;
  }
  if (index !== last) throw corrupt(`central directory has ${index} of ${last} entries`);
}
