/**
 * De-identifies one instance and writes it to the library: the border between the vault zone and the library zone. What it
 * returns names pseudonyms only. The way back is written to the crosswalk first, so that no instance is in the library
 * without one. The same source again is a retry or a duplicate; other bytes under the same identity are a conflict.
 */
import type { CrosswalkEntry } from '../aws/crosswalk.ts';
import type { InstanceDeidentified, InstanceParsed, ItemRef } from '../contract/messages.ts';
import { type InstanceUids, instanceKey, METADATA } from '../contract/names.ts';
import { deidentify, type PixelTreatment, type Profile } from '../deid/index.ts';
import { isValidUid, modalityOf, type Part10, segmentsLength } from '../dicom/index.ts';
import { isUnprocessable, UnprocessableInstanceError } from '../errors.ts';
import type { StepContext } from '../runtime/queue-step.ts';
import { checkPixelData } from './check-pixel-data.ts';
import { readInstance, type SourceInstance, type VaultReader } from './read-instance.ts';
import { type LibraryWriter, writeInstance } from './write-instance.ts';

export interface DeidentifyPorts {
  readonly vault: VaultReader;
  readonly library: LibraryWriter;
  profile(): Promise<Profile>;
  /** What is done to the pixel bytes; undefined where another step is to do it. */
  treatPixels(source: SourceInstance, profile: Profile): Promise<PixelTreatment | undefined>;
  /** Writes the entry unless it is there. */
  crosswalk(entry: CrosswalkEntry): Promise<void>;
  /** Ends an item whose bytes are in the library already, by way of another item. */
  endDuplicate(
    item: ItemRef,
    instance: InstanceUids & { readonly modality?: string },
    run: string,
  ): Promise<void>;
  /** Keeps what a DICOMDIR refers to, so that it can be compared with what came. */
  keepDirectory?(item: ItemRef, part10: Part10, profile: Profile): Promise<void>;
}

const STUDY_INSTANCE_UID = 0x0020000d;

/** De-identifies the instance that the message points to, or passes the message on; undefined where it is a duplicate. */
export async function deidentifyInstance(
  message: InstanceParsed,
  ports: DeidentifyPorts,
  { run }: Pick<StepContext, 'run'>,
): Promise<InstanceDeidentified | InstanceParsed | undefined> {
  const [source, profile] = await Promise.all([readInstance(message, ports.vault), ports.profile()]);
  try {
    return await release(message, source, profile, ports, run);
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    if (error.reason === 'media-directory') await ports.keepDirectory?.(message.item, source.part10, profile);
    throw ofStudy(error, source.part10, profile);
  }
}

/** What is refused is booked under its study where that can be told. */
function ofStudy(
  error: UnprocessableInstanceError,
  { dataSet }: Part10,
  { pseudonyms, options }: Profile,
): UnprocessableInstanceError {
  const study = dataSet.uid(STUDY_INSTANCE_UID);
  if (study === undefined || !isValidUid(study)) return error;
  const { reason, where } = error;
  return new UnprocessableInstanceError(reason, where, {
    cause: error,
    study: options.has('retainUIDs') ? study : pseudonyms.uid(study),
  });
}

async function release(
  message: InstanceParsed,
  source: SourceInstance,
  profile: Profile,
  ports: DeidentifyPorts,
  run: string,
): Promise<InstanceDeidentified | InstanceParsed | undefined> {
  const treatment = await ports.treatPixels(source, profile);
  if (treatment === undefined) return message;
  try {
    return await releaseTreated(message, source, profile, treatment, ports, run);
  } finally {
    treatment.close?.();
  }
}

async function releaseTreated(
  { item, object }: InstanceParsed,
  source: SourceInstance,
  profile: Profile,
  treatment: PixelTreatment,
  ports: DeidentifyPorts,
  run: string,
): Promise<InstanceDeidentified | undefined> {
  const { segments, uids, patientId, original } = deidentify(source.part10, profile, treatment);
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
  const next = (versionId: string, size: number, crc32: number | undefined): InstanceDeidentified => ({
    item,
    instance: uids,
    object: { bucket: ports.library.bucket, key, versionId },
    size,
    ...(crc32 === undefined ? {} : { crc32 }),
  });
  if (written.written) return next(written.versionId, segmentsLength([...segments]), written.crc32);

  const standing = await ports.library.head({ key });
  if (!standing) throw new Error('an object of the library was there and is not');
  if (standing.metadata[METADATA.item] === item.item)
    return next(standing.versionId, standing.size, standing.crc32);
  if (standing.metadata[METADATA.source] !== source.identity)
    throw new UnprocessableInstanceError('conflicting-instance', '(0008,0018) names other bytes already');
  await ports.endDuplicate(item, { ...uids, ...modalityOf(source.part10.dataSet) }, run);
  return undefined;
}
