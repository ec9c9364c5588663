/** What bounds the page: requests at once, and addresses asked for in one request. */

/** Lets so many through at once. */
export function gate(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** Gathers single questions to one request: those that come within a moment, and no more than `most`. */
export function inBatches<Question, Answer>(
  most: number,
  moment: number,
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let gathered: { question: Question; resolve(answer: Answer): void; reject(error: unknown): void }[] = [];
  const flush = async () => {
    const batch = gathered;
    gathered = [];
    if (batch.length === 0) return;
    try {
      const answers = await ask(batch.map(({ question }) => question));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return (question) =>
    new Promise((resolve, reject) => {
      gathered.push({ question, resolve, reject });
      if (gathered.length >= most) void flush();
      else if (gathered.length === 1) setTimeout(flush, moment);
    });
}
