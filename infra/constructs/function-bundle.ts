/**
 * The deployed form of a function: one CommonJS file made by esbuild, and beside it the native packages that this
 * function, and no other, imports. The same source gives the same bytes, so an unchanged function is not deployed again.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { FunctionName } from '../../shared/contract/env.ts';
import { copyNativePackages, NATIVE_PACKAGES, type Target } from './native-packages.ts';
import type { Bundles } from './pipeline-function.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles functions from `functions/<name>/handler.ts` into a folder that is removed when the process ends. */
export function functionBundles(target: Target): Bundles {
  const parent = mkdtempSync(join(tmpdir(), 'filmroom-bundles-'));
  process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
  return (name: FunctionName) => {
    const folder = join(parent, name);
    bundleFunction(join(project, 'functions', name, 'handler.ts'), target, folder);
    return folder;
  };
}

/** Bundles the entry file into `index.js` of the folder. */
export function bundleFunction(entry: string, target: Target, folder: string): void {
  if (!existsSync(entry)) throw new Error(`There is no ${entry}`);
  mkdirSync(folder, { recursive: true });
  const { metafile } = buildSync({
    absWorkingDir: project,
    entryPoints: [entry],
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The ECMAScript builds lose what is not used; the CommonJS builds of the SDK do not.
    mainFields: ['module', 'main'],
    external: NATIVE_PACKAGES.flatMap((name) => [name, `${name}/*`]),
    minify: true,
    // Errors are told apart by name, and a stack should name functions.
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const native = imports.filter(({ external, path }) => external && isNative(path)).map(({ path }) => path);
  copyNativePackages([...new Set(native)], target, folder);
}

function isNative(path: string): boolean {
  return NATIVE_PACKAGES.some((name) => path === name || path.startsWith(`${name}/`));
}
