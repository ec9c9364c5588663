/** Writes a de-identified instance to the library, once and for ever: what stands there already is never written over. */
import { crc32 } from 'node:zlib';
import type { PartsOptions, PartsWriter } from '../aws/multipart.ts';
import type { ObjectStore, Written } from '../aws/object-store.ts';
import type { ObjectPointer } from '../contract/messages.ts';
import { concatSegments, isCopied, ownBytes, type Segment } from '../dicom/index.ts';
import { mapInParallel } from '../runtime/in-parallel.ts';
import { planParts } from './plan-parts.ts';
import type { SourceInstance, VaultReader } from './read-instance.ts';

export interface LibraryWriter {
  readonly bucket: string;
  head: ObjectStore['head'];
  put: ObjectStore['put'];
  writeInParts(
    key: string,
    options: Pick<PartsOptions, 'metadata' | 'contentType' | 'keepsCrc32'>,
  ): Promise<PartsWriter>;
}

/** Parts that are copied or written at once; a written one holds 8 MiB. */
const WIDTH = 4;

/** `crc32` is of the object's bytes, where it is known: whoever puts it into an archive need not read it first. */
export type WrittenInstance =
  | (Extract<Written, { written: true }> & { readonly crc32: number | undefined })
  | { readonly written: false };

/** The instance under its key, or the answer that something stands there. */
export async function writeInstance(
  segments: readonly Segment[],
  source: Pick<SourceInstance, 'bytes'> & { readonly object: ObjectPointer },
  target: { readonly key: string; readonly metadata: Readonly<Record<string, string>> },
  ports: { readonly vault: VaultReader; readonly library: LibraryWriter },
): Promise<WrittenInstance> {
  const { key, metadata } = target;
  const options = { metadata, contentType: 'application/dicom' };
  if (source.bytes) {
    const bytes = concatSegments([...segments], source.bytes);
    const checksum = crc32(bytes);
    const written = await ports.library.put(key, bytes, { ...options, crc32: checksum, onlyIf: 'absent' });
    return written.written ? { ...written, crc32: checksum } : written;
  }

  // Asked ahead, so that a retry or a duplicate does not copy gigabytes to no end.
  if (await ports.library.head({ key })) return { written: false };
  const writer = await ports.library.writeInParts(key, { ...options, keepsCrc32: true });
  try {
    await mapInParallel(planParts(segments), WIDTH, async (part, index) => {
      if ('copy' in part) return writer.copy(index + 1, source.object, part.copy);
      return writer.write(index + 1, await gather(part.pieces, source.object, ports.vault));
    });
    const written = await writer.finish('absent');
    // Of ranges that S3 copied by itself it alone knows the checksum.
    return written.written ? { ...written, crc32: (await ports.library.head({ key }))?.crc32 } : written;
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
      if (!isCopied(piece)) return ownBytes(piece);
      const { bytes: read } = await vault.read(object, piece.copy);
      return piece.through === undefined ? read : piece.through(read, piece.copy.start);
    }),
  );
  return bytes.length === 1 ? (bytes[0] as Uint8Array) : Buffer.concat(bytes);
}
