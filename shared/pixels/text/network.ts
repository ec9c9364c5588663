/**
 * The only file that knows ONNX Runtime: a network is loaded from its file and run over one tensor. It runs on the CPU, in
 * the calling thread: while it does, nothing else of the process does.
 */
import type { InferenceSession } from 'onnxruntime-node';

/** A tensor of one picture: planes of rows of numbers. */
export interface Tensor {
  readonly dimensions: readonly number[];
  readonly values: Float32Array;
}

export interface Network {
  run(input: Tensor): Promise<Tensor>;
  close(): Promise<void>;
}

/** Loads a network; `threads` is how many processors one run may use. */
export async function loadNetwork(path: string, threads: number): Promise<Network> {
  // Loaded when first needed: the library is 25 MB, and most instances need none of it.
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session: InferenceSession = await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // The arena never gives back what the largest picture took.
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 3,
    // Threads that spin while they wait take the processor from whoever has work.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const [input, output] = [session.inputNames[0], session.outputNames[0]];
  if (input === undefined || output === undefined) throw new Error('a network without an input or an output');
  return {
    async run({ values, dimensions }) {
      const results = await session.run({ [input]: new Tensor('float32', values, dimensions) }, [output]);
      const result = results[output];
      if (!(result?.data instanceof Float32Array)) throw new Error('a network gave no numbers');
      return { values: result.data, dimensions: result.dims };
    },
    close: () => session.release(),
  };
}
