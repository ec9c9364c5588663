/**
 * The bytes of an object in their order, a block at a time; what is being read stays on disk although it is deleted meanwhile.
 */
import { createHash } from 'node:crypto';
import { close, read } from 'node:fs';
import type { BlobStore, Extent } from './blob-store.ts';
import { type ChecksumAlgorithm, startChecksum } from './checksums.ts';

const BLOCK_BYTES = 512 << 10;

/**
 * The blocks of the extents. The buffer is used again for the next block: whoever takes one must be done with it, or have
 * copied it, before asking for another.
 */
export async function* blocksOf(blobs: BlobStore, extents: readonly Extent[]): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  blobs.retain(extents);
  try {
    for (const [blob, start, length] of extents) {
      const file = blobs.open(blob);
      try {
        for (let done = 0; done < length; ) {
          const bytes = await readAt(file, buffer, Math.min(BLOCK_BYTES, length - done), start + done);
          if (bytes === 0) throw new Error('a blob is shorter than its record says');
          done += bytes;
          yield buffer.subarray(0, bytes);
        }
      } finally {
        close(file, () => {});
      }
    }
  } finally {
    blobs.release(extents);
  }
}

function readAt(file: number, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, buffer, 0, length, position, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** The MD5 of the extents, for the ETag of a copy. */
export async function md5Of(blobs: BlobStore, extents: readonly Extent[]): Promise<string> {
  const hash = createHash('md5');
  for await (const block of blocksOf(blobs, extents)) hash.update(block);
  return hash.digest('hex');
}

/** A checksum of the extents in base64. */
export async function checksumOf(
  blobs: BlobStore,
  extents: readonly Extent[],
  algorithm: ChecksumAlgorithm,
): Promise<string> {
  const checksum = startChecksum(algorithm);
  for await (const block of blocksOf(blobs, extents)) checksum.update(block);
  return checksum.digest().toString('base64');
}
