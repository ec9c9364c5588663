/** Plans how entries are read: many small ones that lie together in one range, large ones by themselves. */
import { LOCAL_HEADER_BYTES, type ZipEntry } from './entry.ts';

/** Entries that are read in one range, in the order of their bytes. */
export interface Window {
  readonly start: number;
  readonly length: number;
  readonly entries: readonly ZipEntry[];
}

export interface WindowLimits {
  /** Bytes of one range. Default 8 MiB: a few of them are held at once. */
  readonly maximumBytes: number;
  /** Bytes between two entries that are read in vain rather than begin another range. Default 64 KiB. */
  readonly maximumGap: number;
}

export const WINDOW_LIMITS: WindowLimits = { maximumBytes: 8 * 1024 * 1024, maximumGap: 64 * 1024 };

/** A local extra field is rarely longer than the few dozen bytes that times and ids of users take. */
const EXTRA_ALLOWANCE = 1024;

/** The bytes that certainly hold header and bytes of the entry, unless its extra field is of unusual length. */
function reachOf({ offset, nameBytes, compressedSize, limit }: ZipEntry): number {
  return Math.min(limit, offset + LOCAL_HEADER_BYTES + nameBytes.length + EXTRA_ALLOWANCE + compressedSize);
}

/** Windows over the entries; an entry that does not fit into one has a window of its own, longer than the limit. */
export function planWindows(
  entries: readonly ZipEntry[],
  { maximumBytes, maximumGap }: WindowLimits = WINDOW_LIMITS,
): Window[] {
  const windows: { start: number; end: number; entries: ZipEntry[] }[] = [];
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    const end = reachOf(entry);
    const last = windows.at(-1);
    if (last && entry.offset - last.end <= maximumGap && end - last.start <= maximumBytes) {
      last.end = Math.max(last.end, end);
      last.entries.push(entry);
    } else {
      windows.push({ start: entry.offset, end, entries: [entry] });
    }
  }
  return windows.map(({ start, end, entries: within }) => ({ start, length: end - start, entries: within }));
}
