/** Writes a de-identified instance to the library, once and for ever: what stands there already is never written over. */
import type { PartsWriter } from '../aws/multipart.ts';
import type { ObjectStore, Written } from '../aws/object-store.ts';
import type { ObjectPointer } from '../contract/messages.ts';
import { concatSegments, type Segment } from '../dicom/index.ts';
import { mapInParallel } from '../runtime/in-parallel.ts';
import { planParts } from './plan-parts.ts';
import type { SourceInstance, VaultReader } from './read-instance.ts';

export interface LibraryWriter {
  readonly bucket: string;
  head: ObjectStore['head'];
  put: ObjectStore['put'];
  writeInParts(
    key: string,
    options: { metadata: Readonly<Record<string, string>>; contentType: string },
  ): Promise<PartsWriter>;
}

/** Parts that are copied or written at once; a written one holds 8 MiB. */
const WIDTH = 4;

/** The instance under its key, or the answer that something stands there. */
export async function writeInstance(
  segments: readonly Segment[],
  source: Pick<SourceInstance, 'bytes'> & { readonly object: ObjectPointer },
  target: { readonly key: string; readonly metadata: Readonly<Record<string, string>> },
  ports: { readonly vault: VaultReader; readonly library: LibraryWriter },
): Promise<Written> {
  const { key, metadata } = target;
  const options = { metadata, contentType: 'application/dicom' };
  if (source.bytes)
    return ports.library.put(key, concatSegments([...segments], source.bytes), {
      ...options,
      onlyIf: 'absent',
    });

  // Asked ahead, so that a retry or a duplicate does not copy gigabytes to no end.
  if (await ports.library.head({ key })) return { written: false };
  const writer = await ports.library.writeInParts(key, options);
  try {
    await mapInParallel(planParts(segments), WIDTH, async (part, index) => {
      if ('copy' in part) return writer.copy(index + 1, source.object, part.copy);
      return writer.write(index + 1, await gather(part.pieces, source.object, ports.vault));
    });
    return await writer.finish('absent');
  } catch (error) {
    // What failed first is what is told; parts left behind end by the bucket's lifecycle rule.
    await writer.abandon().catch(() => {});
    throw error;
  }
}

async function gather(
  pieces: readonly Segment[],
  object: ObjectPointer,
  vault: Pick<VaultReader, 'read'>,
): Promise<Uint8Array> {
  const bytes = await Promise.all(
    pieces.map(async (piece) => {
      if (piece instanceof Uint8Array) return piece;
      const { bytes: read } = await vault.read(object, piece.copy);
      return piece.through === undefined ? read : piece.through(read, piece.copy.start);
    }),
  );
  return bytes.length === 1 ? (bytes[0] as Uint8Array) : Buffer.concat(bytes);
}
