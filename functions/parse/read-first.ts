/** Reads the first bytes of an object; of an empty one, which has no range, only what stands beside it. */
import type { ObjectStore } from '../../shared/aws/object-store.ts';
import type { ParsePorts } from './parse-objects.ts';

/** The reader of the vault. */
export function firstBytesReader(vault: Pick<ObjectStore, 'read' | 'head'>): ParsePorts['readFirst'] {
  return async (object, length) => {
    if (length > 0) return vault.read(object, { start: 0, length });
    const facts = await vault.head(object);
    if (!facts) throw new Error('an object that was announced is not there');
    return { bytes: new Uint8Array(0), metadata: facts.metadata };
  };
}
