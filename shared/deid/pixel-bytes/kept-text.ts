/** Which text in a codestream may stay: the names that encoders sign with, and what holds no identifier of the instance. */
import type { Part10 } from '../../dicom/index.ts';
import { harvest } from '../harvest.ts';
import type { Profile } from '../profile.ts';

/** Whether bytes hold an identifier of the instance. */
export type IsIdentifying = (bytes: Uint8Array) => boolean;

/** Shorter strings occur in binary values by chance, as in `residue.ts`. */
const MINIMUM_WEIGHT = 6;

/** An encoder's own name, and a version of at most four numbers of at most four digits. */
const ENCODER =
  /^(?:Created by (?:GDCM\/)?OpenJPEG version |Creator: JasPer Version |OpenJPH Ver |Kakadu-v?|LEAD Technologies Inc\. V|Lavc)\d{1,4}(?:\.\d{1,4}){0,3}\.?$|^MITRA_DICOM_STANDARD$/;

/** Searches for the identifiers of an instance; they are harvested when first asked for, which few instances need. */
export function identifierTest(part10: Part10, profile: Profile): IsIdentifying {
  let search: ReturnType<typeof harvest> | undefined;
  return (bytes) => {
    search ??= harvest(part10, profile);
    return search.find(bytes, 0, bytes.length, MINIMUM_WEIGHT) !== undefined;
  };
}

/** Whether a comment says which program wrote the codestream, and nothing else. */
export function namesEncoder(comment: Uint8Array): boolean {
  if (comment.length > 80) return false;
  return ENCODER.test(
    Buffer.from(comment)
      .toString('latin1')
      .replace(/[\0 ]+$/, ''),
  );
}
