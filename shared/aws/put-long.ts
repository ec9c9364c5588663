/**
 * Writes an object that may take longer than one call has: its parts are always cut at the same places, so that another call
 * which is given the same pieces again writes only the parts that are missing.
 */
import { type PartsWriter, resumeInParts, writeInParts } from './multipart.ts';
import type { ObjectStore, PutOptions } from './object-store.ts';
import { regrouped } from './put-pieces.ts';

export interface LongPut extends Pick<PutOptions, 'metadata'> {
  /** What an earlier call returned. */
  readonly writing?: string;
  /** Whether to stop and leave the rest to another call. */
  isLate(): boolean;
}

/** Parts that are written at once; with one that is gathered they are what is held. */
const WIDTH = 4;

/** Writes the pieces unless an object stands there; returns a name where another call has to go on. */
export async function putLong(
  store: Pick<ObjectStore, 'bucket' | 'put'>,
  key: string,
  pieces: AsyncIterable<Uint8Array>,
  { metadata, writing, isLate }: LongPut,
): Promise<string | undefined> {
  const options = metadata ? { metadata } : {};
  let writer: PartsWriter | undefined = writing ? await resumeInParts(store.bucket, key, writing) : undefined;
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  const write = (to: PartsWriter, part: number, bytes: Uint8Array) => {
    const call = to
      .write(part, bytes)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(call));
    running.add(call);
  };
  try {
    let part = 1;
    for await (const { bytes, last } of regrouped(pieces)) {
      if (last && !writer) {
        await store.put(key, bytes, { ...options, onlyIf: 'absent' });
        return undefined;
      }
      writer ??= await writeInParts(store.bucket, key, options);
      if (!writer.standing.has(part)) write(writer, part, bytes);
      part++;
      if (running.size >= WIDTH) await Promise.race(running);
      if (failure) throw failure.error;
      if (!last && isLate()) {
        await Promise.all(running);
        if (failure) throw (failure as { error: unknown }).error;
        return writer.id;
      }
    }
    await Promise.all(running);
    if (failure) throw failure.error;
    await writer?.finish('absent');
    return undefined;
  } catch (error) {
    await Promise.all(running);
    // What failed first is what is told; parts left behind end by the bucket's lifecycle rule.
    await writer?.abandon().catch(() => {});
    throw error;
  }
}
