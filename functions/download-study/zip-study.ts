/**
 * Writes a study as a ZIP archive that is never held: entries are stored as they are, since pixels hardly compress, and its
 * length is known before its first byte. Every entry has the same date, so that nothing is told by it.
 */
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ArchiveEntry } from './archive-entries.ts';

export interface ZippedStudy {
  readonly length: number;
  readonly stream: NodeJS.ReadableStream;
}

const DATE = new Date(Date.UTC(2000, 0, 1));

/** The archive of the entries; `open` is called for one after the other. */
export function zipStudy(
  entries: readonly ArchiveEntry[],
  open: (index: number) => Promise<Readable>,
): Promise<ZippedStudy> {
  const zip = new ZipFile();
  const { outputStream } = zip;
  zip.on('error', (error: Error) => outputStream.emit('error', error));
  entries.forEach(({ name, size }, index) => {
    zip.addReadStreamLazy(
      name,
      { size, compress: false, mtime: DATE, forceDosTimestamp: true },
      (callback) => {
        open(index).then(
          (stream) => callback(null, stream),
          (error: unknown) => callback(error, undefined as unknown as Readable),
        );
      },
    );
  });
  return new Promise((resolve, reject) => {
    zip.end({ forceZip64Format: false, comment: '' }, ((length: number) => {
      if (length < 0) reject(new Error('the length of the archive is not known'));
      else resolve({ length, stream: outputStream });
    }) as () => void);
  });
}
