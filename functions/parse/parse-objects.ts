/**
 * Finds out what each new object of the vault is, by its first bytes, and books its arrival in the ledger. What is neither
 * DICOM nor an archive ends here; the rest goes on as a pointer to the very version that was looked at.
 */
import type { ArchiveFound, InstanceParsed, ItemRef, ObjectPointer } from '../../shared/contract/messages.ts';
import { METADATA, parseVaultKey } from '../../shared/contract/names.ts';
import { UnprocessableInstanceError } from '../../shared/errors.ts';
import { settleInParallel } from '../../shared/runtime/in-parallel.ts';
import type { CreatedObject } from '../../shared/runtime/message-body.ts';
import { itemIdOf } from '../../shared/runtime/opaque-id.ts';
import type { Settled } from '../../shared/runtime/queue-step.ts';
import { type Content, contentOf, DISK_BYTES, diskOf, FIRST_BYTES, maybeDisk } from './content-kind.ts';

export interface Arrival {
  readonly item: ItemRef;
  readonly path: string;
  readonly size: number;
  readonly receivedAt: string;
  readonly parent?: string;
  /** Where the item's bytes are. */
  readonly object: Pick<ObjectPointer, 'key' | 'versionId'>;
}

export interface ParsePorts {
  /** The first bytes of an object and what was written beside them; no bytes of an empty one. */
  readFirst(
    object: CreatedObject,
    length: number,
  ): Promise<{ bytes: Uint8Array; metadata: Readonly<Record<string, string>> }>;
  /** Bytes from further inside. */
  readWithin(object: CreatedObject, start: number, length: number): Promise<Uint8Array>;
  arrive(arrivals: readonly Arrival[]): Promise<void>;
}

export type Parsed = ArchiveFound | InstanceParsed;

/** How many objects are looked at at once: the wait is for S3, not for us. */
const WIDTH = 10;

/** The item that an object of the vault stands for. */
export function itemOfObject({ key, versionId }: CreatedObject): ItemRef {
  return { upload: parseVaultKey(key).upload, item: itemIdOf(key, versionId) };
}

/** The outcome of each object, in order: where it goes next, or why it ends. */
export async function parseObjects(
  objects: readonly CreatedObject[],
  ports: ParsePorts,
): Promise<Settled<readonly Parsed[]>> {
  const looked = await settleInParallel(objects, WIDTH, (object) => lookAt(object, ports));
  await ports.arrive(
    looked.flatMap((result) => (result.status === 'fulfilled' ? [result.value.arrival] : [])),
  );
  return settleInParallel(looked, 1, async (result) => {
    if (result.status === 'rejected') throw result.reason;
    const { outcome } = result.value;
    if (outcome instanceof UnprocessableInstanceError) throw outcome;
    return [outcome];
  });
}

async function lookAt(
  object: CreatedObject,
  ports: ParsePorts,
): Promise<{ arrival: Arrival; outcome: Parsed | UnprocessableInstanceError }> {
  const { bytes, metadata } = await ports.readFirst(object, Math.min(FIRST_BYTES, object.size));
  const item = itemOfObject(object);
  const uploadedPath = parseVaultKey(object.key).path;
  // What an uploader wrote beside a file of its own is not ours and says nothing.
  const entry = uploadedPath === undefined ? metadata : {};
  const parent = entry[METADATA.parent];
  const encodedPath = entry[METADATA.path] ?? '';
  const path = uploadedPath ?? (Buffer.from(encodedPath, 'base64url').toString('utf8') || object.key);
  return {
    arrival: {
      item,
      path,
      size: object.size,
      receivedAt: object.createdAt,
      object: { key: object.key, versionId: object.versionId },
      ...(parent === undefined ? {} : { parent }),
    },
    outcome: outcomeOf(object, item, await tell(object, bytes, ports), Number(entry[METADATA.depth] ?? 0)),
  };
}

/** What the object is: by its first bytes alone unless it may be a disk image. */
async function tell(object: CreatedObject, firstBytes: Uint8Array, ports: ParsePorts): Promise<Content> {
  const content = contentOf(firstBytes);
  if (!maybeDisk(content, object.size)) return content;
  return diskOf(await ports.readWithin(object, DISK_BYTES.start, DISK_BYTES.length)) ?? content;
}

function outcomeOf(
  { bucket, key, versionId, size }: CreatedObject,
  item: ItemRef,
  content: Content,
  depth: number,
): Parsed | UnprocessableInstanceError {
  const object = { bucket, key, versionId };
  if (size === 0) return new UnprocessableInstanceError('empty', '0 bytes');
  switch (content.kind) {
    case 'dicom':
      return { item, object, size };
    case 'archive':
      return { item, object, size, format: content.format, depth };
    case 'other-archive':
      return new UnprocessableInstanceError('unsupported-archive', content.what);
    case 'neither':
      return new UnprocessableInstanceError('not-dicom', content.what);
  }
}
