/**
 * Reads the central directory of a ZIP archive and refuses one that cannot be trusted: entries that overlap each other or
 * the directory, counts that differ, sizes over the limits.
 */
import { UnprocessableInstanceError } from '../../errors.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../limits.ts';
import type { RangedSource } from '../ranged-source.ts';
import { corrupt, hex, overLimit } from '../refuse.ts';
import { bufferOf, findDirectory, safe } from './end-record.ts';
import { isFolder, LOCAL_HEADER_BYTES, type ZipEntry } from './entry.ts';
import { decodeEntryName } from './entry-name.ts';

const HEADER_BYTES = 46;
const SIGNATURE = 0x02014b50;
const ZIP64_FIELD = 0x0001;
const FULL_32 = 0xffffffff;

/** All entries in the order of the directory, folders too. */
export async function readDirectory(
  source: RangedSource,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<ZipEntry[]> {
  const { entries: announced, start, length, tail } = await findDirectory(source, limits);
  const directory =
    start >= tail.start
      ? tail.bytes.subarray(start - tail.start, start - tail.start + length)
      : bufferOf(await source.read(start, length));
  const entries: Omit<ZipEntry, 'limit'>[] = [];
  let at = 0;
  while (at < directory.length) {
    if (entries.length >= announced) throw corrupt(`central directory goes on after ${announced} entries`);
    const { entry, end } = readHeader(directory, at, entries.length);
    entries.push(entry);
    at = end;
  }
  if (entries.length !== announced)
    throw corrupt(`central directory has ${entries.length} of ${announced} entries`);
  const bounded = withLimits(entries, start);
  checkSizes(bounded, source.size, limits);
  return bounded;
}

function readHeader(
  directory: Buffer,
  at: number,
  index: number,
): { entry: Omit<ZipEntry, 'limit'>; end: number } {
  if (at + HEADER_BYTES > directory.length || directory.readUInt32LE(at) !== SIGNATURE)
    throw corrupt(`entry ${index}: no central header`);
  const nameLength = directory.readUInt16LE(at + 28);
  const extraLength = directory.readUInt16LE(at + 30);
  const commentLength = directory.readUInt16LE(at + 32);
  const extraStart = at + HEADER_BYTES + nameLength;
  const end = extraStart + extraLength + commentLength;
  if (end > directory.length) throw corrupt(`entry ${index}: central header is cut off`);
  const flags = directory.readUInt16LE(at + 8);
  if ((flags & 0x2000) !== 0)
    throw new UnprocessableInstanceError('archive-encrypted', 'central directory is encrypted');
  const nameBytes = directory.subarray(at + HEADER_BYTES, extraStart);
  const wide = wideNumbers(directory.subarray(extraStart, extraStart + extraLength), index);
  return {
    end,
    entry: {
      index,
      name: decodeEntryName(nameBytes, flags),
      nameBytes,
      flags,
      method: directory.readUInt16LE(at + 10),
      crc32: directory.readUInt32LE(at + 16),
      // The order in which the ZIP64 field holds what did not fit (APPNOTE 4.5.3).
      size: wide(directory.readUInt32LE(at + 24)),
      compressedSize: wide(directory.readUInt32LE(at + 20)),
      offset: wide(directory.readUInt32LE(at + 42)),
    },
  };
}

/** Replaces each number that is all ones by the next one of the ZIP64 field. */
function wideNumbers(extra: Buffer, index: number): (narrow: number) => number {
  const field = findField(extra, ZIP64_FIELD);
  let at = 0;
  return (narrow) => {
    if (narrow !== FULL_32) return narrow;
    if (!field || at + 8 > field.length) throw corrupt(`entry ${index}: ZIP64 field is missing`);
    const value = safe(field.readBigUInt64LE(at));
    at += 8;
    return value;
  };
}

/** The value of an extra field (APPNOTE 4.5.1). */
export function findField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}

/** Gives each entry the place where it must have ended; entries that share bytes are how small archives become huge. */
function withLimits(entries: readonly Omit<ZipEntry, 'limit'>[], directoryStart: number): ZipEntry[] {
  const byOffset = [...entries].sort((a, b) => a.offset - b.offset);
  const bounded: ZipEntry[] = new Array(entries.length);
  byOffset.forEach((entry, position) => {
    const limit = byOffset[position + 1]?.offset ?? directoryStart;
    if (entry.offset + LOCAL_HEADER_BYTES + entry.nameBytes.length + entry.compressedSize > limit)
      throw corrupt(`entry ${entry.index} at ${hex(entry.offset)} reaches over ${hex(limit)}`);
    bounded[entry.index] = { ...entry, limit };
  });
  return bounded;
}

function checkSizes(entries: readonly ZipEntry[], archiveSize: number, limits: ArchiveLimits): void {
  const total = entries.reduce((sum, entry) => sum + (isFolder(entry) ? 0 : entry.size), 0);
  if (total > limits.maximumTotalBytes) throw overLimit('expanded bytes', total, limits.maximumTotalBytes);
  if (total > limits.ratioFloorBytes && total > archiveSize * limits.maximumRatio)
    throw overLimit('expansion ratio', Math.round(total / archiveSize), limits.maximumRatio);
}
