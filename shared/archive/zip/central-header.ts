/** One header of the central directory (APPNOTE 4.3.12), with the numbers of its ZIP64 field put in. */
import { UnprocessableInstanceError } from '../../errors.ts';
import { corrupt } from '../refuse.ts';
import { safe } from './end-record.ts';
import type { ZipEntry } from './entry.ts';

const HEADER_BYTES = 46;
const SIGNATURE = 0x02014b50;
const ZIP64_FIELD = 0x0001;
const FULL_32 = 0xffffffff;

/** The longest header: name, extra field and comment of 65,535 bytes each. */
export const MAXIMUM_HEADER_BYTES = HEADER_BYTES + 3 * 65_535;

/** What a header says; its name is not text yet, and what follows the entry is not known. */
export type CentralHeader = Omit<ZipEntry, 'name' | 'limit'>;

/** The header at an offset of the bytes, and where the next one begins; undefined where the bytes end within it. */
export function readCentralHeader(
  bytes: Buffer,
  at: number,
  index: number,
): { readonly header: CentralHeader; readonly end: number } | undefined {
  if (at + 4 <= bytes.length && bytes.readUInt32LE(at) !== SIGNATURE)
    throw corrupt(`entry ${index}: no central header`);
  if (at + HEADER_BYTES > bytes.length) return undefined;
  const nameLength = bytes.readUInt16LE(at + 28);
  const extraLength = bytes.readUInt16LE(at + 30);
  const extraStart = at + HEADER_BYTES + nameLength;
  const end = extraStart + extraLength + bytes.readUInt16LE(at + 32);
  if (end > bytes.length) return undefined;
  const flags = bytes.readUInt16LE(at + 8);
  if ((flags & 0x2000) !== 0)
    throw new UnprocessableInstanceError('archive-encrypted', 'central directory is encrypted');
  const wide = wideNumbers(bytes.subarray(extraStart, extraStart + extraLength), index);
  return {
    end,
    header: {
      index,
      nameBytes: bytes.subarray(at + HEADER_BYTES, extraStart),
      flags,
      method: bytes.readUInt16LE(at + 10),
      crc32: bytes.readUInt32LE(at + 16),
      // The order in which the ZIP64 field holds what did not fit (APPNOTE 4.5.3).
      size: wide(bytes.readUInt32LE(at + 24)),
      compressedSize: wide(bytes.readUInt32LE(at + 20)),
      offset: wide(bytes.readUInt32LE(at + 42)),
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
