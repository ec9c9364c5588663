/**
 * Runs a synthesized CDK application on this machine: loopback servers that speak the protocols of AWS, and on them what
 * the templates of the cloud assembly declare. Knows nothing of what the functions do.
 */

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { readAssembly } from './assembly/read-assembly.ts';
import { userPoolAdministration } from './cognito/admin.ts';
import type { UserPool } from './cognito/user-pool.ts';
import { openEventBuses } from './control/events.ts';
import { openSecrets } from './control/secrets.ts';
import { startControl } from './control/start-control.ts';
import { startDynamoDb } from './dynamodb/start-dynamodb.ts';
import { createAddressBook } from './http/addresses.ts';
import type { Listener } from './http/listen.ts';
import { createAuthority, type Denial } from './iam/authority.ts';
import { reportRole } from './iam/report.ts';
import { createMeter, type Metered } from './meter.ts';
import { allMakers } from './resources/all.ts';
import type { Platform } from './resources/platform.ts';
import {
  announceRunning,
  type Endpoints,
  findRunning,
  type OperatorCredentials,
  withdrawRunning,
} from './running.ts';
import { startS3 } from './s3/start-s3.ts';
import { queueNameOf } from './sqs/contract.ts';
import { startSqs } from './sqs/start-sqs.ts';
import { createStack } from './template/create-stack.ts';

export type { Denial } from './iam/authority.ts';

export interface LocalOptions {
  /** The cloud assembly: the directory that `cdk synth` wrote. */
  readonly assembly: string;
  /** Everything that outlives the process stands here. */
  readonly dataDir: string;
  /** Port of the first CloudFront distribution; the next free one is taken when it is in use. @default 4700 */
  readonly webPort?: number;
  /** Workers each function may grow to. @default half the cores, two at least */
  readonly maxWorkers?: number;
  /** Seconds after which a failed message is delivered again, where the queue's own timeout is longer. @default 5 */
  readonly retryAfterSeconds?: number;
  /** Told what people may want to know. */
  readonly log?: (line: string) => void;
}

export interface QueueDepth {
  readonly name: string;
  readonly logicalId: string;
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
  /** Whether another queue redrives to it. */
  readonly deadLetter: boolean;
}

export interface FunctionInvocations {
  /** The logical id without its hash. */
  readonly function: string;
  readonly logicalId: string;
  readonly memoryMb: number;
  readonly invocations: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Sum of the wall-clock time of all invocations. */
  readonly milliseconds: number;
}

export interface FunctionGrants {
  readonly function: string;
  /** `<action> <resource>` */
  readonly granted: readonly string[];
  readonly used: readonly string[];
  readonly neverUsed: readonly { readonly action: string; readonly resource: string }[];
}

export interface LocalStack {
  /** Stack outputs, resolved to loopback addresses. */
  readonly outputs: Readonly<Record<string, string>>;
  /** An administrator, for the command line. */
  readonly operator: OperatorCredentials;
  readonly endpoints: Endpoints;
  /** By id; users are made by the operations of the control endpoint. */
  readonly userPools: ReadonlyMap<string, UserPool>;
  queues(): QueueDepth[];
  invocations(): FunctionInvocations[];
  /** Requests so far, by who made them. */
  requests(): Metered[];
  iamReport(): FunctionGrants[];
  /** Each call that AWS would have denied. */
  denials(): Denial[];
  stop(): Promise<void>;
}

const ACCOUNT = '000000000000';
const DEFAULT_REGION = 'us-east-1';

/**
 * V8 optimizes the same SDK once for each function, which is a quarter of the work of a short run on few cores; a larger budget
 * keeps that to what is hot for longer. It must be said before the first worker starts.
 */
setFlagsFromString('--interrupt-budget=400000');

/** Starts the stacks of an assembly; resolves when everything they declare answers. */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => {});
  const onFault = (error: unknown) =>
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if ((await findRunning(dataDir)) !== undefined)
    throw new Error('a stack already runs on this data directory');
  await mkdir(join(dataDir, 'dynamodb-migration'), { recursive: true });
  await rm(join(dataDir, 'tmp'), { recursive: true, force: true });

  const [{ stacks, assets }, secret] = await Promise.all([
    readAssembly(options.assembly),
    readSecret(dataDir),
  ]);
  const region = stacks.find((stack) => stack.region !== undefined)?.region ?? DEFAULT_REGION;
  const authority = createAuthority({
    account: ACCOUNT,
    region,
    secret,
    onDenial: ({ message }) => log(`denied: ${message}`),
  });
  const { credentials } = authority;
  const meter = createMeter();
  const authorize = meter.metered(authority.authorize);
  const shared = { account: ACCOUNT, region, authorize, credentials, onFault };
  const secrets = openSecrets({ ...shared, file: join(dataDir, 'secrets.json') });
  const events = openEventBuses({ ...shared, file: join(dataDir, 'events.jsonl') });
  const userPools = new Map<string, UserPool>();
  const services = new Map([
    ['secretsmanager', secrets.service],
    ['AWSEvents', events.service],
    ['AWSCognitoIdentityProviderService', userPoolAdministration(userPools, shared)],
  ]);
  const sqs = await startSqs({ ...shared, dir: join(dataDir, 'sqs') });
  const [s3, dynamodb, control] = await Promise.all([
    startS3({
      ...shared,
      dir: join(dataDir, 's3'),
      deliver: ({ queueArn, body }) => {
        sqs.send(queueNameOf(queueArn), body);
      },
    }),
    startDynamoDb({ ...shared, dir: join(dataDir, 'dynamodb'), onUnits: meter.countUnits }),
    startControl({ credentials, services, onFault }),
  ]);

  const listeners: Listener[] = [control];
  const addresses = createAddressBook();
  const platform: Platform = {
    account: ACCOUNT,
    region,
    dataDir,
    assets,
    authority,
    credentials,
    addresses,
    s3,
    sqs,
    dynamodb,
    secrets,
    events,
    userPools,
    endpoints: {
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: control.address,
      AWS_ENDPOINT_URL_EVENTBRIDGE: control.address,
    },
    webPort: options.webPort ?? 4700,
    maxWorkers: options.maxWorkers ?? Math.max(2, Math.floor(availableParallelism() / 2)),
    retryAfterSeconds: options.retryAfterSeconds ?? 5,
    functions: new Map(),
    queues: new Map(),
    listeners,
    whenMade: [],
    whenStopped: [],
    onFault,
    log,
  };
  const stop = async () => {
    await withdrawRunning(dataDir);
    // Pollers take no more first, then functions end: what they had in work is delivered again at the next start.
    await Promise.all(platform.whenStopped.map((end) => end()));
    await Promise.all(listeners.map((listener) => listener.close()));
    await Promise.all([s3.close(), dynamodb.close()]);
    await sqs.close();
  };

  const operator = { ...authority.accessKey(authority.administrator('operator')), region };
  const outputs: Record<string, string> = {};
  try {
    const makers = allMakers(platform);
    const exports = new Map<string, unknown>();
    for (const stack of stacks) {
      const around = { account: ACCOUNT, region, makers, exports, localize: addresses.localize };
      Object.assign(outputs, await createStack(stack, around));
    }
    for (const begin of platform.whenMade) await begin();
  } catch (error) {
    await stop();
    throw error;
  }
  const endpoints = {
    s3: s3.endpoint,
    sqs: sqs.endpoint,
    dynamodb: dynamodb.endpoint,
    control: control.address,
  };
  await announceRunning(dataDir, { pid: process.pid, outputs, operator, endpoints });
  return { outputs, operator, endpoints, userPools, ...observe(platform), requests: meter.read, stop };
}

function observe(platform: Platform): Pick<LocalStack, 'queues' | 'invocations' | 'iamReport' | 'denials'> {
  const { queues, functions, sqs, authority } = platform;
  return {
    queues: () => {
      const depths = sqs.depths();
      const deadLetters = new Set([...queues.values()].map(({ deadLetterArn }) => deadLetterArn));
      return [...queues.values()].map(({ name, logicalId, arn }) => {
        const { visible = 0, delayed = 0, inFlight = 0 } = depths[name] ?? {};
        return { name, logicalId, visible, delayed, inFlight, deadLetter: deadLetters.has(arn) };
      });
    },
    invocations: () =>
      [...functions.values()].map(({ definition, counts }) => ({
        function: definition.title,
        logicalId: definition.logicalId,
        memoryMb: definition.memoryMb,
        ...counts,
      })),
    iamReport: () =>
      [...functions.values()].flatMap(({ definition }) => {
        const role = authority.roles.get(definition.roleArn);
        return role === undefined ? [] : [{ function: definition.title, ...reportRole(role) }];
      }),
    denials: () => authority.denials(),
  };
}

/** The secret that access keys are derived from: drawn once for each data directory. */
async function readSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'access-secret');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known !== '') return known;
  const drawn = randomBytes(32).toString('hex');
  await writeFile(`${file}.new`, drawn, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return drawn;
}
