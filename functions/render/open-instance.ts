/** Opens an instance of the library by its key: a small one in one request, of a large one the beginning and single frames. */
import { type ObjectStore, objectSource } from '../../shared/aws/object-store.ts';
import { readPart10, readPart10From } from '../../shared/dicom/index.ts';
import type { PreviewSource } from '../../shared/pixels/preview.ts';

/** What is read at once; default 4 MiB, over most single frames. */
const FIRST_READ = 4 * 1024 * 1024;

export interface OpenedInstance extends PreviewSource {
  /** Changes with the bytes. */
  readonly revision: string;
}

/** The header of the instance and ranged access to the bytes of this very version; throws where there is no such object. */
export async function openInstance(key: string, library: Pick<ObjectStore, 'read'>): Promise<OpenedInstance> {
  const { bytes, size, revision, versionId } = await library.read({ key }, { start: 0, length: FIRST_READ });
  const within = async (start: number, length: number) => bytes.subarray(start, start + length);
  if (size <= bytes.length) return { revision, part10: readPart10(bytes), read: within };
  // The ranges that follow belong to the bytes at hand, though another version may be written meanwhile.
  const source = objectSource(library, { key, versionId }, size);
  const read = (start: number, length: number) =>
    start + length <= bytes.length ? within(start, length) : source.read(start, length);
  return { revision, part10: await readPart10From({ size, read }), read };
}
