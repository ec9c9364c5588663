/** Where the checkout is, and what it keeps for itself. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** Everything of a local run that outlives it. */
export const DEFAULT_DATA = join(PROJECT, '.filmroom', 'data');
/** Synthesized stacks, one folder each. */
export const ASSEMBLIES = join(PROJECT, '.filmroom', 'assemblies');
/** The sample study, written when it is first needed. */
export const SAMPLE = join(PROJECT, '.filmroom', 'sample');

/** Makes the folder of the assemblies: the bundles in it are CommonJS, whatever the project around them is. */
export async function prepareAssemblies(): Promise<void> {
  await mkdir(ASSEMBLIES, { recursive: true });
  await writeFile(join(ASSEMBLIES, 'package.json'), '{ "type": "commonjs" }\n');
}
