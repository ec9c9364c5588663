/** The vault and the ledger as `unpack` sees them. */
import type { Ledger } from '../../shared/aws/ledger.ts';
import { type ObjectStore, objectSource } from '../../shared/aws/object-store.ts';
import { putLong } from '../../shared/aws/put-long.ts';
import { putPieces } from '../../shared/aws/put-pieces.ts';
import { METADATA, parseVaultKey } from '../../shared/contract/names.ts';
import { REASONS } from '../../shared/errors.ts';
import type { UnpackPorts } from './ports.ts';

/** Ports over the vault's bucket; an entry is written only where none stands yet. */
export function vaultPorts(vault: ObjectStore, ledger: Pick<Ledger, 'arrive' | 'end'>): UnpackPorts {
  return {
    source: (object, size) => ({
      ...objectSource(vault, object, size),
      stream: (start, length) => vault.stream(object, { start, length }),
    }),
    async pathOf(object) {
      const { path } = parseVaultKey(object.key);
      if (path !== undefined) return path;
      const encoded = (await vault.head(object))?.metadata[METADATA.path] ?? '';
      return Buffer.from(encoded, 'base64url').toString('utf8');
    },
    async *written(prefix, { after, upTo }) {
      for await (const key of vault.list(prefix, after === undefined ? {} : { after })) {
        if (key > upTo) return;
        yield key;
      }
    },
    async write(key, bytes, metadata) {
      await vault.put(key, bytes, { metadata, onlyIf: 'absent' });
    },
    async writePieces(key, pieces, metadata) {
      await putPieces(vault, key, pieces, { metadata, onlyIf: 'absent' });
    },
    writeLong: (key, pieces, options) => putLong(vault, key, pieces, options),
    async refuse(entries, run) {
      const receivedAt = new Date().toISOString();
      await ledger.arrive(
        entries.map(({ item, path, size, parent }) => ({ item, path, size, parent, receivedAt })),
      );
      await ledger.end(
        entries.map(({ item, state, reason, where }) => ({ item, run, end: { state, reason, where } })),
      );
    },
    async refuseArchive(item, { reason, where }, run) {
      await ledger.end([{ item, run, end: { state: REASONS[reason].state, reason, where } }]);
    },
    async end(item, entries, run) {
      await ledger.end([{ item, run, end: { state: 'unpacked', entries } }]);
    },
  };
}
