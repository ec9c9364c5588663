/** Finds the stack that runs on a data directory, or starts one from the synthesized template. */
import { resolve } from 'node:path';
import type { LocalStack } from '../../local/start.ts';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import { Failure } from '../failure.ts';
import { ASSEMBLIES, PROJECT, prepareAssemblies } from './project.ts';
import { type QueueDepth, readDepths } from './queue-depths.ts';
import type { Credentials } from './sign-request.ts';
import { type StaffApi, staffApi } from './staff-api.ts';

/** Local studies settle while one watches; the deployed default is longer. */
export const QUIET_SECONDS = 2;

/** Nobody is left to wonder for longer. */
const SILENCE_MS = 800;

export interface ConnectOptions {
  readonly dataDir: string;
  /** Port of the link page; the next free one is taken when it is in use. */
  readonly port?: number;
  /** Settings of the deployment beside those of a local run (docs/configuration.md); for a stack that is started. */
  readonly context?: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

export interface Connection {
  readonly api: StaffApi;
  /** Origin of the link page. */
  readonly webUrl: string;
  readonly dataDir: string;
  /** Present when this process runs the stack. */
  readonly stack?: LocalStack;
  queues(): Promise<readonly QueueDepth[]>;
  /** Stops the stack if this process runs it. */
  close(): Promise<void>;
}

/** Joins the stack that runs on the data directory, or starts it. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const dataDir = resolve(options.dataDir);
  const { findRunning } = await import('../../local/running.ts');
  const running = await findRunning(dataDir);
  if (running === undefined) return start({ ...options, dataDir });
  options.log(`joining the stack of process ${running.pid} on ${dataDir}`);
  return {
    ...access(running.outputs, running.operator),
    dataDir,
    queues: () => readDepths(running.endpoints.sqs, running.operator),
    close: async () => {},
  };
}

/** Starts the stack on the data directory; one that runs already is a failure. */
export async function startStack(options: ConnectOptions): Promise<Connection & { stack: LocalStack }> {
  const { findRunning } = await import('../../local/running.ts');
  const dataDir = resolve(options.dataDir);
  const running = await findRunning(dataDir);
  if (running !== undefined) throw new Failure(`process ${running.pid} runs a stack on ${dataDir} already`);
  return start({ ...options, dataDir });
}

async function start({
  dataDir,
  port,
  log,
  context: more,
}: ConnectOptions): Promise<Connection & { stack: LocalStack }> {
  const [{ synthesize }, { startLocal }] = await Promise.all([
    import('../../local/synth.ts'),
    import('../../local/start.ts'),
  ]);
  const began = performance.now();
  const context = { quietSeconds: String(QUIET_SECONDS), ...more };
  await prepareAssemblies();
  const remark = setTimeout(() => log('synthesizing the stack: once, and again after a change'), SILENCE_MS);
  const assembly = await synthesize({ project: PROJECT, outRoot: ASSEMBLIES, context }).finally(() =>
    clearTimeout(remark),
  );
  const stack = await startLocal({
    assembly,
    dataDir,
    log,
    ...(port === undefined ? {} : { webPort: port }),
  });
  log(
    `the stack is ready after ${((performance.now() - began) / 1000).toFixed(1)} s; its data is in ${dataDir}`,
  );
  return {
    ...access(stack.outputs, stack.operator),
    dataDir,
    stack,
    queues: async () => stack.queues().map((queue) => ({ ...queue, name: queue.logicalId })),
    close: () => stack.stop(),
  };
}

function access(outputs: Readonly<Record<string, string>>, operator: Credentials) {
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Failure(`the stack has no output ${name}`);
    return value;
  };
  return {
    api: staffApi(output(OUTPUTS.apiUrl), operator),
    webUrl: output(OUTPUTS.webUrl).replace(/\/$/, ''),
  };
}
