/** Writes a file as a whole or not at all: under another name first, then renamed. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ByteSource, Segment } from '../../shared/dicom/index.ts';

/** Ranges that are copied from the source pass through a buffer of this size. */
const COPY_BYTES = 4 << 20;

/** Writes the segments in order; ranges are copied from the source. */
export async function writeSegments(
  path: string,
  segments: readonly Segment[],
  source: ByteSource,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.part`;
  const handle = await open(unfinished, 'wx');
  try {
    for (const segment of segments) {
      if (segment instanceof Uint8Array) {
        await handle.writeFile(segment);
        continue;
      }
      const { start, length } = segment.copy;
      for (let done = 0; done < length; done += COPY_BYTES) {
        await handle.writeFile(await source.read(start + done, Math.min(COPY_BYTES, length - done)));
      }
    }
    await handle.close();
    await rename(unfinished, path);
  } catch (error) {
    await handle.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}
