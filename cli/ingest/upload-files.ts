/**
 * Sends files to the vault by the presigned PUTs that the uploads API hands out, a bounded number at a time, each as a
 * stream. An address that has expired is asked for again; a server that fails is tried again a few times.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { StaffApi, UploadTarget } from '../stack/staff-api.ts';
import type { LocalFile } from './list-files.ts';

export interface UploadOptions {
  /** Files on their way at the same time. @default 8 */
  readonly parallel?: number;
  /** Called when a file has arrived. */
  readonly onSent?: (file: LocalFile) => void;
  readonly signal?: AbortSignal;
}

/** Addresses asked for at once: few enough to be used before they expire. */
const BATCH = 100;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 250;
/** Smaller files are read whole, which is quicker than a stream. */
const WHOLE_BYTES = 1 << 20;

/** Sends every file to the upload; resolves when all have arrived. */
export async function uploadFiles(
  api: StaffApi,
  upload: string,
  files: readonly LocalFile[],
  options: UploadOptions = {},
): Promise<void> {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const queue = targets(api, upload, files);
  const worker = async () => {
    for (;;) {
      options.signal?.throwIfAborted();
      const next = await queue();
      if (next === undefined) return;
      await sendFile(api, upload, next, agents);
      options.onSent?.(next.file);
    }
  };
  try {
    const width = Math.min(options.parallel ?? 8, Math.max(1, files.length));
    await Promise.all(Array.from({ length: width }, worker));
  } finally {
    agents.http.destroy();
    agents.https.destroy();
  }
}

interface Sending {
  readonly file: LocalFile;
  readonly target: UploadTarget;
}

/** Hands out one file with its address at a time; the next batch is asked for when one is used up. */
function targets(
  api: StaffApi,
  upload: string,
  files: readonly LocalFile[],
): () => Promise<Sending | undefined> {
  const ready: Sending[] = [];
  let start = 0;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    const batch = files.slice(start, start + BATCH);
    start += batch.length;
    const urls = await api.uploadUrls(
      upload,
      batch.map(({ path }) => path),
    );
    const byPath = new Map(urls.map((target) => [target.path, target]));
    for (const file of batch) {
      const target = byPath.get(file.path);
      if (target === undefined) throw new Failure('the uploads API handed out too few addresses');
      ready.push({ file, target });
    }
  };
  return async () => {
    while (ready.length === 0 && (asking !== undefined || start < files.length)) {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      await asking;
    }
    return ready.shift();
  };
}

type Agents = { readonly http: HttpAgent; readonly https: HttpsAgent };

async function sendFile(
  api: StaffApi,
  upload: string,
  { file, target }: Sending,
  agents: Agents,
): Promise<void> {
  let current = target;
  for (let attempt = 1; ; attempt++) {
    const status = await put(file, current, agents).catch((error: NodeJS.ErrnoException) => {
      if (attempt === ATTEMPTS || error.code === 'ENOENT' || error.code === 'EACCES') throw error;
      return 0;
    });
    if (status >= 200 && status < 300) return;
    // An address takes one object only: the attempt whose answer was lost has stored it.
    if (status === 412 && attempt > 1) return;
    if (attempt === ATTEMPTS || (status >= 400 && status < 500 && status !== 403 && status !== 429)) {
      throw new Failure(`a file could not be uploaded: S3 answered with ${status}`);
    }
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    if (status === 403) current = (await api.uploadUrls(upload, [file.path]))[0] ?? current;
  }
}

async function put(file: LocalFile, target: UploadTarget, agents: Agents): Promise<number> {
  const url = new URL(target.url);
  const isPlain = url.protocol === 'http:';
  const request = (isPlain ? httpRequest : httpsRequest)(url, {
    method: 'PUT',
    agent: isPlain ? agents.http : agents.https,
    headers: { ...target.headers, 'content-length': file.size },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  const sent = sendBody(file, request);
  // Both are awaited below, but the second may fail while the first is thrown.
  answered.catch(() => {});
  sent.catch(() => {});
  // An answer before the end of the body is a refusal: what is left need not be sent.
  const response = await Promise.race([answered, sent.then(() => answered)]);
  response.resume();
  const status = response.statusCode ?? 0;
  if (status >= 300) request.destroy();
  await sent.catch((error: unknown) => {
    if (status < 300) throw error;
  });
  return status;
}

async function sendBody(file: LocalFile, request: ReturnType<typeof httpRequest>): Promise<void> {
  if (file.size === 0) {
    request.end();
  } else if (file.size <= WHOLE_BYTES) {
    request.end(await readWhole(file));
  } else {
    // Not one byte more than was announced, should the file grow meanwhile.
    await pipeline(createReadStream(file.file, { end: file.size - 1, highWaterMark: 256 << 10 }), request);
  }
}

async function readWhole(file: LocalFile): Promise<Buffer> {
  const handle = await open(file.file, 'r');
  try {
    const bytes = Buffer.alloc(file.size);
    const { bytesRead } = await handle.read(bytes, 0, file.size, 0);
    if (bytesRead < file.size) throw new Failure('a file became shorter while it was read');
    return bytes;
  } finally {
    await handle.close();
  }
}
