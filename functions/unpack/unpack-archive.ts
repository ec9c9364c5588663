/**
 * Writes every entry of an archive to the vault, where it arrives at `parse` like any upload. The archive is read by ranges and
 * never held; an entry that cannot be unpacked ends by itself, an archive that contradicts itself ends as a whole.
 * A retry writes no finished entry again.
 */
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../../shared/archive/limits.ts';
import type { RangedSource } from '../../shared/archive/ranged-source.ts';
import { readDirectory } from '../../shared/archive/zip/central-directory.ts';
import { isFolder, type ZipEntry } from '../../shared/archive/zip/entry.ts';
import { planWindows } from '../../shared/archive/zip/read-windows.ts';
import type { ArchiveFound, ItemRef, ObjectPointer } from '../../shared/contract/messages.ts';
import { extractedKey, METADATA } from '../../shared/contract/names.ts';
import { isUnprocessable, REASONS, UnprocessableInstanceError } from '../../shared/errors.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import { itemIdOf } from '../../shared/runtime/opaque-id.ts';
import type { StepContext } from '../../shared/runtime/queue-step.ts';
import { unpackWindow } from './unpack-window.ts';

/** The end of an entry that did not become an object. */
export interface RefusedEntry {
  readonly item: ItemRef;
  readonly path: string;
  readonly size: number;
  readonly parent: string;
  readonly state: 'quarantined' | 'ignored';
  readonly reason: string;
  readonly where: string;
}

export interface UnpackPorts {
  source(object: ObjectPointer, size: number): RangedSource;
  /** The path of the archive within its upload. */
  pathOf(object: ObjectPointer): Promise<string>;
  /** Keys under a prefix that were written before. */
  written(prefix: string): AsyncIterable<string>;
  /** Writes an object unless it is there. */
  write(key: string, bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Promise<void>;
  writePieces(
    key: string,
    pieces: AsyncIterable<Uint8Array>,
    metadata: Readonly<Record<string, string>>,
  ): Promise<void>;
  refuse(entries: readonly RefusedEntry[], run: string): Promise<void>;
  /** Ends the archive's own item: so many items stand for it now. */
  end(item: ItemRef, entries: number, run: string): Promise<void>;
  readonly limits?: ArchiveLimits;
}

/** S3 takes 2 KB of metadata beside an object: a path has this much of it, in base64. */
export const MAXIMUM_ENCODED_PATH = 1_400;
/** A refused entry may have a longer path still; the report shows this much of it. */
const MAXIMUM_REPORTED_PATH = 2_048;
/** Windows that are held at once. */
const WINDOWS = 2;

/** Unpacks one archive. */
export async function unpackArchive(
  message: ArchiveFound,
  ports: UnpackPorts,
  context: Pick<StepContext, 'run' | 'attempt'>,
): Promise<undefined> {
  const limits = ports.limits ?? ARCHIVE_LIMITS;
  if (message.depth > limits.maximumDepth)
    throw new UnprocessableInstanceError(
      'too-deep',
      `archive depth ${message.depth} over ${limits.maximumDepth}`,
    );
  const { upload, item: archive } = message.item;
  const source = ports.source(message.object, message.size);
  const entries = (await readDirectory(source, limits)).filter((entry) => !isFolder(entry));
  const archivePath = await ports.pathOf(message.object);
  const keyOf = (entry: ZipEntry) => extractedKey(upload, archive, entry.index);
  const done = new Set<string>();
  if (context.attempt > 1) for await (const key of ports.written(keyPrefix(upload, archive))) done.add(key);

  const refused: RefusedEntry[] = [];
  const refuse = (entry: ZipEntry, error: UnprocessableInstanceError) =>
    refused.push({
      item: { upload, item: itemIdOf(keyOf(entry), '') },
      path: `${archivePath}/${entry.name}`.slice(0, MAXIMUM_REPORTED_PATH),
      size: entry.size,
      parent: archive,
      state: REASONS[error.reason].state,
      reason: error.reason,
      where: error.where,
    });
  const target = (entry: ZipEntry) => {
    const path = Buffer.from(`${archivePath}/${entry.name}`, 'utf8').toString('base64url');
    if (path.length > MAXIMUM_ENCODED_PATH)
      throw new UnprocessableInstanceError(
        'archive-limit',
        `path of ${path.length} over ${MAXIMUM_ENCODED_PATH}`,
      );
    return {
      key: keyOf(entry),
      metadata: {
        [METADATA.path]: path,
        [METADATA.parent]: archive,
        [METADATA.depth]: String(message.depth + 1),
        [METADATA.run]: context.run,
      },
    };
  };

  const windows = planWindows(entries.filter((entry) => !done.has(keyOf(entry))));
  await mapInParallel(windows, WINDOWS, (window) =>
    unpackWindow(window, source, limits, async (entry, write) => {
      try {
        await write({ ...ports, ...target(entry) });
      } catch (error) {
        if (!isUnprocessable(error)) throw error;
        refuse(entry, error);
      }
    }),
  );
  await ports.refuse(refused, context.run);
  await ports.end(message.item, entries.length, context.run);
  return undefined;
}

/** Where all entries of an archive are written. */
function keyPrefix(upload: string, archive: string): string {
  return extractedKey(upload, archive, 0).replace(/[^/]*$/, '');
}
