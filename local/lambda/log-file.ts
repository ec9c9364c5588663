/** A function's log on disk: `<name>.log`, and the part before it in `<name>.1.log` once it has grown to the limit. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes of one log file; with its predecessor, twice as many are kept. */
const LIMIT = 8 * 1024 * 1024;
const FLUSH_AFTER_MS = 200;

export interface LogFile {
  write(text: string): void;
  /** Writes what is still held back. */
  flush(): void;
}

/** A log that is appended to in batches. */
export function openLogFile(file: string): LogFile {
  let size = 0;
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  mkdirSync(dirname(file), { recursive: true });
  try {
    size = statSync(file).size;
  } catch {
    // There is none yet.
  }
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const text = waiting.join('');
    waiting = [];
    if (size > LIMIT) {
      renameSync(file, file.replace(/\.log$/, '.1.log'));
      size = 0;
    }
    appendFileSync(file, text);
    size += Buffer.byteLength(text);
  };
  return {
    write: (text) => {
      waiting.push(text);
      if (timer === undefined) timer = setTimeout(flush, FLUSH_AFTER_MS).unref();
    },
    flush,
  };
}
