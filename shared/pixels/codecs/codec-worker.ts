/**
 * Runs WebAssembly codecs in a thread of their own, one frame at a time, against a deadline: a frame that makes a codec trap
 * or loop ends as a reason, the thread is thrown away and the next frame gets a new one. The thread does not keep the
 * process alive.
 */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PixelLimits } from '../limits.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { CODEC_WORKER_SOURCE } from './codec-worker-source.ts';

/** A codec package: the file of its build, looked up when it is first needed, and what of it is called. */
export interface WasmCodec {
  readonly locate: () => string;
  /** Whether it exports classes, or functions over a context. */
  readonly driver: 'classes' | 'contexts';
  /** The decoder or encoder: a class or a function. */
  readonly name: string;
}

/** What a codec over a context is told, and every encoder. */
export interface WasmShape {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits of a sample; more than 8 lie in words of 16. */
  readonly bits: number;
  readonly signed: boolean;
}

export interface WasmFrame {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  /** Whether components lie one after the other. */
  readonly planar: boolean;
  /** Whether JPEG-LS was near-lossless. */
  readonly lossy: boolean;
  readonly data: Uint8Array;
}

type Outcome<Frame> =
  | { readonly outcome: 'done'; readonly frame: Frame }
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'not-loaded'; readonly message: string };

/** WebAssembly memory kept from one frame to the next; a codec that grew beyond it is loaded anew, which takes 15 ms. */
const MAXIMUM_KEPT_BYTES = 128 * 2 ** 20;

interface CodecWorker {
  readonly thread: Worker;
  waiting: Waiting | undefined;
}

let worker: CodecWorker | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Decodes one frame, leaving out `level` resolutions where the codec has them; a codec over a context is told the `shape`.
 */
export function decodeInWorker(
  codec: WasmCodec,
  bytes: Uint8Array,
  { level = 0, shape, limits }: { level?: number; shape?: WasmShape; limits: CodecLimits },
): Promise<WasmFrame> {
  return inWorker<WasmFrame>(codec, { task: 'decode', bytes, level, shape }, limits);
}

type CodecLimits = Pick<PixelLimits, 'codecDeadline' | 'maximumCodecBytes'>;

/** A call of the encoder before it encodes: the method, and its arguments. */
export type EncoderSetting = readonly [method: string, ...values: (number | boolean)[]];

/** Encodes one frame: samples interleaved, words in little endian. */
export async function encodeInWorker(
  codec: WasmCodec,
  bytes: Uint8Array,
  {
    shape,
    settings,
    transformsColours = false,
    limits,
  }: {
    shape: WasmShape;
    settings: readonly EncoderSetting[];
    /** Whether JPEG 2000 is to transform RGB by itself. */
    transformsColours?: boolean;
    limits: CodecLimits;
  },
): Promise<Uint8Array> {
  const { data } = await inWorker<Pick<WasmFrame, 'data'>>(
    codec,
    { task: 'encode', bytes, shape, settings, transformsColours },
    limits,
  );
  return data;
}

async function inWorker<Frame>(codec: WasmCodec, task: Task, limits: CodecLimits): Promise<Frame> {
  const { driver, name } = codec;
  const job: Job = { ...task, path: codec.locate(), driver, name, maximumBytes: limits.maximumCodecBytes };
  const result = last.then(() => exchange<Frame>(job, limits.codecDeadline));
  last = result.catch(() => undefined);
  const outcome = await result;
  if (outcome.outcome === 'not-loaded') throw new Error(`could not load ${codec.name}: ${outcome.message}`);
  if (outcome.outcome === 'failed')
    throw new UndisplayableError('undecodable', `${codec.name} refused the frame`);
  return outcome.frame;
}

/** Ends the thread; the next frame starts another. */
export async function stopCodecWorker(): Promise<void> {
  const stopped = worker;
  worker = undefined;
  await stopped?.thread.terminate();
}

interface Task {
  readonly task: 'decode' | 'encode';
  readonly bytes: Uint8Array;
  readonly level?: number;
  readonly shape: WasmShape | undefined;
  readonly settings?: readonly EncoderSetting[];
  readonly transformsColours?: boolean;
}

interface Job extends Task {
  readonly path: string;
  readonly driver: WasmCodec['driver'];
  readonly name: string;
  readonly maximumBytes: number;
}

/** Whoever waits for the thread: at most one, as frames take turns. */
interface Waiting {
  readonly resolve: (outcome: Outcome<never>) => void;
  readonly reject: (error: Error) => void;
}

function exchange<Frame>(job: Job, deadline: number): Promise<Outcome<Frame>> {
  worker ??= startWorker();
  const current = worker;
  return new Promise<Outcome<Frame>>((resolve, reject) => {
    // The timer keeps the process alive while the thread works, as the thread itself does not.
    const timer = setTimeout(() => {
      current.waiting = undefined;
      void stopCodecWorker();
      reject(new UndisplayableError('decode-timeout', `${job.name} took over ${deadline} ms`));
    }, deadline);
    current.waiting = {
      resolve: (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      },
      reject: (error) => {
        clearTimeout(timer);
        reject(error);
      },
    };
    current.thread.postMessage(job);
  });
}

function startWorker(): CodecWorker {
  const thread = new Worker(CODEC_WORKER_SOURCE, {
    eval: true,
    name: 'codec',
    // The codec needs no environment, and loaders of the parent's would only delay its start.
    env: {},
    execArgv: [],
    workerData: { maximumKeptBytes: MAXIMUM_KEPT_BYTES },
  });
  const started: CodecWorker = { thread, waiting: undefined };
  const settle = (finish: (waiting: Waiting) => void): void => {
    const { waiting } = started;
    started.waiting = undefined;
    if (waiting !== undefined) finish(waiting);
  };
  const forget = (): void => {
    if (worker === started) worker = undefined;
  };
  thread.on('message', (outcome: Outcome<never>) => settle(({ resolve }) => resolve(outcome)));
  thread.on('error', (error: Error & { code?: string }) => {
    forget();
    settle(({ resolve, reject }) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve({ outcome: 'failed' }) : reject(error),
    );
  });
  thread.on('exit', () => {
    forget();
    settle(({ resolve }) => resolve({ outcome: 'failed' }));
  });
  // Last, as listening to its messages makes a thread keep the process alive.
  thread.unref();
  return started;
}

/**
 * The file of a package where there is no `require`: run from its sources, the project is an ECMAScript module. It is looked
 * for from the program that was started, then from the working directory.
 */
export function findPackage(specifier: string): string {
  let failure: unknown;
  for (const base of [process.argv[1], join(process.cwd(), 'index.js')]) {
    if (base === undefined) continue;
    try {
      // A command is started by a link, which lies where no package is.
      return createRequire(existsSync(base) ? realpathSync(base) : base).resolve(specifier);
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`could not find ${specifier}`, { cause: failure });
}
