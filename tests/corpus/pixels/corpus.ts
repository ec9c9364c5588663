/** The public files these tests read in place; where they are not there, the tests say so and skip. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readPart10 } from '../../../shared/dicom/index.ts';
import type { PreviewSource } from '../../../shared/pixels/preview.ts';

export const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
export const hasCorpus = existsSync(CORPUS);

/** Paths of all files that may be instances. */
export function corpusFiles(): string[] {
  if (!hasCorpus) return [];
  return readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/\.(csv|md|zip|gz)$/.test(path) && statSync(CORPUS + path).isFile())
    .sort();
}

/** A source over the whole file that counts what is read from it. */
export function openCorpusFile(path: string): PreviewSource & { bytesRead: number } {
  const bytes = readFileSync(CORPUS + path);
  const source = {
    part10: readPart10(bytes),
    bytesRead: 0,
    read: async (start: number, length: number) => {
      source.bytesRead += length;
      return bytes.subarray(start, start + length);
    },
  };
  return source;
}
