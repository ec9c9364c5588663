/**
 * The cloud assembly that `cdk synth` writes: stacks in the order of their dependencies, and where the files of their
 * assets stand. Nested assemblies (CDK stages) are read too; assets that are container images are refused.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateResource } from '../template/dependencies.ts';
import { TemplateError } from '../template/intrinsics.ts';

export interface Template {
  readonly Parameters?: Readonly<Record<string, { Type: string; Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Record<string, Record<string, unknown>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { Value: unknown; Export?: { Name: unknown }; Condition?: string }>
  >;
}

export interface Stack {
  readonly name: string;
  /** Undefined for an environment-agnostic stack. */
  readonly region: string | undefined;
  readonly template: Template;
}

export interface Assembly {
  readonly stacks: readonly Stack[];
  /** The file or directory of an asset, by the key it has in the bucket of assets. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Reads a cloud assembly directory. */
export async function readAssembly(directory: string): Promise<Assembly> {
  const { artifacts } = (await readJson(join(directory, 'manifest.json'))) as {
    artifacts: Record<string, Artifact>;
  };
  const stacks: Stack[] = [];
  const assets = new Map<string, string>();
  for (const id of inOrder(artifacts)) {
    const { type, environment, properties = {} } = artifacts[id] as Artifact;
    if (type === 'aws:cloudformation:stack') {
      const template = (await readJson(join(directory, String(properties.templateFile)))) as Template;
      const region = environment?.split('/').at(-1);
      stacks.push({
        name: String(properties.stackName ?? id),
        region: region === 'unknown-region' ? undefined : region,
        template,
      });
    } else if (type === 'cdk:asset-manifest') {
      await readAssets(directory, String(properties.file), assets);
    } else if (type === 'cdk:cloud-assembly') {
      const nested = await readAssembly(join(directory, String(properties.directoryName)));
      stacks.push(...nested.stacks);
      for (const [key, path] of nested.assets) assets.set(key, path);
    }
  }
  return { stacks, assets };
}

function inOrder(artifacts: Readonly<Record<string, Artifact>>): string[] {
  const order = new Set<string>();
  const visit = (id: string): void => {
    if (order.has(id)) return;
    for (const needed of artifacts[id]?.dependencies ?? []) if (needed in artifacts) visit(needed);
    order.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return [...order];
}

async function readAssets(directory: string, file: string, assets: Map<string, string>): Promise<void> {
  const manifest = (await readJson(join(directory, file))) as {
    files?: Record<
      string,
      { source: { path?: string }; destinations: Record<string, { objectKey: string }> }
    >;
    dockerImages?: Record<string, unknown>;
  };
  if (Object.keys(manifest.dockerImages ?? {}).length > 0) {
    throw new TemplateError(`${file}: container images cannot be run locally`);
  }
  for (const { source, destinations } of Object.values(manifest.files ?? {})) {
    if (source.path === undefined) throw new TemplateError(`${file}: an asset has no path`);
    for (const { objectKey } of Object.values(destinations))
      assets.set(objectKey, join(directory, source.path));
  }
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
