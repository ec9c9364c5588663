/**
 * A function that can be invoked: its workers, started when they are first needed and kept, and the queue of invocations
 * that wait for one. Grows by demand up to a number that suits this machine, not to Lambda's thousand.
 */
import type { FunctionDefinition, InvocationCounts, InvocationResult, ResponseSink } from './definition.ts';
import { type FunctionWorker, type Invocation, startWorker } from './function-worker.ts';
import { openLogFile } from './log-file.ts';

export interface FunctionHost {
  readonly definition: FunctionDefinition;
  /** Invocations that run at the same time at most. */
  readonly concurrency: number;
  readonly counts: Readonly<InvocationCounts>;
  /** Calls the function with an event; with a sink, its response is streamed there. */
  invoke(event: unknown, sink?: ResponseSink): Promise<InvocationResult>;
  stop(): Promise<void>;
}

export interface HostOptions {
  /** Workers at most. */
  readonly maxWorkers: number;
  /** Where each worker gets a folder for its temporary files. */
  readonly scratch: string;
  /** Told once, when the first worker starts. */
  readonly onFirstStart: () => void;
}

interface Waiting extends Invocation {
  readonly resolve: (result: InvocationResult) => void;
}

/** A host without any worker yet. */
export function createFunctionHost(definition: FunctionDefinition, options: HostOptions): FunctionHost {
  const concurrency = Math.max(1, Math.min(options.maxWorkers, definition.reservedConcurrency ?? Infinity));
  const log = openLogFile(definition.logFile);
  const counts: InvocationCounts = { invocations: 0, errors: 0, timeouts: 0, milliseconds: 0 };
  const idle: FunctionWorker[] = [];
  const all = new Set<FunctionWorker>();
  const waiting: Waiting[] = [];
  let stopped = false;
  let starting = 0;

  const run = async (worker: FunctionWorker, { resolve, ...invocation }: Waiting) => {
    const started = performance.now();
    const result = await worker.invoke(invocation);
    counts.invocations += 1;
    counts.milliseconds += performance.now() - started;
    if (!result.ok) counts.errors += 1;
    if (result.timedOut) counts.timeouts += 1;
    if (worker.alive) idle.push(worker);
    else all.delete(worker);
    resolve(result);
    next();
  };

  const grow = async () => {
    if (all.size === 0) options.onFirstStart();
    const worker = startWorker(definition, log, options.scratch);
    all.add(worker);
    starting += 1;
    await worker.loaded;
    starting -= 1;
    idle.push(worker);
    next();
  };

  const next = () => {
    while (waiting.length > 0 && idle.length > 0) {
      const worker = idle.pop() as FunctionWorker;
      // One that failed to load answers an invocation with its error; one that died since then is only forgotten.
      if (worker.alive || worker.failedToLoad) void run(worker, waiting.shift() as Waiting);
      else all.delete(worker);
    }
    while (!stopped && waiting.length > starting && all.size < concurrency) void grow();
  };

  return {
    definition,
    concurrency,
    counts,
    invoke: (event, sink) =>
      new Promise((resolve) => {
        waiting.push({ event: JSON.stringify(event), sink, resolve });
        next();
      }),
    stop: async () => {
      stopped = true;
      const gone = { errorType: 'Runtime.Stopped', errorMessage: 'the local run has ended' };
      for (const { resolve } of waiting.splice(0)) resolve({ ok: false, error: gone });
      await Promise.all([...all].map((worker) => worker.terminate()));
      log.flush();
    },
  };
}
