/**
 * Builds the link page, the upload page and the page of staff to a folder that is served as it stands: of each an HTML file, a script and a
 * style sheet, all from the same origin, nothing inline, so that the strictest Content-Security-Policy holds.
 */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Writes the files of the page into `outDir`, which is made if need be. */
export function buildWeb(outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  for (const file of ['index.html', 'upload.html', 'staff.html', 'favicon.svg'])
    cpSync(join(here, file), join(outDir, file));
  buildSync({
    entryPoints: ['link-page', 'upload-page', 'staff-page'].flatMap((page) => [
      join(here, `${page}.ts`),
      join(here, `${page}.css`),
    ]),
    outdir: outDir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome111', 'firefox111', 'safari16.4'],
    external: ['/favicon.svg'],
    legalComments: 'none',
    logLevel: 'warning',
  });
}
