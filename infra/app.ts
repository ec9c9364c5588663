/**
 * The CDK app. Every setting is CDK context (docs/configuration.md); nothing is looked up, so it synthesises without a
 * network and the same for everyone. Run as `npx cdk synth`, or as it is with CDK_OUTDIR and CDK_CONTEXT_JSON.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildWeb } from '../web/build.ts';
import { checkEverything } from './checks.ts';
import { functionBundles } from './constructs/function-bundle.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { readSettings } from './settings.ts';
import { architectureOf, targetOf } from './target.ts';

// The feature flags hold with and without the CLI, which passes cdk.json on by itself.
const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
const app = new App({ context, analyticsReporting: false });
const settings = readSettings(app.node);
const pages = mkdtempSync(join(tmpdir(), 'filmroom-pages-'));
process.once('exit', () => rmSync(pages, { recursive: true, force: true }));
buildWeb(pages);

new PipelineStack(app, settings.stackName, {
  description: 'Filmroom: DICOM archives in, de-identified studies behind signed links out',
  terminationProtection: true,
  settings,
  architecture: architectureOf(settings.architecture),
  bundles: functionBundles(targetOf(settings.architecture)),
  pages,
});
checkEverything(app);
app.synth();
