/** Finds the central directory from the end of the archive (APPNOTE 4.3.14 to 4.3.16), in one or two ranges. */
import { UnprocessableInstanceError } from '../../errors.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../limits.ts';
import type { RangedSource } from '../ranged-source.ts';
import { corrupt, hex, overLimit } from '../refuse.ts';

const END_BYTES = 22;
const END_SIGNATURE = 0x06054b50;
const LOCATOR_BYTES = 20;
const LOCATOR_SIGNATURE = 0x07064b50;
const END64_BYTES = 56;
const END64_SIGNATURE = 0x06064b50;
/** The end record's comment takes 65,535 bytes at most, and a locator and a ZIP64 record may stand before it. */
const TAIL_BYTES = 65_535 + END_BYTES + LOCATOR_BYTES + END64_BYTES;

export interface DirectoryExtent {
  readonly entries: number;
  readonly start: number;
  readonly length: number;
  /** The last bytes of the source, so that a small directory needs no further range. */
  readonly tail: { readonly start: number; readonly bytes: Buffer };
}

/** Where the central directory stands and how many entries it says it has. */
export async function findDirectory(
  source: RangedSource,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<DirectoryExtent> {
  const tailStart = Math.max(0, source.size - TAIL_BYTES);
  const bytes = bufferOf(await source.read(tailStart, source.size - tailStart));
  const end = findEnd(bytes);
  if (end < 0) throw corrupt('no end of central directory');
  const tail = { start: tailStart, bytes };
  const plain = {
    disk: bytes.readUInt16LE(end + 4),
    directoryDisk: bytes.readUInt16LE(end + 6),
    entries: bytes.readUInt16LE(end + 10),
    length: bytes.readUInt32LE(end + 12),
    start: bytes.readUInt32LE(end + 16),
  };
  const is64 = end >= LOCATOR_BYTES && bytes.readUInt32LE(end - LOCATOR_BYTES) === LOCATOR_SIGNATURE;
  const extent = is64 ? await readEnd64(source, tail, end) : plain;
  if (!is64 && (plain.disk !== 0 || plain.directoryDisk !== 0)) {
    throw new UnprocessableInstanceError('unsupported-archive', 'one volume of several');
  }
  if (extent.entries > limits.maximumEntries)
    throw overLimit('entries', extent.entries, limits.maximumEntries);
  if (extent.length > limits.maximumDirectoryBytes)
    throw overLimit('central directory bytes', extent.length, limits.maximumDirectoryBytes);
  if (extent.start + extent.length > tailStart + end)
    throw corrupt(
      `central directory of ${extent.length} bytes at ${hex(extent.start)} reaches over its end record`,
    );
  return { entries: extent.entries, start: extent.start, length: extent.length, tail };
}

/** The comment may hold the signature as well: the record is the one whose comment reaches exactly to the end. */
function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= 0; at--) {
    if (
      bytes.readUInt32LE(at) === END_SIGNATURE &&
      at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length
    )
      return at;
  }
  return -1;
}

async function readEnd64(
  source: RangedSource,
  tail: DirectoryExtent['tail'],
  end: number,
): Promise<{ entries: number; start: number; length: number }> {
  const offset = safe(tail.bytes.readBigUInt64LE(end - LOCATOR_BYTES + 8));
  if (offset + END64_BYTES > source.size) throw corrupt(`ZIP64 end record at ${hex(offset)} lies outside`);
  const record =
    offset >= tail.start
      ? tail.bytes.subarray(offset - tail.start, offset - tail.start + END64_BYTES)
      : bufferOf(await source.read(offset, END64_BYTES));
  if (record.length < END64_BYTES || record.readUInt32LE(0) !== END64_SIGNATURE)
    throw corrupt(`no ZIP64 end record at ${hex(offset)}`);
  return {
    entries: safe(record.readBigUInt64LE(32)),
    length: safe(record.readBigUInt64LE(40)),
    start: safe(record.readBigUInt64LE(48)),
  };
}

/** Numbers of 64 bits that no archive reaches are lies. */
export function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt('a 64-bit number is out of all bounds');
  return Number(value);
}

/** The same memory as a Buffer, for its readers of numbers. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
