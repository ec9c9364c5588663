/** What the parts of an upload share: the API, the journal, what bounds the work and who hears of it. */
import type { SignedTarget } from '../../shared/contract/api.ts';
import { Failure } from '../failure.ts';
import { Allowance } from './bounds.ts';
import type { Journal } from './journal.ts';
import { type Patience, startPatience } from './patience.ts';
import { type PutOutcome, type Putter, startPutter } from './put-bytes.ts';
import type { UploadApi } from './upload-api.ts';

export interface SendOptions {
  /** Requests that send bytes at the same time. @default 8 */
  readonly parallel?: number;
  /** Bytes that have arrived, as they do. */
  readonly onBytes?: (bytes: number) => void;
  readonly note?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Larger files are sent in parts of at least this many bytes, 5 MiB or more. @default 8 MiB */
  readonly partBytes?: number;
}

export interface Sending extends Patience {
  readonly api: UploadApi;
  readonly upload: string;
  readonly journal: Journal;
  readonly memory: Allowance;
  readonly partBytes: number;
  readonly signal: AbortSignal | undefined;
  onBytes(bytes: number): void;
  note(line: string): void;
  /** Sends bytes, asking for a fresh address when one has expired. */
  put(sign: () => Promise<SignedTarget>, bytes: Uint8Array): Promise<Exclude<PutOutcome, 'expired'>>;
  close(): void;
}

const PARALLEL = 8;
const PART_BYTES = 8 << 20;
/** Bytes read and not yet sent: sixteen parts, or hundreds of slices. */
const MEMORY_BYTES = 128 << 20;
/** An address that is refused so often has not expired: something is wrong that a person must look at. */
const REFUSALS = 5;

/** Begins to send to the upload that is open in the journal. */
export function startSending(
  api: UploadApi,
  upload: string,
  journal: Journal,
  options: SendOptions = {},
): Sending {
  const note = options.note ?? (() => {});
  const { patiently } = startPatience({ note, signal: options.signal });
  const putter: Putter = startPutter(options.signal);
  const requests = new Allowance(options.parallel ?? PARALLEL);
  return {
    api,
    upload,
    journal,
    memory: new Allowance(MEMORY_BYTES),
    partBytes: options.partBytes ?? PART_BYTES,
    signal: options.signal,
    onBytes: options.onBytes ?? (() => {}),
    note,
    patiently,
    async put(sign, bytes) {
      for (let refusals = 0; refusals < REFUSALS; refusals++) {
        const target = await patiently(sign);
        const outcome = await patiently(async () => {
          const done = await requests.take(1);
          try {
            return await putter.put(target, bytes);
          } finally {
            done();
          }
        });
        if (outcome !== 'expired') return outcome;
      }
      throw new Failure('a file could not be uploaded: S3 answers with 403');
    },
    close: () => putter.close(),
  };
}
