/** The stack as the tests see it: synthesised once a file, with one small handler in place of every bundle. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { checkEverything } from '../../infra/checks.ts';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { architectureOf } from '../../infra/target.ts';

export const FIXTURE_FUNCTION = fileURLToPath(new URL('./fixture-function', import.meta.url));
const cdk = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};

/** What a test asks of a property that may be a reference: tests narrow it where they read it. */
// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape
export type Json = any;

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, Json>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, Json>;
}

/** An app with the stack in it, its checks registered, not yet synthesised. */
export function prepare(context: Record<string, unknown> = {}): { app: App; stack: PipelineStack } {
  const outdir = mkdtempSync(join(tmpdir(), 'filmroom-infra-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const app = new App({ outdir, context: { ...cdk.context, ...context }, analyticsReporting: false });
  const settings = readSettings(app.node);
  const stack = new PipelineStack(app, settings.stackName, {
    settings,
    architecture: architectureOf(settings.architecture),
    bundles: () => FIXTURE_FUNCTION,
    pages: FIXTURE_FUNCTION,
  });
  return { app, stack };
}

const synthesised = new Map<string, Template>();

/** The template, without the checks, which a test of their own runs. */
export function synthesize(context: Record<string, unknown> = {}): Template {
  const known = synthesised.get(JSON.stringify(context));
  if (known) return known;
  const { app, stack } = prepare({ ...context, '@aws-cdk/core:validateAgainstDefaultRules': false });
  const template = app.synth().getStackArtifact(stack.artifactId).template as Template;
  synthesised.set(JSON.stringify(context), template);
  return template;
}

/** Synthesises under every check and returns the template, or throws with the findings. */
export function synthesizeChecked(context: Record<string, unknown> = {}): Template {
  const { app, stack } = prepare(context);
  checkEverything(app);
  return app.synth().getStackArtifact(stack.artifactId).template as Template;
}

/** The resources of a type, by logical id. */
export function resourcesOf(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id that an attribute or a reference points to. */
export function target(reference: Json): string {
  return reference?.Ref ?? reference?.['Fn::GetAtt']?.[0];
}

/** Each route of the API: who may call it, and the construct of the function that answers. */
export function routesOf(template: Template): { key: string; authorization: string; handler: string }[] {
  return resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
    const integration = template.Resources[Properties.Target['Fn::Join'][1].map(target).find(Boolean)];
    return {
      key: Properties.RouteKey as string,
      authorization: Properties.AuthorizationType as string,
      handler: target(integration?.Properties.IntegrationUri).replace(/Function[0-9A-F]{8}$/, ''),
    };
  });
}
