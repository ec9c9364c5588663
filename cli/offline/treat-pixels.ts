/** What becomes of the pixels of a file: as in the pipeline, text in pictures that may hold some is found and masked first. */
import {
  cleaningWanted,
  type PixelTreatment,
  type Profile,
  textJudge,
  treatPixelBytes,
} from '../../shared/deid/index.ts';
import type { Part10 } from '../../shared/dicom/index.ts';
import { cleanPixels } from '../../shared/pixels/burned-in/clean-pixels.ts';
import { decide } from '../../shared/pixels/burned-in/decide.ts';
import { openTextFinder, type TextFinder } from '../../shared/pixels/text/find-text.ts';
import { type FileSource, PASSING_BYTES, passing } from './file-source.ts';

let finder: TextFinder | undefined;

/** One finder for all files of a command. */
export function sharedFinder(): TextFinder {
  finder ??= openTextFinder({ threads: 2 });
  return finder;
}

/** The treatment of a file's pixels under the profile. */
export async function treatPixels(
  part10: Part10,
  source: FileSource,
  profile: Profile,
): Promise<PixelTreatment> {
  const { isWanted, risk, risks } = cleaningWanted(part10, profile);
  const decision = decide(part10, risk);
  let treatment: PixelTreatment = { operations: [], risks };
  if (isWanted && decision.outcome === 'search') {
    const reader = { part10, read: (start: number, length: number) => source.read(start, length) };
    const options = { finder: sharedFinder(), judge: textJudge(part10, profile) };
    treatment = { ...(await cleanPixels(reader, decision, options)).treatment, risks };
  }
  return treatPixelBytes(part10, passing(source), profile, treatment, PASSING_BYTES);
}
