/**
 * Expands a GZIP file (RFC 1952), of one member or several, in pieces. It says nowhere how long it will be, so that length and
 * ratio are judged while bytes are made; checksums are zlib's to check, before the last piece is taken for good.
 */
import { createGunzip } from 'node:zlib';
import { INFLATE_CHUNK_BYTES, through } from '../inflate.ts';
import type { ArchiveLimits } from '../limits.ts';
import { corrupt, overLimit } from '../refuse.ts';

/** The expanded bytes; throws in place of the end where the file is damaged or over a limit. */
export async function* gunzip(
  compressed: AsyncIterable<Uint8Array>,
  compressedSize: number,
  limits: ArchiveLimits,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const piece of through(createGunzip({ chunkSize: INFLATE_CHUNK_BYTES }), compressed)) {
      size += piece.length;
      if (size > limits.maximumGzipBytes) throw overLimit('expanded bytes', size, limits.maximumGzipBytes);
      if (size > limits.ratioFloorBytes && size > compressedSize * limits.maximumRatio)
        throw overLimit('expansion ratio', Math.round(size / compressedSize), limits.maximumRatio);
      yield piece;
    }
  } catch (cause) {
    const code = zlibCode(cause);
    // A fault of the network is not the file's.
    if (code === undefined) throw cause;
    throw corrupt(`GZIP failed after ${size} bytes (${code})`);
  }
}

/** zlib's own codes, such as `Z_DATA_ERROR`. */
function zlibCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('Z_') ? code : undefined;
}
