/** Compares the local header of an entry with the central directory: readers that trust the one or the other must agree. */
import { UnprocessableInstanceError } from '../../errors.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../limits.ts';
import { corrupt, hex, overLimit } from '../refuse.ts';
import { bufferOf } from './end-record.ts';
import { DEFLATED, isEncrypted, LOCAL_HEADER_BYTES, STORED, type ZipEntry } from './entry.ts';

const SIGNATURE = 0x04034b50;
const FULL_32 = 0xffffffff;
/** Bit 3: the sizes follow the bytes, and are zero here (APPNOTE 4.4.4). */
const DESCRIPTOR = 0x0008;

/** Refuses, before a byte of it is read, an entry that is not unpacked. */
export function checkEntry(entry: ZipEntry, limits: ArchiveLimits = ARCHIVE_LIMITS): void {
  if (isEncrypted(entry)) throw new UnprocessableInstanceError('archive-encrypted', `entry ${entry.index}`);
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw new UnprocessableInstanceError(
      'unsupported-archive',
      `entry ${entry.index}: compression method ${entry.method}`,
    );
  if (entry.method === STORED && entry.size !== entry.compressedSize)
    throw corrupt(`entry ${entry.index}: ${entry.compressedSize} stored bytes for ${entry.size}`);
  if (entry.nameBytes.length > limits.maximumNameBytes)
    throw overLimit(`entry ${entry.index}: name bytes`, entry.nameBytes.length, limits.maximumNameBytes);
  if (entry.size > limits.maximumEntryBytes)
    throw overLimit(`entry ${entry.index}: bytes`, entry.size, limits.maximumEntryBytes);
  if (entry.size > limits.ratioFloorBytes && entry.size > entry.compressedSize * limits.maximumRatio)
    throw overLimit(
      `entry ${entry.index}: expansion ratio`,
      Math.round(entry.size / Math.max(1, entry.compressedSize)),
      limits.maximumRatio,
    );
}

/** Where the bytes of the entry begin in the source. `header` begins at the entry's offset and holds the name too. */
export function dataStart(entry: ZipEntry, header: Uint8Array): number {
  const local = bufferOf(header);
  const place = `entry ${entry.index} at ${hex(entry.offset)}`;
  if (local.length < LOCAL_HEADER_BYTES || local.readUInt32LE(0) !== SIGNATURE)
    throw corrupt(`${place}: no local header`);
  const flags = local.readUInt16LE(6);
  const nameLength = local.readUInt16LE(26);
  const name = local.subarray(LOCAL_HEADER_BYTES, LOCAL_HEADER_BYTES + nameLength);
  if (!name.equals(entry.nameBytes)) throw corrupt(`${place}: name differs from the directory`);
  if (local.readUInt16LE(8) !== entry.method) throw corrupt(`${place}: method differs from the directory`);
  if (((flags ^ entry.flags) & 0x0041) !== 0)
    throw corrupt(`${place}: encryption differs from the directory`);
  const described = (flags & DESCRIPTOR) !== 0;
  const differs = (at: number, value: number, isWide: boolean) => {
    const own = local.readUInt32LE(at);
    return own !== value && !(described && own === 0) && !(isWide && own === FULL_32);
  };
  if (differs(14, entry.crc32, false)) throw corrupt(`${place}: CRC-32 differs from the directory`);
  if (differs(18, entry.compressedSize, true) || differs(22, entry.size, true))
    throw corrupt(`${place}: size differs from the directory`);
  const start = entry.offset + LOCAL_HEADER_BYTES + nameLength + local.readUInt16LE(28);
  if (start + entry.compressedSize > entry.limit)
    throw corrupt(`${place}: bytes reach over ${hex(entry.limit)}`);
  return start;
}
