/**
 * Sends files to an upload, many small ones and the parts of large ones at the same time, and writes down what has
 * arrived. Nothing that has arrived is sent again, whichever way the process ended that sent it.
 */
import { lstat } from 'node:fs/promises';
import type { LocalFile } from '../ingest/list-files.ts';
import { Allowance, inBatches } from './bounds.ts';
import type { SentFile } from './journal.ts';
import { FileChanged, readFault, readWhole } from './read-file.ts';
import { sendInParts } from './send-in-parts.ts';
import type { Sending } from './sending.ts';
import type { CheckedObject } from './upload-api.ts';

export interface NotSent {
  readonly path: string;
  readonly why: string;
}

/** Files that are read, signed for or sent at the same time; memory bounds large ones further. */
const FILES_AT_ONCE = 64;
/** Each is read from its beginning to its end: more than two at once make a disk seek. */
const LARGE_FILES_AT_ONCE = 2;
const SIGNED_AT_ONCE = 64;
const MOMENT_MS = 15;
/** A file that another program writes is given so many chances. */
const READS = 3;

/** Sends every file; resolves with those that could not be read. */
export async function sendFiles(
  files: readonly LocalFile[],
  sending: Sending,
  onSent: (file: LocalFile) => void = () => {},
): Promise<NotSent[]> {
  const large = new Allowance(LARGE_FILES_AT_ONCE);
  const sendWhole = wholeSender(sending);
  const notSent: NotSent[] = [];
  const queue = files.values();
  const one = async (file: LocalFile) => {
    const { size } = await lstat(file.file);
    if (size <= sending.partBytes) return sendWhole({ ...file, size });
    const release = await large.take(1);
    try {
      await sendInParts(file, sending);
    } finally {
      release();
    }
  };
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    for (const file of queue) {
      if (failure) return;
      try {
        sending.signal?.throwIfAborted();
        const why = await readably(() => one(file));
        if (why === undefined) onSent(file);
        else notSent.push({ path: file.path, why });
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(FILES_AT_ONCE, files.length) }, worker));
  if (failure) throw (failure as { error: unknown }).error;
  return notSent;
}

/** Runs the work, again where the file changed under it; says why where the file cannot be read. */
async function readably(work: () => Promise<void>): Promise<string | undefined> {
  for (let read = 1; ; read++) {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof FileChanged && read < READS) continue;
      const why = readFault(error);
      if (why === undefined) throw error;
      return why;
    }
  }
}

function wholeSender(sending: Sending): (file: LocalFile) => Promise<void> {
  const { api, upload, journal, memory } = sending;
  const sign = inBatches(SIGNED_AT_ONCE, MOMENT_MS, async (objects: readonly CheckedObject[]) => {
    const urls = await api.uploadUrls(upload, objects);
    const byPath = new Map(urls.map((target) => [target.path, target]));
    return objects.flatMap(({ path }) => byPath.get(path) ?? []);
  });
  return async (file) => {
    const release = await memory.take(file.size);
    try {
      const { bytes, facts } = await readWhole(file);
      const { path, size, crc64nvme } = facts;
      const target = () => sign({ path, size, crc64nvme });
      journal.begins(facts);
      // An address takes one new object: what stands there was stored by an attempt whose answer was lost.
      await sending.put(target, bytes);
      journal.arrived(path);
      sending.onBytes(size);
    } finally {
      release();
    }
  };
}

/** Of files that a process was sending when it ended, finds those that have arrived; they are many only after many ends. */
export async function settleBegun(sending: Sending): Promise<void> {
  const { api, upload, journal, patiently } = sending;
  const inDoubt = [...journal.begun.values()].filter((file): file is SentFile => 'sha256' in file);
  for (let at = 0; at < inDoubt.length; at += SIGNED_AT_ONCE) {
    const some = inDoubt.slice(at, at + SIGNED_AT_ONCE);
    const standing = new Set(
      await patiently(() =>
        api.standing(
          upload,
          some.map(({ path }) => path),
        ),
      ),
    );
    for (const { path } of some) {
      if (standing.has(path)) journal.arrived(path);
      else journal.dropped(path);
    }
  }
}
