/**
 * What this step does to pixels: text in the pictures is found and masked, then overlay bits and text in codestreams go as
 * `deidentify` has them go. It asks again what was asked there, so that it is right whoever sends it an instance.
 */
import {
  cleaningWanted,
  type PixelTreatment,
  type Profile,
  textJudge,
  treatPixelBytes,
} from '../../shared/deid/index.ts';
import { type CleaningOptions, cleanPixels } from '../../shared/pixels/burned-in/clean-pixels.ts';
import { decide } from '../../shared/pixels/burned-in/decide.ts';
import type { SourceInstance } from '../../shared/release/read-instance.ts';

/** Cleans the pictures of an instance with the finder. */
export function cleanAndTreat(
  finder: CleaningOptions['finder'],
): (source: SourceInstance, profile: Profile) => Promise<PixelTreatment> {
  return async ({ part10, ranges }, profile) => {
    const { isWanted, risk, risks } = cleaningWanted(part10, profile);
    const decision = decide(part10, risk);
    if (!isWanted || decision.outcome === 'spared')
      return treatPixelBytes(part10, ranges, profile, { operations: [], risks });
    const source = { part10, read: (start: number, length: number) => ranges.read(start, length) };
    const { treatment } = await cleanPixels(source, decision, { finder, judge: textJudge(part10, profile) });
    return treatPixelBytes(part10, ranges, profile, { ...treatment, risks });
  };
}
