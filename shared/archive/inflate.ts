/** Sends pieces through one of zlib's inflaters, of which no more is held than what is on its way. */
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What an inflater gives at once. */
export const INFLATE_CHUNK_BYTES = 256 * 1024;

/** The expanded pieces; where it fails, the failure of the end that failed first. */
export async function* through(
  inflater: Transform,
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  const fed = pipeline(Readable.from(compressed, { objectMode: true }), inflater).catch((error: unknown) => {
    failure = error;
  });
  try {
    yield* inflater as AsyncIterable<Uint8Array>;
  } catch (error) {
    await fed;
    throw failure ?? error;
  } finally {
    inflater.destroy();
  }
}
