/**
 * The buckets, tables and queues of a stack, for the commands of an operator: of the stack on this machine, or of a deployed
 * one by the outputs that `cdk deploy --outputs-file` wrote. The SDK is told by the environment where they are.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { findRunning } from '../../local/running.ts';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import { Failure } from '../failure.ts';
import { withConnection } from './with-connection.ts';

export interface StackResources {
  readonly vaultBucket: string;
  readonly libraryBucket: string;
  readonly ledgerTable: string;
  readonly indexTable: string;
  readonly linksTable: string;
  readonly auditBucket: string;
  readonly steps: Readonly<Record<string, { readonly queue: string; readonly deadLetters: string }>>;
}

export interface ResourceOptions {
  readonly data: string;
  /** The outputs of a deployed stack; its operator's credentials are those of the environment. */
  readonly outputs?: string;
}

const Steps = z.record(z.string(), z.object({ queue: z.string(), deadLetters: z.string() }));
const OutputsFile = z.record(z.string(), z.record(z.string(), z.string()));
const ENDPOINTS = { s3: 'S3', sqs: 'SQS', dynamodb: 'DYNAMODB' } as const;

/** Runs work with the resources of the stack, which is stopped again if it had to be started. */
export async function withResources<T>(
  { data, outputs }: ResourceOptions,
  work: (resources: StackResources) => Promise<T>,
): Promise<T> {
  if (outputs !== undefined) return work(resourcesOf(await readOutputs(outputs)));
  return withConnection(data, async ({ dataDir }) => {
    const running = await findRunning(dataDir);
    if (running === undefined) throw new Failure(`no stack runs on ${dataDir}`);
    const { accessKeyId, secretAccessKey, region } = running.operator;
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
    // Who works in a session of their own must not sign with it here.
    delete process.env.AWS_SESSION_TOKEN;
    for (const [service, name] of Object.entries(ENDPOINTS))
      process.env[`AWS_ENDPOINT_URL_${name}`] = running.endpoints[service as keyof typeof ENDPOINTS];
    return work(resourcesOf(running.outputs));
  });
}

function resourcesOf(outputs: Readonly<Record<string, string>>): StackResources {
  const output = (name: keyof typeof OUTPUTS): string => {
    const value = outputs[OUTPUTS[name]];
    if (value === undefined) throw new Failure(`the stack has no output ${OUTPUTS[name]}: deploy it anew`);
    return value;
  };
  return {
    vaultBucket: output('vaultBucket'),
    libraryBucket: output('libraryBucket'),
    ledgerTable: output('ledgerTable'),
    indexTable: output('indexTable'),
    linksTable: output('linksTable'),
    auditBucket: output('auditBucket'),
    steps: Steps.parse(JSON.parse(output('stepQueues'))),
  };
}

async function readOutputs(file: string): Promise<Readonly<Record<string, string>>> {
  const stacks = OutputsFile.safeParse(JSON.parse(await readFile(file, 'utf8')));
  const ours = Object.values(stacks.data ?? {}).filter((outputs) => OUTPUTS.ledgerTable in outputs);
  const [only] = ours;
  if (ours.length !== 1 || only === undefined)
    throw new Failure(`${file} holds the outputs of ${ours.length} Filmroom stacks; one is wanted`);
  return only;
}
