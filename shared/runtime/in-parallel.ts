/** Runs a bounded number of calls at once: the bound is what keeps memory and connections bounded too. */

/** The outcome of `run` for each input, in the order of the inputs, with at most `width` runs at once; never rejects. */
export async function settleInParallel<Input, Output>(
  inputs: readonly Input[],
  width: number,
  run: (input: Input, index: number) => Promise<Output>,
): Promise<PromiseSettledResult<Output>[]> {
  const results = new Array<PromiseSettledResult<Output>>(inputs.length);
  let taken = 0;
  const worker = async () => {
    while (taken < inputs.length) {
      const index = taken++;
      try {
        results[index] = { status: 'fulfilled', value: await run(inputs[index] as Input, index) };
      } catch (reason) {
        results[index] = { status: 'rejected', reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, inputs.length) }, worker));
  return results;
}

/** Runs for each value as it comes, with at most `width` runs at once; takes none after a failure and throws the first one. */
export async function forEachInParallel<Input>(
  inputs: AsyncIterable<Input>,
  width: number,
  run: (input: Input) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  try {
    for await (const input of inputs) {
      const call = run(input)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(call));
      running.add(call);
      if (running.size >= width) await Promise.race(running);
      if (failure) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failure) throw (failure as { error: unknown }).error;
}

/** As `settleInParallel`, but begins none after a failure and throws the first one, once all that had begun have ended. */
export async function mapInParallel<Input, Output>(
  inputs: readonly Input[],
  width: number,
  run: (input: Input, index: number) => Promise<Output>,
): Promise<Output[]> {
  let failure: { error: unknown } | undefined;
  const outputs = new Array<Output>(inputs.length);
  await settleInParallel(inputs, width, async (input, index) => {
    if (failure) return;
    try {
      outputs[index] = await run(input, index);
    } catch (error) {
      failure ??= { error };
    }
  });
  if (failure) throw (failure as { error: unknown }).error;
  return outputs;
}
