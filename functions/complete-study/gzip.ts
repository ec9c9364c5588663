/** Compresses text as it comes, so that the metadata of a study of any size is never held. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';

/** The compressed bytes of a short text. */
export const gzipText: (text: string) => Promise<Uint8Array> = promisify<string, Buffer>(gzip);

/** The compressed bytes of a text that comes in pieces; what its source throws is thrown in place of the end. */
export async function* gzipPieces(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const compressor = createGzip();
  let failure: { error: unknown } | undefined;
  const fed = pipeline(Readable.from(texts), compressor).catch((error: unknown) => {
    failure = { error };
  });
  try {
    yield* compressor as AsyncIterable<Uint8Array>;
  } catch (error) {
    await fed;
    throw failure ? failure.error : error;
  } finally {
    compressor.destroy();
  }
}
