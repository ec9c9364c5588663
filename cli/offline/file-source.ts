/** A file as ranged bytes: only what is asked for is read, so that its size does not matter. */
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '../../shared/dicom/index.ts';

export interface FileSource extends ByteSource {
  /** Fills the buffer with the bytes from `start`. */
  readInto(buffer: Uint8Array, start: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file for reading by ranges. */
export async function openFile(path: string | Buffer): Promise<FileSource> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  return {
    size,
    async read(start, length) {
      // Of its own, so that what is a view of a header does not keep a pool; all of it is filled.
      const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size - start)));
      await readInto(handle, bytes, start);
      return bytes;
    },
    readInto: (buffer, start) => readInto(handle, buffer, start),
    close: () => handle.close(),
  };
}

/** Windows that are held at once by who goes through a file: the one before, the one at hand, and the one asked for ahead. */
const PASSING_BUFFERS = 4;
/** Short enough for the processor's cache. */
export const PASSING_BYTES = 1 << 20;

/** The file for who goes through it by windows of `PASSING_BYTES`: what was read is good until the fourth read after it. */
export function passing(source: FileSource): ByteSource {
  const buffers = Array.from({ length: PASSING_BUFFERS }, () => Buffer.allocUnsafeSlow(PASSING_BYTES));
  let next = 0;
  return {
    size: source.size,
    async read(start, length) {
      if (length > PASSING_BYTES) return source.read(start, length);
      const bytes = (buffers[next++ % PASSING_BUFFERS] as Buffer).subarray(0, length);
      await source.readInto(bytes, start);
      return bytes;
    },
  };
}

async function readInto(handle: FileHandle, buffer: Uint8Array, start: number): Promise<void> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    filled += bytesRead;
  }
}
