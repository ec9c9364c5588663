/** The DICOM files of the corpus beside the project, where it is present. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));

export const hasCorpus = existsSync(ROOT);

/** Paths below the corpus; its texts and archives apart. */
export const corpusFiles: readonly string[] = hasCorpus
  ? readdirSync(ROOT, { recursive: true })
      .map(String)
      .filter((name) => !/\.(?:csv|md|zip)$/.test(name) && statSync(join(ROOT, name)).isFile())
      .sort()
  : [];

export function corpusPath(name: string): string {
  return join(ROOT, name);
}
