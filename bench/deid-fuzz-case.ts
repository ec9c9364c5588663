/** One case of the fuzzing of de-identification: what an object comes to under a policy, and whether that is allowed. */
import {
  deidentify,
  keyedPseudonyms,
  POLICIES,
  type Profile,
  profileOf,
  treatPixelBytes,
} from '../shared/deid/index.ts';
import {
  type ByteSource,
  concatSegments,
  type DataSet,
  readPart10,
  readPart10From,
} from '../shared/dicom/index.ts';
import { isUnprocessable, REASONS } from '../shared/errors.ts';

/** `released`, or the reason of the refusal, or `fault` with what went wrong. */
export interface Ending {
  readonly ending: string;
  readonly fault?: string;
}

/** Every shipped policy with the pictures vouched for, so that a case reaches the writing; and each as it is shipped. */
export function fuzzProfiles(): readonly Profile[] {
  const given = { pseudonyms: keyedPseudonyms(new Uint8Array(32).fill(7)) };
  return [...POLICIES.values()].flatMap((policy) => [
    profileOf({ ...policy, pixels: 'trust', recognizableFeatures: 'release' }, given),
    profileOf({ ...policy, pixels: 'trust', recognizableFeatures: 'release' }, given),
    profileOf(policy, given),
  ]);
}

/** De-identifies the object, every fourth one from a ranged source, and reads what came out. */
export async function attempt(bytes: Uint8Array, profile: Profile, seed: number): Promise<Ending> {
  try {
    const part10 = seed % 4 === 3 ? await readPart10From(memorySource(bytes)) : readPart10(bytes);
    const treatment = await treatPixelBytes(part10, memorySource(bytes), profile);
    const { segments } = deidentify(part10, profile, treatment);
    const written = concatSegments(segments, bytes);
    const again = outcomeOf(() => readAll(readPart10(written).dataSet));
    return again === undefined
      ? { ending: 'released' }
      : { ending: 'fault', fault: `what was written cannot be read: ${again}` };
  } catch (error) {
    if (isUnprocessable(error) && Object.hasOwn(REASONS, error.reason)) return { ending: error.reason };
    return { ending: 'fault', fault: described(error) };
  }
}

function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (start, length) => bytes.slice(start, start + length) };
}

/** Every text that is asked for can be decoded. */
function readAll(dataSet: DataSet): void {
  for (const element of dataSet.elements) {
    for (const item of element.items ?? []) readAll(item.dataSet);
    if (element.items === undefined && element.valueEnd - element.valueStart < 4096)
      dataSet.strings(element.tag);
  }
}

function outcomeOf(call: () => void): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return described(error);
  }
}

/** The first lines of the stack: where it happened. */
function described(error: unknown): string {
  return error instanceof Error
    ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ')
    : String(error);
}
