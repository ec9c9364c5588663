/**
 * What de-identification tells those who search pictures for text: whether it is worth it, and which words tell who the patient
 * is. It looks at no pixel.
 */
import type { Part10 } from '../dicom/index.ts';
import { DESCRIPTOR_WORDS } from './descriptor-vocabulary.ts';
import { harvest } from './harvest.ts';
import { readSopClass } from './identity.ts';
import { type PixelRisks, pixelRisks } from './pixel-risk.ts';
import type { Profile } from './profile.ts';

/** Whether an instance's pictures are to be searched for text where that may be burned in; `risk` is why they may hold any. */
export interface CleaningWanted {
  readonly isWanted: boolean;
  readonly risk?: string;
  /** For the treatment of the pixels, which would ask the same. */
  readonly risks: PixelRisks;
}

const ALL_CLEAN = { operations: [], cleaned: true, overlaysCleared: true } as const;
const OVERLAYS_CLEARED = { operations: [], overlaysCleared: true } as const;

/** Asks the profile; an instance that is refused whatever is cleaned is not worth a search. */
export function cleaningWanted(part10: Part10, profile: Profile): CleaningWanted {
  const risks = pixelRisks(part10, readSopClass(part10), profile);
  if (profile.pixels !== 'clean' || risks.refusal(ALL_CLEAN) !== undefined) return { isWanted: false, risks };
  const risk = risks.refusal(OVERLAYS_CLEARED);
  return { isWanted: true, risks, ...(risk === undefined ? {} : { risk: risk.where }) };
}

/** What is known of an instance's identifiers and of the words of the field, for text that was read in its pictures. */
export function textJudge(
  part10: Part10,
  profile: Profile,
): { isIdentifier(text: string): boolean; isKnownWord(word: string): boolean } {
  const identifiers = harvest(part10, profile);
  return {
    isIdentifier: (text) => {
      const bytes = Buffer.from(text, 'utf8');
      return identifiers.find(bytes, 0, bytes.length, 0) !== undefined;
    },
    isKnownWord: (word) => DESCRIPTOR_WORDS.has(word),
  };
}
