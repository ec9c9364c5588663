/**
 * Builds the link page, the upload page and the page of staff to a folder that is served as it stands: of each an HTML file, a script and a
 * style sheet, all from the same origin, nothing inline, so that the strictest Content-Security-Policy holds. What a page fetches when
 * it is wanted, the viewer and the print sheet, stands under `parts/`, named by its content.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What libraries import and the page has no use for; the parts of a package stay themselves. */
const ALIASES = {
  dcmjs: join(here, 'absent/dcmjs.ts'),
  xmlbuilder2: join(here, 'absent/xmlbuilder2.ts'),
  '@cornerstonejs/metadata': join(here, 'absent/cornerstone-metadata.ts'),
  ...Object.fromEntries(
    [
      'enums',
      'metaData',
      'utilities/calibratedPixelSpacingMetadataProvider',
      'utilities/getPixelSpacingInformation',
      'utilities/imageIdToURI',
      'utilities/isVideoTransferSyntax',
    ].map((part) => [`@cornerstonejs/metadata/${part}`, `@cornerstonejs/metadata/${part}`]),
  ),
};

const PAGES = [
  { page: 'index.html', script: 'link-page' },
  { page: 'upload.html', script: 'upload-page' },
  { page: 'staff.html', script: 'staff-page' },
] as const;

/** Writes the files of the page into `outDir`, which is made if need be. */
export function buildWeb(outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  cpSync(join(here, 'favicon.svg'), join(outDir, 'favicon.svg'));
  const { metafile } = buildSync({
    entryPoints: PAGES.flatMap(({ script }) => [join(here, `${script}.ts`), join(here, `${script}.css`)]),
    outdir: outDir,
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    alias: ALIASES,
    target: ['es2022', 'chrome111', 'firefox111', 'safari16.4'],
    external: ['/favicon.svg'],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    // Where aliases are looked for.
    absWorkingDir: here,
  });
  for (const { page, script } of PAGES) {
    const html = readFileSync(join(here, page), 'utf8');
    writeFileSync(
      join(outDir, page),
      html.replace('</head>', `${preloads(metafile, outDir, `${script}.js`)}</head>`),
    );
  }
}

/** What the script imports at once is named in the page, so that it is asked for together with the script and not after it. */
function preloads({ outputs }: Metafile, outDir: string, script: string): string {
  const parts = (outputs[relative(here, join(outDir, script))]?.imports ?? []).filter(
    ({ kind }) => kind === 'import-statement',
  );
  return parts
    .map(({ path }) => `  <link rel="modulepreload" href="/${relative(outDir, join(here, path))}" />\n  `)
    .join('');
}
