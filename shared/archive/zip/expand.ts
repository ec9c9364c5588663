/**
 * Expands the bytes of an entry, whole or in pieces. No more bytes are made than the directory announces, none fewer are
 * accepted, and the checksum must be right before the last piece is taken for good.
 */
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { INFLATE_CHUNK_BYTES, through } from '../inflate.ts';
import { corrupt } from '../refuse.ts';
import { STORED, type ZipEntry } from './entry.ts';

/** The bytes of an entry that is small enough to hold. */
export function expand(entry: ZipEntry, compressed: Uint8Array): Uint8Array {
  if (compressed.length !== entry.compressedSize)
    throw corrupt(`entry ${entry.index}: ${compressed.length} of ${entry.compressedSize} compressed bytes`);
  const bytes = entry.method === STORED ? compressed : inflate(entry, compressed);
  if (bytes.length !== entry.size) throw wrongSize(entry, bytes.length);
  if (crc32(bytes) !== entry.crc32) throw wrongChecksum(entry);
  return bytes;
}

function inflate(entry: ZipEntry, compressed: Uint8Array): Uint8Array {
  if (entry.size === 0 && compressed.length === 0) return compressed;
  try {
    return inflateRawSync(compressed, {
      maxOutputLength: Math.max(1, entry.size),
      chunkSize: Math.max(64, entry.size),
    });
  } catch (cause) {
    throw corrupt(`entry ${entry.index}: DEFLATE failed (${zlibCode(cause)})`);
  }
}

/** The bytes of an entry of any size in pieces; it throws in place of the end where they are not what was announced. */
export async function* expandStream(
  entry: ZipEntry,
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let checksum = 0;
  try {
    for await (const piece of entry.method === STORED
      ? compressed
      : through(createInflateRaw({ chunkSize: INFLATE_CHUNK_BYTES }), compressed)) {
      size += piece.length;
      if (size > entry.size) throw wrongSize(entry, size);
      checksum = crc32(piece, checksum);
      yield piece;
    }
  } catch (cause) {
    // A fault of the network is not the archive's.
    if (zlibCode(cause) === 'unknown') throw cause;
    throw corrupt(`entry ${entry.index}: DEFLATE failed (${zlibCode(cause)})`);
  }
  if (size !== entry.size) throw wrongSize(entry, size);
  if (checksum !== entry.crc32) throw wrongChecksum(entry);
}

function wrongSize(entry: ZipEntry, size: number): Error {
  return corrupt(`entry ${entry.index}: ${size} bytes where ${entry.size} are announced`);
}

function wrongChecksum(entry: ZipEntry): Error {
  return corrupt(`entry ${entry.index}: CRC-32 is wrong`);
}

/** zlib's own codes, such as `Z_DATA_ERROR`. */
function zlibCode(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^(Z_|ERR_BUFFER_TOO_LARGE)/.test(code) ? code : 'unknown';
}
