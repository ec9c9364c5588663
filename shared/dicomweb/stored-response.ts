/** What STOW-RS answers with (PS3.18 10.5.3.3): instances taken and instances refused, each with its reason (PS3.4 B.2.3, PS3.18 I.2). */
import type { DicomJson } from '../dicom/index.ts';

/** Failure Reason (0008,1197). */
export const FAILURE = {
  /** Processing failure: here, a part that came in another media type. */
  processing: 0x0110,
  /** Error: data set does not match SOP class; here, a Study Instance UID other than that of the path, or UIDs that are none. */
  doesNotMatch: 0xa900,
  /** Error: cannot understand. */
  notDicom: 0xc000,
  /** Referenced transfer syntax not supported. */
  transferSyntax: 0xc122,
} as const;

export interface StoredReference {
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
}

export interface FailedReference extends StoredReference {
  readonly reason: number;
}

/** The Store Instances Response Module in DICOM JSON. What could not be read of a reference is left out. */
export function storedResponse(
  stored: readonly StoredReference[],
  failed: readonly FailedReference[],
): DicomJson {
  const reference = ({ sopClassUid, sopInstanceUid }: StoredReference): DicomJson => ({
    ...(sopClassUid ? { '00081150': { vr: 'UI', Value: [sopClassUid] } } : {}),
    ...(sopInstanceUid ? { '00081155': { vr: 'UI', Value: [sopInstanceUid] } } : {}),
  });
  return {
    ...(failed.length === 0
      ? {}
      : {
          '00081198': {
            vr: 'SQ',
            Value: failed.map((one) => ({
              ...reference(one),
              '00081197': { vr: 'US', Value: [one.reason] },
            })),
          },
        }),
    ...(stored.length === 0 ? {} : { '00081199': { vr: 'SQ', Value: stored.map(reference) } }),
  };
}
