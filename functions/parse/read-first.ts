/** Reads the first bytes of an object and, where those do not tell, some within; of an empty one only what stands beside it. */
import type { ObjectStore } from '../../shared/aws/object-store.ts';
import type { ParsePorts } from './parse-objects.ts';

/** The reader of the vault. */
export function objectReader(
  vault: Pick<ObjectStore, 'read' | 'head'>,
): Pick<ParsePorts, 'readFirst' | 'readWithin'> {
  return {
    async readFirst(object, length) {
      if (length > 0) return vault.read(object, { start: 0, length });
      const facts = await vault.head(object);
      if (!facts) throw new Error('an object that was announced is not there');
      return { bytes: new Uint8Array(0), metadata: facts.metadata };
    },
    readWithin: async (object, start, length) => (await vault.read(object, { start, length })).bytes,
  };
}
