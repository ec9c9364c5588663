/** What a deployed function consists of: one file, and the native packages that it imports, for where it will run. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../infra/constructs/function-bundle.ts';
import { sharpTree, type Target, VENDORED_SHARP } from '../../infra/constructs/native-packages.ts';

const parent = mkdtempSync(join(tmpdir(), 'filmroom-bundle-test-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

let made = 0;
function bundle(source: string, target: Target = 'host'): string {
  const folder = join(parent, String(made++));
  mkdirSync(folder);
  writeFileSync(join(folder, 'handler.ts'), source);
  bundleFunction(join(folder, 'handler.ts'), target, join(folder, 'out'));
  return join(folder, 'out');
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Calls the bundle as Lambda does: from its own folder, with nothing else installed around it. */
function call(folder: string): unknown {
  const script = 'require("./index.js").handler().then((answer) => console.log(JSON.stringify(answer)))';
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' }));
}

const PLAIN = `
  class OneOfOurs extends Error {}
  export const handler = async (): Promise<string> => new OneOfOurs().constructor.name;`;
const DRAWS = `
  import sharp from 'sharp';
  import charls from '@cornerstonejs/codec-charls/decodewasmjs';
  export const handler = async () => {
    const picture = await sharp({ create: { width: 2, height: 3, channels: 3, background: 'red' } }).webp().toBuffer();
    const codec = await charls();
    return { ...(await sharp(picture).metadata()), decoder: typeof codec.JpegLSDecoder };
  };`;

describe('the bundle of a function', () => {
  it('is one file where nothing native is imported, and names survive', () => {
    const folder = bundle(PLAIN);
    expect(filesOf(folder)).toEqual(['index.js']);
    expect(call(folder)).toBe('OneOfOurs');
  });

  it('holds the native packages that it imports, and runs with nothing else installed', () => {
    const folder = bundle(DRAWS);
    expect(call(folder)).toMatchObject({ format: 'webp', width: 2, height: 3, decoder: 'function' });
  });

  it('holds of a codec the one build that is imported, and of sharp nothing that is for building', () => {
    const files = filesOf(bundle(DRAWS));
    expect(files.filter((file) => file.includes('codec-'))).toEqual([
      'node_modules/@cornerstonejs/codec-charls/LICENSE',
      'node_modules/@cornerstonejs/codec-charls/dist/charlswasm_decode.js',
      'node_modules/@cornerstonejs/codec-charls/dist/charlswasm_decode.wasm',
      'node_modules/@cornerstonejs/codec-charls/package.json',
    ]);
    expect(files.filter((file) => /\.(cc|h|ts)$/.test(file))).toEqual([]);
  });

  it('is the same bytes for the same source, so that what did not change is not deployed', () => {
    const digest = (folder: string) =>
      createHash('sha256')
        .update(readFileSync(join(folder, 'index.js')))
        .digest('hex');
    expect(digest(bundle(PLAIN))).toBe(digest(bundle(PLAIN)));
  });

  it('cannot be made of a handler that is not there', () => {
    expect(() => bundleFunction(join(parent, 'nowhere/handler.ts'), 'host', join(parent, 'none'))).toThrow(
      /nowhere/,
    );
  });
});

const project = new URL('../../', import.meta.url);
const manifest = (path: string) => JSON.parse(readFileSync(new URL(path, project), 'utf8'));
const pinned: string = manifest('package.json').dependencies.sharp;

describe('sharp for linux-arm64', () => {
  it('is locked at the version that the project uses, with checksums and without the address of a registry', () => {
    expect(manifest('infra/sharp-arm64/package.json').dependencies).toEqual({ sharp: pinned });
    const { packages } = manifest('infra/sharp-arm64/package-lock.json');
    expect(packages['node_modules/sharp'].version).toBe(pinned);
    const entries = Object.entries<Record<string, unknown>>(packages).filter(([path]) => path !== '');
    for (const [, entry] of entries) {
      expect(entry.integrity).toMatch(/^sha512-/);
      expect(entry.resolved).toBeUndefined();
    }
  });

  it('cannot be packed for a machine that it is not installed for', () => {
    const elsewhere: Target = process.arch === 'x64' ? 'linux-arm64' : 'linux-x64';
    if (elsewhere === 'linux-x64' || !existsSync(VENDORED_SHARP)) {
      expect(() => sharpTree(elsewhere)).toThrow(/vendor-sharp|synthesise for arm64/);
    } else {
      expect(sharpTree(elsewhere)).toBe(join(VENDORED_SHARP, 'node_modules'));
    }
  });

  const isVendored = existsSync(join(VENDORED_SHARP, 'package-lock.json'));
  describe.skipIf(!isVendored)(
    isVendored ? 'when fetched' : 'when fetched (skipped: npm had no network)',
    () => {
      it('is packed as code for AArch64, with nothing of this machine', () => {
        const folder = bundle(DRAWS, 'linux-arm64');
        const native = filesOf(folder).filter((file) => /\.node$|\.so[.\d]*$/.test(file));
        expect(native).toEqual([
          expect.stringMatching(/@img\/sharp-libvips-linux-arm64\/lib\/libvips-cpp\.so/),
          `node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64-${pinned}.node`,
        ]);
        for (const file of native) {
          const head = readFileSync(join(folder, file)).subarray(0, 20);
          expect(head.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
          expect(head.readUInt16LE(18)).toBe(183);
        }
      });
    },
  );
});
