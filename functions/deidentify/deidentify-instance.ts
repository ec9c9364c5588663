/**
 * De-identifies one instance and writes it to the library: the border between the vault zone and the library zone. What it
 * returns names pseudonyms only. The way back is written to the crosswalk first, so that no instance is in the library
 * without one. The same source again is a retry or a duplicate; other bytes under the same identity are a conflict.
 */
import type { CrosswalkEntry } from '../../shared/aws/crosswalk.ts';
import type { InstanceDeidentified, InstanceParsed, ItemRef } from '../../shared/contract/messages.ts';
import { type InstanceUids, instanceKey, METADATA } from '../../shared/contract/names.ts';
import { deidentify, type Profile } from '../../shared/deid/index.ts';
import { segmentsLength } from '../../shared/dicom/index.ts';
import { UnprocessableInstanceError } from '../../shared/errors.ts';
import type { StepContext } from '../../shared/runtime/queue-step.ts';
import { checkPixelData } from './check-pixel-data.ts';
import { readInstance, type VaultReader } from './read-instance.ts';
import { type LibraryWriter, writeInstance } from './write-instance.ts';

export interface DeidentifyPorts {
  readonly vault: VaultReader;
  readonly library: LibraryWriter;
  profile(): Promise<Profile>;
  /** Writes the entry unless it is there. */
  crosswalk(entry: CrosswalkEntry): Promise<void>;
  /** Ends an item whose bytes are in the library already, by way of another item. */
  endDuplicate(item: ItemRef, instance: InstanceUids, run: string): Promise<void>;
}

/** De-identifies the instance that the message points to; undefined where it is a duplicate. */
export async function deidentifyInstance(
  message: InstanceParsed,
  ports: DeidentifyPorts,
  { run }: Pick<StepContext, 'run'>,
): Promise<InstanceDeidentified | undefined> {
  const { item, object } = message;
  const [source, profile] = await Promise.all([readInstance(message, ports.vault), ports.profile()]);
  const { segments, uids, patientId, original } = deidentify(source.part10, profile);
  await checkPixelData(source.part10);

  await ports.crosswalk({
    study: uids.study,
    patient: patientId,
    original: {
      studyInstanceUid: original.study,
      patientId: original.patientId,
      issuerOfPatientId: original.issuer ?? '',
      patientName: original.patientName ?? '',
      patientBirthDate: original.birthDate ?? '',
    },
  });
  const key = instanceKey(uids);
  const metadata = {
    [METADATA.item]: item.item,
    [METADATA.source]: source.identity,
    [METADATA.run]: run,
  };
  const target = { key, metadata };
  const written = await writeInstance(segments, { bytes: source.bytes, object }, target, ports);
  const next = (versionId: string, size: number): InstanceDeidentified => ({
    item,
    instance: uids,
    object: { bucket: ports.library.bucket, key, versionId },
    size,
  });
  if (written.written) return next(written.versionId, segmentsLength([...segments]));

  const standing = await ports.library.head({ key });
  if (!standing) throw new Error('an object of the library was there and is not');
  if (standing.metadata[METADATA.item] === item.item) return next(standing.versionId, standing.size);
  if (standing.metadata[METADATA.source] !== source.identity)
    throw new UnprocessableInstanceError('conflicting-instance', '(0008,0018) names other bytes already');
  await ports.endDuplicate(item, uids, run);
  return undefined;
}
