/** What this step does to pixel bytes: overlay bits and text in codestreams. Pictures to be searched for text go another way. */
import {
  cleaningWanted,
  type PixelTreatment,
  type Profile,
  treatPixelBytes,
} from '../../shared/deid/index.ts';
import { decide } from '../../shared/pixels/burned-in/decide.ts';
import type { SourceInstance } from '../../shared/release/read-instance.ts';

/** The treatment of the pixel bytes; undefined where the pictures are to be searched for text. */
export async function treatBytesOrPassOn(
  { part10, ranges }: Pick<SourceInstance, 'part10' | 'ranges'>,
  profile: Profile,
): Promise<PixelTreatment | undefined> {
  const { isWanted, risk, risks } = cleaningWanted(part10, profile);
  if (isWanted && decide(part10, risk).outcome === 'search') return undefined;
  return treatPixelBytes(part10, ranges, profile, { operations: [], risks });
}
