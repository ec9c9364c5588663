/** A file as ranged bytes: only what is asked for is read, so that its size does not matter. */
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '../../shared/dicom/index.ts';

export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Opens a file for reading by ranges. */
export async function openFile(path: string | Buffer): Promise<FileSource> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  return {
    size,
    read: (start, length) => readRange(handle, start, Math.min(length, size - start)),
    close: () => handle.close(),
  };
}

async function readRange(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, length));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    filled += bytesRead;
  }
  return bytes;
}
