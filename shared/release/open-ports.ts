/** The stores that `deidentify` and `clean-pixels` work with: the vault to read, library, crosswalk and ledger to write. */
import { openCrosswalk } from '../aws/crosswalk.ts';
import type { openLedger } from '../aws/ledger.ts';
import { writeInParts } from '../aws/multipart.ts';
import { openObjectStore } from '../aws/object-store.ts';
import { openSecret } from '../aws/secret.ts';
import type { DeidentifyPorts } from './deidentify-instance.ts';
import { openProfile } from './open-profile.ts';

/** What of a function's environment names them. */
export interface ReleaseConfig {
  readonly vaultBucket: string;
  readonly libraryBucket: string;
  readonly crosswalkTable: string;
  readonly pseudonymSecretArn: string;
  readonly deidentificationPolicy: string;
}

/** All ports but what is done to the pixels, in which the two differ. */
export function openPorts(
  config: ReleaseConfig,
  ledger: Pick<ReturnType<typeof openLedger>, 'end'>,
): Omit<DeidentifyPorts, 'treatPixels'> {
  const library = openObjectStore(config.libraryBucket);
  return {
    vault: openObjectStore(config.vaultBucket),
    library: { ...library, writeInParts: (key, options) => writeInParts(library.bucket, key, options) },
    profile: openProfile(openSecret(config.pseudonymSecretArn), config.deidentificationPolicy),
    crosswalk: openCrosswalk(config.crosswalkTable),
    endDuplicate: (item, { modality, ...instance }, run) =>
      ledger.end([{ item, run, end: { state: 'duplicate', reason: 'same-bytes', instance, modality } }]),
  };
}
