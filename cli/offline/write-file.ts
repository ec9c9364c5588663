/**
 * Writes a file as a whole or not at all: under another name first, then renamed. What is copied of the source passes through
 * two buffers, so that the next run is read while one is written.
 */
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CopiedRange, isCopied, ownBytes, type Segment } from '../../shared/dicom/index.ts';
import type { FileSource } from './file-source.ts';

/** A run that is read and written at once. Longer ones are no faster, and leave the processor's cache. */
const RUN_BYTES = 1 << 20;

/** Writes the segments in order; ranges are copied from the source. */
export async function writeSegments(
  path: string,
  segments: readonly Segment[],
  source: Pick<FileSource, 'readInto'>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.part`;
  const handle = await open(unfinished, 'wx');
  try {
    await writeRuns(handle, segments, source);
    await handle.close();
    await rename(unfinished, path);
  } catch (error) {
    await handle.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeRuns(
  handle: FileHandle,
  segments: readonly Segment[],
  source: Pick<FileSource, 'readInto'>,
): Promise<void> {
  let free = Buffer.allocUnsafeSlow(RUN_BYTES);
  let busy = Buffer.allocUnsafeSlow(free.length);
  let writing: Promise<void> = Promise.resolve();
  for (const run of runsOf(segments)) {
    if (run instanceof Uint8Array) {
      await writing;
      writing = writeAll(handle, run);
    } else {
      const { start, length } = run.copy;
      const buffer = free.subarray(0, length);
      // Of both the first failure is told, and the other is waited for: a buffer is not given up while it is in use.
      const [read, written] = await Promise.allSettled([source.readInto(buffer, start), writing]);
      if (written.status === 'rejected') throw written.reason;
      if (read.status === 'rejected') throw read.reason;
      [free, busy] = [busy, free];
      writing = writeAll(handle, run.through?.(buffer, start) ?? buffer);
    }
    writing.catch(() => undefined);
  }
  await writing;
}

/** The segments with each range cut into runs. */
function* runsOf(segments: readonly Segment[]): Generator<Uint8Array | CopiedRange> {
  for (const segment of segments) {
    if (!isCopied(segment)) {
      yield ownBytes(segment);
      continue;
    }
    const { start, length } = segment.copy;
    for (let done = 0; done < length; done += RUN_BYTES)
      yield { ...segment, copy: { start: start + done, length: Math.min(RUN_BYTES, length - done) } };
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
}
