/** Asks the thread that keeps the tables (store.mjs); one that dies is started again on the same files. */
import { Worker } from 'node:worker_threads';

export interface StoreAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

export interface TableStore {
  /** Performs an action (`PutItem`) with its JSON input. */
  ask(action: string, body: string): Promise<StoreAnswer>;
  close(): Promise<void>;
}

/** A thread that dies so soon after its start is started again so often only: another process may hold the files. */
const SHORT_LIFE_MS = 5_000;
const SHORT_LIVES = 3;

const LOST: StoreAnswer = {
  status: 500,
  body: JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
    message: 'the store was restarted',
  }),
};

/** Opens the tables kept in a folder. */
export function openTableStore(path: string, onFault: (error: unknown) => void): TableStore {
  const pending = new Map<number, (answer: StoreAnswer) => void>();
  let closed = false;
  let last = 0;
  let shortLives = 0;

  const start = (): Worker => {
    const started = new Worker(new URL('./store.mjs', import.meta.url), {
      workerData: { path },
      execArgv: ['--no-deprecation'],
      name: 'dynamodb',
    });
    started.on('message', ({ id, status, body }: { id?: number; status: number; body: string }) => {
      if (id === undefined) return;
      pending.get(id)?.({ status, body });
      pending.delete(id);
    });
    started.on('error', onFault);
    const since = Date.now();
    started.on('exit', () => {
      for (const answer of pending.values()) answer(LOST);
      pending.clear();
      shortLives = Date.now() - since < SHORT_LIFE_MS ? shortLives + 1 : 0;
      if (shortLives >= SHORT_LIVES) closed = true;
      if (!closed) worker = start();
    });
    return started;
  };
  let worker = start();

  return {
    ask: (action, body) =>
      new Promise((resolve) => {
        if (closed) return resolve(LOST);
        last += 1;
        pending.set(last, resolve);
        worker.postMessage({ id: last, target: `DynamoDB_20120810.${action}`, body });
      }),
    close: async () => {
      closed = true;
      await worker.terminate();
    },
  };
}
