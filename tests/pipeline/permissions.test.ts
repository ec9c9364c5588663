import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUIET_SECONDS } from '../../cli/stack/connect.ts';
import { ASSEMBLIES, PROJECT, prepareAssemblies } from '../../cli/stack/project.ts';
import { startLocal } from '../../local/start.ts';
import { synthesize } from '../../local/synth.ts';
import { sampleFiles } from '../../scripts/sample/make-sample.ts';
import { filmroom, scratch } from './pipeline.ts';

const folder = scratch('permissions');
let assembly: string;
let file: string;

beforeAll(async () => {
  await prepareAssemblies();
  assembly = await synthesize({
    project: PROJECT,
    outRoot: ASSEMBLIES,
    context: { quietSeconds: String(QUIET_SECONDS) },
  });
  const [first] = sampleFiles();
  file = join(folder.path, 'one.dcm');
  writeFileSync(file, first?.bytes ?? '');
}, 120_000);
afterAll(() => folder.remove());

interface Template {
  Resources: Record<
    string,
    { Type: string; Properties: { PolicyDocument: { Statement: { Action: string | string[] }[] } } }
  >;
}

/** The assembly with one action taken from the permissions of one function. */
function without(policy: RegExp, action: string, target: string): string {
  mkdirSync(target);
  for (const name of readdirSync(assembly)) {
    if (!name.endsWith('.template.json')) symlinkSync(join(assembly, name), join(target, name));
    else
      writeFileSync(
        join(target, name),
        withoutAction(readFileSync(join(assembly, name), 'utf8'), policy, action),
      );
  }
  return target;
}

function withoutAction(text: string, policy: RegExp, action: string): string {
  const template = JSON.parse(text) as Template;
  let taken = 0;
  for (const [id, { Type: type, Properties: properties }] of Object.entries(template.Resources)) {
    if (type !== 'AWS::IAM::ManagedPolicy' || !policy.test(id)) continue;
    for (const statement of properties.PolicyDocument.Statement) {
      const actions = [statement.Action].flat();
      statement.Action = actions.filter((each) => each !== action);
      taken += actions.length - statement.Action.length;
    }
    properties.PolicyDocument.Statement = properties.PolicyDocument.Statement.filter(
      ({ Action }) => Action.length > 0,
    );
  }
  if (taken === 0) throw new Error(`${action} is granted by no policy like ${policy}`);
  return JSON.stringify(template);
}

describe('a permission that is missing in the template', () => {
  it.each([
    ['ThumbnailFunction', /^ThumbnailPermissions/, 's3:PutObject', /^arn:aws:s3:::filmroom-library/],
    ['DeidentifyFunction', /^DeidentifyPermissions/, 'dynamodb:PutItem', /:table\/Filmroom-Crosswalk/],
  ])(
    'stops the pipeline with the name of the function %s, the action and the resource',
    async (name, policy, action, resource) => {
      const dataDir = join(folder.path, name);
      const stack = await startLocal({
        assembly: without(policy, action, join(folder.path, `${name}.assembly`)),
        dataDir,
        retryAfterSeconds: 1,
      });
      try {
        const { code, stdout, stderr } = await filmroom(['ingest', '--json', '--data', dataDir, file]);
        expect(code).toBe(1);
        expect(stderr).toMatch(/did not settle: 1 message stand/);
        expect(JSON.parse(stdout)).toMatchObject({
          total: 1,
          pending: 1,
          items: [{ path: 'one.dcm', state: 'pending' }],
        });
        const denial = stack.denials().find((each) => each.function === name && each.action === action);
        expect(denial?.resource).toMatch(resource);
        for (const part of [name, action, denial?.resource]) expect(denial?.message).toContain(part);
      } finally {
        await stack.stop();
      }
    },
    90_000,
  );
});
