/**
 * Reads an instance from the vault: a small one whole, of a large one the header and what follows its pixels. Either way it is
 * given a name by its bytes: instances of the same bytes have the same.
 */
import { createHash } from 'node:crypto';
import type { HeadFacts, ObjectStore } from '../aws/object-store.ts';
import { objectSource } from '../aws/object-store.ts';
import type { InstanceParsed } from '../contract/messages.ts';
import { type ByteSource, type Part10, readPart10, readPart10From } from '../dicom/index.ts';

/**
 * Up to this size an object is read and written in one request each; default 8 MiB, over nearly all single frames. Several
 * are held at once, and a longer one must be more than one part anyway.
 */
export const WHOLE_OBJECT_LIMIT = 8 * 1024 * 1024;

/**
 * A deflated data set cannot be read in ranges and is inflated whole, up to 64 MiB: a function that holds several must not
 * run out of memory by one of them.
 */
export const READ_LIMITS = { maximumInflatedBytes: 64 * 1024 * 1024 } as const;

export interface SourceInstance {
  readonly part10: Part10;
  /** The whole object, where it is small. */
  readonly bytes: Uint8Array | undefined;
  /** The object by ranges, wherever it is. */
  readonly ranges: ByteSource;
  /** Algorithm, checksum and size: the same for the same bytes. */
  readonly identity: string;
}

export type VaultReader = Pick<ObjectStore, 'read'> & {
  head(at: { readonly key: string; readonly versionId: string }): Promise<HeadFacts | undefined>;
};

/** The instance that a message points to. */
export async function readInstance(
  { object, size }: InstanceParsed,
  vault: VaultReader,
): Promise<SourceInstance> {
  if (size <= WHOLE_OBJECT_LIMIT) {
    const { bytes } = await vault.read(object);
    const digest = createHash('sha256').update(bytes).digest('base64');
    return {
      part10: readPart10(bytes, READ_LIMITS),
      bytes,
      ranges: { size, read: async (start, length) => bytes.subarray(start, start + length) },
      identity: `sha256:${digest}:${bytes.length}`,
    };
  }
  const ranges = objectSource(vault, object, size);
  const [part10, facts] = await Promise.all([readPart10From(ranges, READ_LIMITS), vault.head(object)]);
  if (!facts) throw new Error('an object that was announced is not there');
  return { part10, bytes: undefined, ranges, identity: `${facts.checksum}:${size}` };
}
