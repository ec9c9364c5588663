/**
 * Synthesizes the CDK application for this machine, once per content: the assembly is kept under a hash of everything
 * that goes into it, so that a start with nothing changed costs milliseconds. Knows no stack; refuses nothing itself.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface SynthOptions {
  /** The project's root: holds `infra/app.ts` and `cdk.json`. */
  readonly project: string;
  /** Where assemblies are kept, one folder each. */
  readonly outRoot: string;
  /** CDK context beside that of cdk.json; the architecture is the host's unless given here. */
  readonly context?: Readonly<Record<string, string>>;
}

const SOURCES = [
  'infra',
  'functions',
  'shared',
  'web',
  'scripts',
  'package-lock.json',
  'cdk.json',
  'tsconfig.json',
];
/** Assemblies kept; the ones unused for longest go first. */
const KEPT = 3;

/** The directory of the assembly, freshly synthesized or found. */
export async function synthesize(options: SynthOptions): Promise<string> {
  const project = resolve(options.project);
  const context = { ...(await readContext(project)), architecture: 'host', ...options.context };
  const assembly = join(resolve(options.outRoot), await digest(project, context));
  if (await exists(join(assembly, 'manifest.json'))) {
    const now = new Date();
    await utimes(assembly, now, now);
    return assembly;
  }
  const fresh = `${assembly}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  try {
    await runApp(project, fresh, context);
    await rename(fresh, assembly).catch(async (error: unknown) => {
      // Another process was faster: its assembly has the same content.
      if (!(await exists(join(assembly, 'manifest.json')))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await prune(resolve(options.outRoot));
  return assembly;
}

async function readContext(project: string): Promise<Record<string, unknown>> {
  const cdk = JSON.parse(await readFile(join(project, 'cdk.json'), 'utf8')) as {
    context?: Record<string, unknown>;
  };
  return cdk.context ?? {};
}

async function digest(project: string, context: Record<string, unknown>): Promise<string> {
  const hash = createHash('sha256');
  hash.update(`${process.version} ${process.platform} ${process.arch} ${JSON.stringify(context)}\n`);
  for (const source of SOURCES) await addToDigest(hash, project, source);
  return hash.digest('hex').slice(0, 20);
}

async function addToDigest(
  hash: ReturnType<typeof createHash>,
  project: string,
  path: string,
): Promise<void> {
  const absolute = join(project, path);
  const entry = await stat(absolute).catch(() => undefined);
  if (entry === undefined) return;
  if (entry.isDirectory()) {
    const names = (await readdir(absolute)).filter((name) => !/^(\.|node_modules$)/.test(name)).sort();
    for (const name of names) await addToDigest(hash, project, join(path, name));
    return;
  }
  const bytes = await readFile(absolute);
  hash.update(`${path} ${bytes.length}\n`).update(bytes);
}

function runApp(project: string, out: string, context: Record<string, unknown>): Promise<void> {
  const tsx = pathToFileURL(createRequire(join(project, 'package.json')).resolve('tsx')).href;
  const child = spawn(process.execPath, ['--import', tsx, join('infra', 'app.ts')], {
    cwd: project,
    env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`infra/app.ts could not be synthesized (exit ${code}):\n${said.join('')}`));
    });
  });
}

async function prune(outRoot: string): Promise<void> {
  const names = (await readdir(outRoot)).filter((name) => /^[0-9a-f]{20}$/.test(name));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, used: (await stat(join(outRoot, name))).mtimeMs })),
  );
  dated.sort((a, b) => b.used - a.used);
  for (const { name } of dated.slice(KEPT)) await rm(join(outRoot, name), { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
