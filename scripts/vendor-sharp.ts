/**
 * Fetches sharp for Lambda's linux-arm64 beside the one that this machine uses, so that `cdk synth` can pack it without
 * Docker. npm runs it after an install. What it installs is locked with checksums in `infra/sharp-arm64`.
 *
 * It never fails an install: without a network only deploying to arm64 has to wait.
 *   npx tsx scripts/vendor-sharp.ts
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VENDORED_SHARP } from '../infra/constructs/native-packages.ts';

const LOCKED = fileURLToPath(new URL('../infra/sharp-arm64', import.meta.url));
/** An ELF file says at byte 18 for which machine it is: 183 is AArch64. */
const AARCH64 = 183;

function main(): void {
  if (process.platform === 'linux' && process.arch === 'arm64') return;
  if (isPresent()) return;
  const fault = install();
  console.log(
    fault === undefined
      ? 'sharp for linux-arm64 is ready for cdk synth'
      : `sharp for linux-arm64 could not be fetched (${fault}); before deploying run: npx tsx scripts/vendor-sharp.ts`,
  );
}

function isPresent(): boolean {
  const installed = join(VENDORED_SHARP, 'package-lock.json');
  return (
    existsSync(installed) &&
    readFileSync(installed, 'utf8') === readFileSync(join(LOCKED, 'package-lock.json'), 'utf8') &&
    nativeFault(VENDORED_SHARP) === undefined
  );
}

/** Installs beside the place and moves there last, so that a broken install is never taken for a whole one. */
function install(): string | undefined {
  const staging = `${VENDORED_SHARP}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      cpSync(join(LOCKED, file), join(staging, file));
    const run = spawnSync(
      'npm',
      [
        'ci',
        '--prefix',
        staging,
        '--cpu=arm64',
        '--os=linux',
        '--libc=glibc',
        '--ignore-scripts',
        '--prefer-offline',
      ],
      {
        cwd: staging,
        env: environmentOfNpm(),
        encoding: 'utf8',
        shell: process.platform === 'win32',
        timeout: 120_000,
      },
    );
    if (run.error) return run.error.message;
    if (run.status !== 0)
      return /npm error code (\S+)/.exec(run.stderr)?.[1] ?? `npm ended with ${run.status}`;
    const fault = nativeFault(staging);
    if (fault !== undefined) return fault;
    rmSync(VENDORED_SHARP, { recursive: true, force: true });
    renameSync(staging, VENDORED_SHARP);
    return undefined;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

// Within `npm ci` npm tells its children where the outer project is; the inner npm would install there.
function environmentOfNpm(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_config_(local_)?prefix$/i.test(name));
  return Object.fromEntries(own);
}

function nativeFault(root: string): string | undefined {
  const version = (
    JSON.parse(readFileSync(join(LOCKED, 'package.json'), 'utf8')) as { dependencies: { sharp: string } }
  ).dependencies.sharp;
  const native = join(root, 'node_modules/@img/sharp-linux-arm64/lib', `sharp-linux-arm64-${version}.node`);
  if (!existsSync(native)) return 'its native part is missing';
  return readFileSync(native).readUInt16LE(18) === AARCH64
    ? undefined
    : 'its native part is for another machine';
}

main();
