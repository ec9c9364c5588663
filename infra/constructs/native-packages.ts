/**
 * The packages that a bundle cannot hold, because they load native code or WebAssembly from beside themselves. They are
 * copied into the bundle's `node_modules` with what they depend on, and nothing of them that never runs.
 *
 * sharp's native part for Lambda's linux-arm64 is not what a laptop installs: `scripts/vendor-sharp.ts` fetches it.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyTextPackage, TEXT_PACKAGES } from './text-packages.ts';

/** Where a bundle is to run: on Lambda, or on the machine that synthesises. */
export type Target = 'linux-arm64' | 'linux-x64' | 'host';

const project = fileURLToPath(new URL('../..', import.meta.url));
const INSTALLED = join(project, 'node_modules');
/** Where `scripts/vendor-sharp.ts` installs sharp for linux-arm64. */
export const VENDORED_SHARP = join(INSTALLED, '.cache/filmroom/sharp-linux-arm64');

/** The packages left out of bundles. */
export const NATIVE_PACKAGES = [
  'sharp',
  '@cornerstonejs/codec-charls',
  '@cornerstonejs/codec-openjpeg',
  '@cornerstonejs/codec-openjph',
  'dcmjs-codecs',
  '@hyzyla/pdfium',
  ...TEXT_PACKAGES,
] as const;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
}

/** Copies what the specifiers (`sharp`, `@cornerstonejs/codec-charls/decodewasmjs`) need to `node_modules` of the folder. */
export function copyNativePackages(specifiers: readonly string[], target: Target, folder: string): void {
  for (const specifier of specifiers) {
    if (specifier === 'sharp') copySharp(target, folder);
    else if (!copyTextPackage(specifier, INSTALLED, machineOf(target), folder)) copyEntry(specifier, folder);
  }
}

function machineOf(target: Target): string {
  return target === 'host' ? `${process.platform}-${process.arch}` : target;
}

/** The tree that holds sharp for the target, or throws saying how to get it. */
export function sharpTree(target: Target): string {
  const host = `${process.platform}-${process.arch}`;
  if (target === 'host' || target === host) return INSTALLED;
  const tree = join(VENDORED_SHARP, 'node_modules');
  if (target === 'linux-arm64' && existsSync(join(tree, '@img/sharp-linux-arm64'))) return tree;
  throw new Error(
    target === 'linux-arm64'
      ? 'sharp for linux-arm64 is not here: run `npx tsx scripts/vendor-sharp.ts` with a network (npm install does it)'
      : `sharp for ${target} is not installed on ${host}: synthesise for arm64, or on ${target}`,
  );
}

function copySharp(target: Target, folder: string): void {
  const tree = sharpTree(target);
  const pending = ['sharp'];
  const seen = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const from = join(tree, name);
    const { dependencies, optionalDependencies } = readManifest(from);
    pending.push(...Object.keys(dependencies ?? {}));
    // Of the optional ones npm has installed those of one platform.
    pending.push(
      ...Object.keys(optionalDependencies ?? {}).filter((optional) => existsSync(join(tree, optional))),
    );
    copyPackage(from, join(folder, 'node_modules', name));
  }
}

/** A file of the package that never runs: sources in C++, declarations, the scripts that build it. */
function isForBuilding(path: string): boolean {
  return /\/(src|install|bin)$|\.(d\.[cm]?ts|h|hpp|cc|gyp|md|map)$/.test(path);
}

function copyPackage(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !isForBuilding(path.slice(from.length)) });
}

// A codec package holds four builds of itself; the one imported is a script and the module of the same name beside it.
function copyEntry(specifier: string, folder: string): void {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const from = join(INSTALLED, name);
  const to = join(folder, 'node_modules', name);
  const { exports } = readManifest(from);
  const path = `.${specifier.slice(name.length)}`;
  // Without `exports`, or where they open a whole folder, a specifier is the path of a file.
  const isPath = exports === undefined || exports[`${dirname(path)}/*`] !== undefined;
  const entry = isPath ? path : exports[path];
  if (!entry) throw new Error(`${name} has no export for ${specifier}`);
  const directory = dirname(entry);
  const stem = basename(entry, extname(entry));
  mkdirSync(join(to, directory), { recursive: true });
  const files = readdirSync(join(from, directory)).filter((file) => basename(file, extname(file)) === stem);
  // Not every package brings the text of its licence.
  const beside = ['package.json', 'LICENSE', 'LICENSE.txt', 'LICENSE.md'].filter((file) =>
    existsSync(join(from, file)),
  );
  for (const file of [...beside, ...files.map((file) => join(directory, file))]) {
    cpSync(join(from, file), join(to, file));
  }
}

function readManifest(packageFolder: string): Manifest {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as Manifest;
}
