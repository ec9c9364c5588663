/** What bounds an upload: bytes in memory, requests at once, addresses asked for in one request. */

/** Hands out so much and no more, in the order in which it was asked for. */
export class Allowance {
  readonly #all: number;
  #left: number;
  readonly #waiting: { readonly amount: number; readonly resolve: () => void }[] = [];

  constructor(amount: number) {
    this.#all = amount;
    this.#left = amount;
  }

  /** Resolves when the amount is there; more than there will ever be waits for all. The returned function gives it back, once. */
  async take(amount: number): Promise<() => void> {
    const taken = Math.min(amount, this.#all);
    if (this.#waiting.length > 0 || this.#left < taken)
      await new Promise<void>((resolve) => this.#waiting.push({ amount: taken, resolve }));
    else this.#left -= taken;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#left += taken;
      this.#serve();
    };
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next && next.amount <= this.#left; next = this.#waiting[0]) {
      this.#left -= next.amount;
      this.#waiting.shift();
      next.resolve();
    }
  }
}

/** Gathers single questions to one request: those that come within a moment, and no more than `most`. */
export function inBatches<Question, Answer>(
  most: number,
  moment: number,
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let gathered: { question: Question; resolve(answer: Answer): void; reject(error: unknown): void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = gathered;
    gathered = [];
    try {
      const answers = await ask(batch.map(({ question }) => question));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new Error('too few answers'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return (question) =>
    new Promise((resolve, reject) => {
      gathered.push({ question, resolve, reject });
      if (gathered.length >= most) void flush();
      else timer ??= setTimeout(flush, moment);
    });
}
