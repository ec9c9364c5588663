/** The list that closes an upload: a line of JSON for each file that was sent, in the order of paths, gzip-compressed. */

import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { SentFile } from './journal.ts';

/** The bytes of the manifest; the same files give the same bytes. */
export async function manifestOf(files: Iterable<SentFile>): Promise<Buffer> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const lines = function* () {
    for (const { path, size, sha256, crc64nvme } of sorted)
      yield `${JSON.stringify({ path, size, sha256, crc64nvme })}\n`;
  };
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(lines()).pipe(createGzip())) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
