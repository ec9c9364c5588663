/** Reads files that other programs may be writing: what was read is one state of the file, or it is not used. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { crc64nvme } from '../../shared/checksum/crc64nvme.ts';
import type { LocalFile } from '../ingest/list-files.ts';
import type { SentFile } from './journal.ts';

/** The file changed while it was read. */
export class FileChanged extends Error {}

/** Why a file cannot be read, where it is the file's own fault; undefined where it is not. */
export function readFault(error: unknown): string | undefined {
  if (error instanceof FileChanged) return 'it changes while it is read';
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'it is not there any more';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read';
    case 'EIO':
      return 'the disk cannot read it';
    case 'EISDIR':
      return 'it is a folder now';
    default:
      return undefined;
  }
}

export interface OpenFile {
  readonly size: number;
  readonly modifiedAt: number;
  /** So many bytes from there on. */
  read(start: number, length: number): Promise<Buffer>;
  /** Throws where the file is not what it was when it was opened. */
  checkUnchanged(): Promise<void>;
}

/** Opens the file for the work and closes it again. */
export async function withFile<T>(file: LocalFile, work: (file: OpenFile) => Promise<T>): Promise<T> {
  const handle = await open(file.file, 'r');
  try {
    const { size, mtimeMs: modifiedAt } = await handle.stat();
    return await work({
      size,
      modifiedAt,
      read: (start, length) => readFully(handle, start, length),
      async checkUnchanged() {
        const now = await handle.stat();
        if (now.size !== size || now.mtimeMs !== modifiedAt) throw new FileChanged();
      },
    });
  } finally {
    await handle.close();
  }
}

/** A file that is sent in one request: its bytes and what is said of them. */
export function readWhole(file: LocalFile): Promise<{ bytes: Buffer; facts: SentFile }> {
  return withFile(file, async (opened) => {
    // Memory was set aside for the size that it had.
    if (opened.size > file.size) throw new FileChanged();
    const bytes = await opened.read(0, opened.size);
    await opened.checkUnchanged();
    const facts = {
      path: file.path,
      size: opened.size,
      modifiedAt: opened.modifiedAt,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      crc64nvme: crc64nvme(bytes),
    };
    return { bytes, facts };
  });
}

async function readFully(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) throw new FileChanged();
    done += bytesRead;
  }
  return bytes;
}
