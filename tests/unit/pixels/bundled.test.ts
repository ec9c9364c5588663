import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg2000, encodeJpegLossless, encodeJpegLs, type PlainFrame } from './encoders.ts';
import { imageBytes, JPEG_2000, JPEG_LOSSLESS, JPEG_LS } from './image-object.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const entry = `
  import { readFileSync } from 'node:fs';
  import { readPart10 } from '${root}shared/dicom/index.ts';
  import { renderPreview } from '${root}shared/pixels/preview.ts';

  export async function handler(file) {
    const bytes = readFileSync(file);
    const source = { part10: readPart10(bytes), read: async (start, length) => bytes.subarray(start, start + length) };
    const { width, height, placeholder } = await renderPreview(source);
    return { width, height, placeholder };
  }
`;

/** As it is deployed: one CommonJS file, the native and WebAssembly packages beside it, started from anywhere. */
describe('in one bundled file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'filmroom-bundle-'));
  const frame: PlainFrame = {
    width: 64,
    height: 64,
    components: 1,
    bits: 8,
    bytes: new Uint8Array(4096).fill(90),
  };

  let needed: string[] = [];

  beforeAll(async () => {
    const { metafile } = await build({
      stdin: { contents: entry, resolveDir: root, loader: 'ts' },
      outfile: join(folder, 'index.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['sharp', '@cornerstonejs/*', '@hyzyla/*'],
      metafile: true,
      logLevel: 'silent',
    });
    needed = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('the bundler sees each package that is to lie beside it', () => {
    expect(needed).toEqual(
      expect.arrayContaining([
        'sharp',
        '@hyzyla/pdfium/dist/index.cjs',
        '@hyzyla/pdfium/pdfium.wasm',
        '@cornerstonejs/codec-charls/wasmjs',
        '@cornerstonejs/codec-openjpeg/wasmjs',
        '@cornerstonejs/codec-openjph/wasmjs',
        'dcmjs-codecs/build/dcmjs-native-codecs.wasm',
      ]),
    );
  });

  it.each([
    ['JPEG-LS', JPEG_LS, encodeJpegLs],
    ['JPEG 2000', JPEG_2000, encodeJpeg2000],
    ['JPEG lossless', JPEG_LOSSLESS, encodeJpegLossless],
  ])('%s is decoded in its thread, and the process ends by itself', async (_, transferSyntax, encode) => {
    const file = join(folder, 'instance.dcm');
    writeFileSync(
      file,
      imageBytes({ rows: 64, columns: 64, transferSyntax, vr: 'OB' }, { fragments: [await encode(frame)] }),
    );
    const program = `require(${JSON.stringify(join(folder, 'index.js'))}).handler(${JSON.stringify(file)}).then((shown) => console.log(JSON.stringify(shown)))`;

    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', program], {
      cwd: '/',
      encoding: 'utf8',
      timeout: 20_000,
    });

    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toEqual({ width: 64, height: 64 });
  });
});
