/**
 * Reads what an upload should hold: a manifest or the list of a DICOMDIR, JSON lines compressed with gzip. They were written
 * by an uploader, so lines and their length are bounded, whatever they expand to.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';

export interface ListingLimits {
  /** Files that one listing names. Default 2,000,000: an answer must come within seconds. */
  readonly maximumFiles: number;
  /** Bytes of a line. Default 8,192: a path of a key and two hashes are some 1,200. */
  readonly maximumLineBytes: number;
}

export const LISTING_LIMITS: ListingLimits = { maximumFiles: 2_000_000, maximumLineBytes: 8_192 };

/** A line of the manifest; the hash stands there for who keeps the manifest, and is not read here. */
export const ManifestLine = z.object({ path: z.string(), size: z.number().int().nonnegative() });
/** A line of a DICOMDIR: a File ID and the pseudonym of its instance. */
export const DirectoryLine = z.object({ file: z.string(), instance: z.string().optional() });

/** A listing that is not what it should be. */
export class UnreadableListing extends Error {
  override readonly name = 'UnreadableListing';
}

/** The lines of a listing. */
export async function* readListing<Line>(
  compressed: AsyncIterable<Uint8Array>,
  schema: z.ZodType<Line>,
  { maximumFiles, maximumLineBytes }: ListingLimits = LISTING_LIMITS,
): AsyncGenerator<Line> {
  let files = 0;
  for await (const line of linesOf(compressed, maximumLineBytes)) {
    if (++files > maximumFiles + 1) throw new UnreadableListing(`more files than ${maximumFiles}`);
    if (line !== '') yield parsed(line, schema);
  }
}

function parsed<Line>(line: string, schema: z.ZodType<Line>): Line {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new UnreadableListing('a line is not what it should be');
  }
}

async function* linesOf(compressed: AsyncIterable<Uint8Array>, maximumLineBytes: number) {
  const source = Readable.from(compressed);
  const inflated = source.pipe(createGunzip());
  source.on('error', (error) => inflated.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of inflated as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        yield bytes.toString('utf8', from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length > maximumLineBytes)
        throw new UnreadableListing(`a line over ${maximumLineBytes} bytes`);
    }
  } catch (error) {
    // zlib's errors bear a code that begins with Z_; anything else is the network.
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && code.startsWith('Z_')) throw new UnreadableListing('it is no gzip');
    throw error;
  } finally {
    source.destroy();
  }
  yield rest.toString('utf8');
}
