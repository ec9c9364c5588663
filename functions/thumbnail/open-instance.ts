/** Opens an instance of the library for rendering: a small one in one request, of a large one the header and single frames. */
import { type ObjectStore, objectSource } from '../../shared/aws/object-store.ts';
import type { InstanceDeidentified } from '../../shared/contract/messages.ts';
import { type Part10, readPart10, readPart10From } from '../../shared/dicom/index.ts';

/** Up to this size the object is read whole; default 4 MiB, over most single frames and no burden when two are held. */
export const WHOLE_OBJECT_LIMIT = 4 * 1024 * 1024;

export interface OpenedInstance {
  readonly part10: Part10;
  read(start: number, length: number): Promise<Uint8Array>;
}

/** The header of the instance and ranged access to its bytes. */
export async function openInstance(
  { object, size }: InstanceDeidentified,
  library: Pick<ObjectStore, 'read'>,
): Promise<OpenedInstance> {
  if (size <= WHOLE_OBJECT_LIMIT) {
    const { bytes } = await library.read(object);
    return {
      part10: readPart10(bytes),
      read: async (start, length) => bytes.subarray(start, start + length),
    };
  }
  const source = objectSource(library, object, size);
  return { part10: await readPart10From(source), read: source.read };
}
