/** Reads a ZIP whose entries are stored: by its central directory, checking each CRC-32. */
import { crc32 } from 'node:zlib';
import { readDirectory } from '../../shared/archive/zip/central-directory.ts';
import { LOCAL_HEADER_BYTES, STORED } from '../../shared/archive/zip/entry.ts';
import { dataStart } from '../../shared/archive/zip/local-header.ts';

/** More than any local header has after its fixed part. */
const LONGEST_NAME = 1 << 17;

export async function readZip(zip: Buffer): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readDirectory({
    size: zip.length,
    read: async (start, length) => zip.subarray(start, start + length),
    stream: async (start, length) =>
      (async function* () {
        yield zip.subarray(start, start + length);
      })(),
  });
  return entries.map((entry) => {
    if (entry.method !== STORED) throw new Error(`${entry.name} is not stored`);
    const header = zip.subarray(entry.offset, entry.offset + LOCAL_HEADER_BYTES + LONGEST_NAME);
    const start = dataStart(entry, header);
    const bytes = zip.subarray(start, start + entry.size);
    if (crc32(bytes) !== entry.crc32) throw new Error(`the checksum of ${entry.name} is wrong`);
    return { name: entry.name, bytes };
  });
}
