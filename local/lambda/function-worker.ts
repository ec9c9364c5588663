/**
 * One execution environment of a function: a worker thread with the environment of the template and nothing else of this
 * process. It takes one invocation at a time; one that outlives its timeout takes the thread with it, as in Lambda, but for
 * what `time-limit.ts` says of machines that are shared.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';
import type {
  FunctionDefinition,
  FunctionError,
  InvocationResult,
  ResponseHead,
  ResponseSink,
} from './definition.ts';
import type { LogFile } from './log-file.ts';
import { afterWorkingTime } from './time-limit.ts';

const BOOTSTRAP = new URL('./worker.mjs', import.meta.url);
/** A thread's heap starts smaller than this in no case: loading the SDK alone takes some. */
const SMALLEST_HEAP_MB = 128;
/** Loading the bundle may take this long; Lambda allows ten seconds, on a machine that does nothing else. */
const LOAD_LIMIT_MS = 60_000;
/** What a response may hold, buffered (Lambda's limit). */
const RESPONSE_LIMIT = 6 * 1024 * 1024;

interface WorkerMessage {
  readonly ready?: true;
  readonly failed?: FunctionError & { trace: string };
  readonly result?: string;
  readonly error?: FunctionError & { trace: string };
  readonly head?: ResponseHead;
  readonly chunk?: Uint8Array;
  readonly end?: true;
}

export interface Invocation {
  /** The event as JSON. */
  readonly event: string;
  readonly sink: ResponseSink | undefined;
}

export interface FunctionWorker {
  readonly alive: boolean;
  /** Whether the bundle never loaded: the next invocation is told why. */
  readonly failedToLoad: boolean;
  /** Resolves when the bundle is loaded; a bundle that does not load fails each invocation. */
  readonly loaded: Promise<void>;
  invoke(invocation: Invocation): Promise<InvocationResult & { readonly timedOut?: true }>;
  terminate(): Promise<void>;
}

/** Starts a worker; it loads the bundle at once. */
export function startWorker(definition: FunctionDefinition, log: LogFile, scratch: string): FunctionWorker {
  const temporary = join(scratch, randomUUID());
  mkdirSync(temporary, { recursive: true });
  const worker = new Worker(BOOTSTRAP, {
    // Options of this process, such as a TypeScript loader, are not the function's.
    execArgv: ['--no-deprecation'],
    env: { ...definition.environment, TMPDIR: temporary, ...layerPaths(definition) },
    workerData: { directory: definition.directory, handler: definition.handler },
    resourceLimits: { maxOldGenerationSizeMb: Math.max(definition.memoryMb, SMALLEST_HEAP_MB) },
    stdout: true,
    stderr: true,
    name: definition.title,
  });
  worker.stdout.on('data', (bytes: Buffer) => log.write(bytes.toString()));
  worker.stderr.on('data', (bytes: Buffer) => log.write(bytes.toString()));

  let alive = true;
  let settle: ((result: InvocationResult & { timedOut?: true }) => void) | undefined;
  let sink: ResponseSink | undefined;
  let ready = false;
  let fault: FunctionError | undefined;
  let resolveLoaded: () => void = () => {};
  const loaded = new Promise<void>((resolve) => {
    resolveLoaded = resolve;
  });

  const die = (error: FunctionError) => {
    alive = false;
    fault ??= error;
    forgetLoadLimit();
    resolveLoaded();
    settle?.({ ok: false, error });
  };
  const forgetLoadLimit = afterWorkingTime(LOAD_LIMIT_MS, () => {
    die({ errorType: 'Runtime.InitTimeout', errorMessage: `not loaded after ${LOAD_LIMIT_MS} ms` });
    void worker.terminate();
  });
  worker.on('message', (message: WorkerMessage) => {
    if (message.ready) {
      ready = true;
      forgetLoadLimit();
      resolveLoaded();
    } else if (message.failed) {
      log.write(`${message.failed.trace}\n`);
      die(message.failed);
      void worker.terminate();
    } else if (message.head) sink?.head(message.head);
    else if (message.chunk) void sink?.write(message.chunk).then(() => worker.postMessage({ drained: true }));
    else if (message.end) sink?.end();
    else if (message.error) {
      log.write(`${message.error.trace}\n`);
      settle?.({ ok: false, error: message.error });
    } else settle?.(limited(message.result ?? 'null'));
  });
  worker.on('error', (error: unknown) => {
    log.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    const out = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    die({
      errorType: out ? 'Runtime.OutOfMemory' : 'Runtime.UnhandledError',
      errorMessage: error instanceof Error ? error.message : String(error),
    });
  });
  worker.on('exit', () => die({ errorType: 'Runtime.ExitError', errorMessage: 'the runtime exited' }));
  worker.unref();

  const invoke: FunctionWorker['invoke'] = async (invocation) => {
    await loaded;
    if (fault !== undefined) return { ok: false, error: fault };
    const requestId = randomUUID();
    const started = Date.now();
    const timeoutMs = definition.timeoutSeconds * 1000;
    const result = await new Promise<InvocationResult & { timedOut?: true }>((resolve) => {
      settle = resolve;
      sink = invocation.sink;
      const forget = afterWorkingTime(timeoutMs, () => {
        alive = false;
        const errorMessage = `Task timed out after ${definition.timeoutSeconds.toFixed(2)} seconds`;
        log.write(`${new Date().toISOString()} ${requestId} ${errorMessage}\n`);
        resolve({ ok: false, timedOut: true, error: { errorType: 'Sandbox.Timedout', errorMessage } });
        void worker.terminate();
      });
      settle = (outcome) => {
        forget();
        resolve(outcome);
      };
      const message = {
        event: invocation.event,
        deadline: started + timeoutMs,
        streaming: invocation.sink !== undefined,
        context: invocationContext(definition, requestId),
      };
      worker.postMessage(message, [] as Transferable[]);
    });
    settle = undefined;
    sink = undefined;
    const status = result.ok ? '' : ` Status: ${result.error.errorType}`;
    log.write(`REPORT RequestId: ${requestId} Duration: ${Date.now() - started} ms${status}\n`);
    return result;
  };
  return {
    get alive() {
      return alive;
    },
    get failedToLoad() {
      return !ready && !alive;
    },
    loaded,
    invoke,
    terminate: async () => {
      await worker.terminate();
    },
  };
}

function invocationContext(definition: FunctionDefinition, awsRequestId: string) {
  return {
    awsRequestId,
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: definition.arn,
    memoryLimitInMB: String(definition.memoryMb),
    logGroupName: definition.logGroup,
    logStreamName: 'local',
  };
}

function limited(payload: string): InvocationResult {
  if (Buffer.byteLength(payload) <= RESPONSE_LIMIT) return { ok: true, payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`;
  return { ok: false, error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function layerPaths({ layers }: FunctionDefinition): Record<string, string> {
  return layers.length === 0
    ? {}
    : { NODE_PATH: layers.flatMap((layer) => [join(layer, 'nodejs', 'node_modules'), layer]).join(':') };
}
