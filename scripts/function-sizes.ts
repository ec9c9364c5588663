/**
 * Prints what each function weighs as it is deployed, from a synthesis for Lambda's arm64: the ZIP that is uploaded and
 * the folder it becomes, of which Lambda takes 250 MB. The less it weighs, the sooner a new container is ready.
 *   npx tsx scripts/function-sizes.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const LIMIT_BYTES = 250 * 1024 * 1024;
/** What a ZIP says of an entry beside its name: a local header and one in the directory. */
const ZIP_HEADER_BYTES = 30 + 46;

interface LambdaFunction {
  readonly Type: string;
  readonly Properties: { readonly Description?: string; readonly Code: { readonly S3Key: string } };
}

function main(): void {
  const assembly = mkdtempSync(join(tmpdir(), 'filmroom-sizes-'));
  try {
    const synthesis = spawnSync(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
      cwd: PROJECT,
      env: {
        ...process.env,
        CDK_OUTDIR: assembly,
        CDK_CONTEXT_JSON: JSON.stringify({ architecture: 'arm64' }),
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (synthesis.status !== 0) process.exit(1);
    const functions = functionsOf(assembly);
    console.log(`${'function'.padEnd(16)}${'zipped'.padStart(12)}${'unzipped'.padStart(12)}`);
    for (const { name, zipped, unzipped } of functions) {
      console.log(`${name.padEnd(16)}${kilobytes(zipped)}${kilobytes(unzipped)}`);
    }
    if (functions.some(({ unzipped }) => unzipped > LIMIT_BYTES)) {
      console.error('Lambda takes no function over 250 MB');
      process.exitCode = 1;
    }
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

function functionsOf(assembly: string): { name: string; zipped: number; unzipped: number }[] {
  const file = readdirSync(assembly).find((name) => name.endsWith('.template.json'));
  if (!file) throw new Error('The synthesis wrote no template');
  const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as {
    Resources: Record<string, LambdaFunction>;
  };
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .flatMap(({ Properties: { Description, Code } }) => {
      const folder = join(assembly, `asset.${Code.S3Key.replace(/\.zip$/, '')}`);
      // What has no description of ours is CDK's own copier of the pages.
      return Description ? [{ name: Description.split(':')[0] ?? '', ...weigh(folder) }] : [];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function weigh(folder: string): { zipped: number; unzipped: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  let [zipped, unzipped] = [22, 0];
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const bytes = readFileSync(path);
    unzipped += bytes.length;
    zipped += deflateRawSync(bytes).length + ZIP_HEADER_BYTES + 2 * relative(folder, path).length;
  }
  return { zipped, unzipped };
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString('en')} kB`.padStart(12);
}

main();
