/**
 * Keeps in the vault what a DICOMDIR refers to: File IDs, which may hold names, and the pseudonyms of the instances, by which
 * a file is found that was renamed on its way. One JSON line a file; written again by a retry.
 */
import { gzipSync } from 'node:zlib';
import type { ObjectStore } from '../../shared/aws/object-store.ts';
import { mediaDirectoryKey } from '../../shared/contract/names.ts';
import { referencedFiles } from '../../shared/dicom/index.ts';
import type { DeidentifyPorts } from '../../shared/release/deidentify-instance.ts';

/** The port over the vault. */
export function directoryKeeper(
  vault: Pick<ObjectStore, 'put'>,
): NonNullable<DeidentifyPorts['keepDirectory']> {
  return async ({ upload, item }, part10, { pseudonyms }) => {
    const lines = [...referencedFiles(part10)].map(({ fileId, instance }) =>
      JSON.stringify({
        file: fileId,
        ...(instance === undefined ? {} : { instance: pseudonyms.uid(instance) }),
      }),
    );
    const text = lines.map((line) => `${line}\n`).join('');
    await vault.put(mediaDirectoryKey(upload, item), gzipSync(text), { contentType: 'application/gzip' });
  };
}
