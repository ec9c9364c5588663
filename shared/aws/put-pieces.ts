/** Writes an object whose length is not known ahead: in one request where it is small, in parts where it is not. */
import { writeInParts } from './multipart.ts';
import type { ObjectStore, PutOptions, Written } from './object-store.ts';

/** What is held at once; 10,000 parts of it are the longest object that can be written: 78 GiB. */
export const PART_BYTES = 8 * 1024 * 1024;

/** Writes the pieces as one object. Where they throw, nothing of the object is ever seen. */
export async function putPieces(
  store: Pick<ObjectStore, 'bucket' | 'put'>,
  key: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { onlyIf, ...options }: PutOptions = {},
): Promise<Written> {
  const begin = () => writeInParts(store.bucket, key, options);
  let writer: Awaited<ReturnType<typeof begin>> | undefined;
  let part = 1;
  try {
    for await (const { bytes, last } of regrouped(pieces)) {
      if (last && !writer) return await store.put(key, bytes, { ...options, ...(onlyIf ? { onlyIf } : {}) });
      writer ??= await begin();
      await writer.write(part++, bytes);
    }
    if (!writer) throw new Error('an object of no parts');
    return await writer.finish(onlyIf);
  } catch (error) {
    // What failed first is what is told; parts left behind end by the bucket's lifecycle rule.
    await writer?.abandon().catch(() => {});
    throw error;
  }
}

/** The same bytes in groups of `PART_BYTES`; the last one may be shorter, or empty where nothing came at all. */
export async function* regrouped(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ bytes: Uint8Array; last: boolean }> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (let piece of pieces) {
    while (length + piece.length > PART_BYTES) {
      const room = PART_BYTES - length;
      yield { bytes: Buffer.concat([...held, piece.subarray(0, room)]), last: false };
      piece = piece.subarray(room);
      held = [];
      length = 0;
    }
    held.push(piece);
    length += piece.length;
  }
  yield { bytes: Buffer.concat(held), last: true };
}
