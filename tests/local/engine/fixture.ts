/** Small cloud assemblies for the tests of the local run: templates as literals, functions bundled from a line of source. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { type LocalOptions, type LocalStack, startLocal } from '../../../local/start.ts';

export type Resources = Record<string, { Type: string; Properties?: object; DependsOn?: string | string[] }>;

export interface Fixture {
  readonly Resources: Resources;
  readonly Outputs?: Record<string, { Value: unknown }>;
  readonly Conditions?: object;
  readonly Parameters?: object;
  readonly Mappings?: object;
}

/** Files of an asset, by their path. */
export type Asset = Readonly<Record<string, string>>;

const project = fileURLToPath(new URL('../../..', import.meta.url));
const bundles = new Map<string, string>();

/** A function's source with what it imports, as the stack would deploy it. */
export function bundle(code: string): Asset {
  let text = bundles.get(code);
  if (text === undefined) {
    const { outputFiles } = buildSync({
      stdin: { contents: code, resolveDir: project },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      mainFields: ['module', 'main'],
      write: false,
    });
    text = outputFiles[0]?.text ?? '';
    bundles.set(code, text);
  }
  return { 'index.js': text };
}

/** Writes a cloud assembly as `cdk synth` lays it out. */
export async function writeAssembly(
  directory: string,
  stacks: Readonly<Record<string, Fixture>>,
  assets: Readonly<Record<string, Asset>> = {},
): Promise<void> {
  const artifacts: Record<string, unknown> = {};
  for (const [name, template] of Object.entries(stacks)) {
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${name}.template.json` },
      dependencies: [],
    };
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    const files = Object.keys(assets).map((key) => [
      key,
      {
        source: { path: `asset.${key}`, packaging: 'zip' },
        destinations: { d: { objectKey: `${key}.zip` } },
      },
    ]);
    await write(directory, `${name}.assets.json`, JSON.stringify({ files: Object.fromEntries(files) }));
    await write(directory, `${name}.template.json`, JSON.stringify(template));
  }
  for (const [key, files] of Object.entries(assets)) {
    for (const [path, text] of Object.entries(files)) await write(directory, `asset.${key}/${path}`, text);
  }
  await write(directory, 'manifest.json', JSON.stringify({ version: '54.0.0', artifacts }));
}

async function write(directory: string, path: string, text: string): Promise<void> {
  const file = join(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

export type Statements = readonly object[];
export const allow = (Action: string | string[], Resource: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
});
export const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
export const ref = (logicalId: string) => ({ Ref: logicalId });

/** A function with a role of its own; its asset goes by the function's name in lower case. */
export function lambda(name: string, statements: Statements, properties: object = {}): Resources {
  return {
    [`${name}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
          ],
        },
        ManagedPolicyArns: [
          {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
              ],
            ],
          },
        ],
      },
    },
    ...(statements.length === 0
      ? {}
      : {
          [`${name}Policy`]: {
            Type: 'AWS::IAM::Policy',
            Properties: {
              PolicyName: `${name}Policy`,
              PolicyDocument: { Version: '2012-10-17', Statement: statements },
              Roles: [ref(`${name}Role`)],
            },
          },
        }),
    [`${name}Function`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { S3Bucket: 'assets', S3Key: `${name.toLowerCase()}.zip` },
        Role: arn(`${name}Role`),
        Timeout: 10,
        ...properties,
      },
      DependsOn: statements.length === 0 ? [] : [`${name}Policy`],
    },
  };
}

/** A queue that redrives to a dead-letter queue of its own. */
export function queue(name: string, properties: object = {}, maxReceiveCount = 3): Resources {
  return {
    [`${name}DeadLetters`]: { Type: 'AWS::SQS::Queue' },
    [name]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: arn(`${name}DeadLetters`), maxReceiveCount },
        ...properties,
      },
    },
  };
}

/** What a function needs to be fed from a queue. */
export const consumes = (queueName: string) =>
  allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arn(queueName));

/** An event source mapping that reports failures by item. */
export function mapping(queueName: string, functionName: string, properties: object = {}): Resources {
  return {
    [`${functionName}From${queueName}`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arn(queueName),
        FunctionName: ref(`${functionName}Function`),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...properties,
      },
      DependsOn: [`${functionName}Policy`],
    },
  };
}

/** A folder for a test, with a stack started from a fixture; `stop` removes it all. */
export interface Running {
  readonly stack: LocalStack;
  readonly directory: string;
  readonly dataDir: string;
  readonly assembly: string;
  stop(): Promise<void>;
}

/** Starts a fixture as a stack named `App`. */
export async function run(
  template: Fixture,
  assets: Readonly<Record<string, Asset>> = {},
  options: Partial<LocalOptions> = {},
): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'local-engine-'));
  const assembly = join(directory, 'cdk.out');
  const dataDir = join(directory, 'data');
  const remove = () => rm(directory, { recursive: true, force: true });
  await writeAssembly(assembly, { App: template }, assets);
  try {
    const stack = await startLocal({ assembly, dataDir, retryAfterSeconds: 0, ...options });
    const stop = async () => {
      await stack.stop();
      await remove();
    };
    return { stack, directory, dataDir, assembly, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}
