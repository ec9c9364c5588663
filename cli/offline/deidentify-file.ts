/** De-identifies one file into another without any cloud; its pixel bytes pass through, whatever their size. */
import { applyPlan, type Operation, type Profile, plan } from '../../shared/deid/index.ts';
import { looksLikeDicom, readPart10From } from '../../shared/dicom/index.ts';
import { isUnprocessable, REASONS, UnprocessableInstanceError } from '../../shared/errors.ts';
import { type FileSource, openFile } from './file-source.ts';
import type { Work } from './in-and-out.ts';
import { treatPixels } from './treat-pixels.ts';
import { writeSegments } from './write-file.ts';

export interface FileOutcome {
  readonly state: 'deidentified' | 'quarantined' | 'ignored';
  readonly reason: string | null;
  readonly where: string | null;
  readonly operations: readonly Operation[];
}

/** As much as S3 would be asked for first. */
const FIRST_BYTES = 64 * 1024;
/** ZIP, GZIP, 7z, RAR: told by their first bytes. */
const ARCHIVES = ['504b0304', '504b0506', '1f8b', '377abcaf', '526172211a07'];

/** Writes the de-identified file, or says why there is none; only faults of the input are outcomes. */
export async function deidentifyFile(work: Work, profile: Profile): Promise<FileOutcome> {
  const source = await openFile(work.input);
  const seen: { operations: readonly Operation[] } = { operations: [] };
  try {
    await deidentifySource(source, work.output, profile, seen);
    return { state: 'deidentified', reason: null, where: null, ...seen };
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    const { reason, where } = error;
    return { state: REASONS[reason].state, reason, where, ...seen };
  } finally {
    await source.close();
  }
}

async function deidentifySource(
  source: FileSource,
  output: string,
  profile: Profile,
  seen: { operations: readonly Operation[] },
): Promise<void> {
  if (source.size === 0) throw new UnprocessableInstanceError('empty', '0 bytes');
  const firstBytes = await source.read(0, Math.min(FIRST_BYTES, source.size));
  if (!looksLikeDicom(firstBytes)) throw refusalOf(firstBytes);
  const part10 = await readPart10From(source, {}, firstBytes);
  const treatment = await treatPixels(part10, source, profile);
  try {
    const planned = plan(part10, profile, treatment);
    seen.operations = planned.operations;
    const { segments } = applyPlan(part10, planned, profile);
    await writeSegments(output, segments, source);
  } finally {
    treatment.close?.();
  }
}

function refusalOf(firstBytes: Uint8Array): UnprocessableInstanceError {
  const beginning = Buffer.from(firstBytes.subarray(0, 8)).toString('hex');
  const isArchive = ARCHIVES.some((magic) => beginning.startsWith(magic));
  const where = 'told by its first bytes';
  return new UnprocessableInstanceError(isArchive ? 'unsupported-archive' : 'not-dicom', where);
}
