/**
 * The entries of one call: each is written under its number with its path, its archive and its depth beside it, or ends by
 * itself with a reason. An entry that an earlier delivery wrote is not written again.
 */
import type { ArchiveFound, ItemRef } from '../../shared/contract/messages.ts';
import { extractedKey, METADATA } from '../../shared/contract/names.ts';
import { isUnprocessable, REASONS, UnprocessableInstanceError } from '../../shared/errors.ts';
import { itemIdOf } from '../../shared/runtime/opaque-id.ts';
import type { StepContext } from '../../shared/runtime/queue-step.ts';
import type { RefusedEntry, UnpackPorts } from './ports.ts';

export interface Entry {
  readonly index: number;
  /** For people only. */
  readonly name: string;
  readonly size: number;
}

/** Where an entry is written to. */
export interface Target {
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Entries {
  /** Whether an earlier delivery wrote it. */
  isDone(entry: Pick<Entry, 'index'>): boolean;
  /** Writes the entry; what it throws for the entry's own fault becomes the entry's end. */
  unpack(entry: Entry, write: (target: Target) => Promise<void>): Promise<void>;
  /** Books the ends of entries that did not become objects. */
  finish(): Promise<void>;
}

/** S3 takes 2 KB of metadata beside an object: a path has this much of it, in base64. */
export const MAXIMUM_ENCODED_PATH = 1_400;
/** A refused entry may have a longer path still; the report shows this much of it. */
const MAXIMUM_REPORTED_PATH = 2_048;

/** Opens the entries with numbers from `first` to `last` of the archive that a message points to. */
export async function openEntries(
  message: ArchiveFound,
  ports: UnpackPorts,
  context: Pick<StepContext, 'run' | 'attempt'>,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<Entries> {
  const { upload, item: archive } = message.item;
  const archivePath = await ports.pathOf(message.object);
  const keyOf = (index: number) => extractedKey(upload, archive, index);
  const done = new Set<string>();
  if (context.attempt > 1) {
    const range = { after: keyOf(Math.max(0, first - 1)), upTo: keyOf(last) };
    for await (const key of ports.written(folderOf(message.item), first > 0 ? range : { upTo: range.upTo }))
      done.add(key);
  }
  const refused: RefusedEntry[] = [];

  const target = ({ index, name }: Entry): Target => {
    const path = Buffer.from(`${archivePath}/${name}`, 'utf8').toString('base64url');
    if (path.length > MAXIMUM_ENCODED_PATH)
      throw new UnprocessableInstanceError(
        'archive-limit',
        `path of ${path.length} over ${MAXIMUM_ENCODED_PATH}`,
      );
    return {
      key: keyOf(index),
      metadata: {
        [METADATA.path]: path,
        [METADATA.parent]: archive,
        [METADATA.depth]: String(message.depth + 1),
        [METADATA.run]: context.run,
      },
    };
  };

  return {
    isDone: ({ index }) => done.has(keyOf(index)),
    async unpack(entry, write) {
      try {
        await write(target(entry));
      } catch (error) {
        if (!isUnprocessable(error)) throw error;
        refused.push({
          item: { upload, item: itemIdOf(keyOf(entry.index), '') },
          path: `${archivePath}/${entry.name}`.slice(0, MAXIMUM_REPORTED_PATH),
          size: entry.size,
          parent: archive,
          state: REASONS[error.reason].state,
          reason: error.reason,
          where: error.where,
        });
      }
    },
    finish: () => ports.refuse(refused, context.run),
  };
}

/** Where all entries of an archive are written. */
function folderOf({ upload, item }: ItemRef): string {
  return extractedKey(upload, item, 0).replace(/[^/]*$/, '');
}
