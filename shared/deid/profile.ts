/**
 * The profile under which an instance is de-identified: which action each element is given, what the actions draw their
 * pseudonyms from, what is written of it into the instance. The Basic Application Level Confidentiality Profile is always on;
 * an option could only relax it, and none is on here.
 */
import type { DataElement } from '../dicom/index.ts';
import { imageKindOf } from './attribute-types.ts';
import type { PixelPolicy } from './pixel-risk.ts';
import { DEIDENTIFICATION_METHODS, EDITION } from './ps3-15.generated.ts';
import type { Pseudonymizer } from './pseudonyms.ts';
import { type Decision, decisionsFor } from './rules.ts';
import type { Code } from './table-row.ts';

/** What is asked of each element, and what the instance says afterwards of how it was de-identified. */
export interface Profile {
  readonly pseudonyms: Pseudonymizer;
  readonly pixels: PixelPolicy;
  /** De-identification Method (0012,0063), at most 64 characters a value. */
  readonly method: readonly string[];
  /** De-identification Method Code Sequence (0012,0064), of PS3.16 CID 7050. */
  readonly methodCodes: readonly Code[];
  /** The decision for an element of an instance of the SOP class, before its value is looked at. */
  decisionsFor(sopClassUid: string): (element: DataElement) => Decision;
}

export interface BasicProfileOptions {
  readonly pseudonyms: Pseudonymizer;
  /** Whether pictures that may show the patient's identity are refused. Default 'quarantine-risky'. */
  readonly pixels?: PixelPolicy;
}

const BASIC_PROFILE = '113100';

/** The Basic Application Level Confidentiality Profile of PS3.15 E.2, without options. */
export function basicProfile({ pseudonyms, pixels = 'quarantine-risky' }: BasicProfileOptions): Profile {
  const decisions = {
    classic: decisionsFor('classic'),
    pet: decisionsFor('pet'),
    other: decisionsFor('other'),
  };
  return {
    pseudonyms,
    pixels,
    method: ['Filmroom 0.1', `PS3.15 ${EDITION} Basic Application Confidentiality Profile`],
    methodCodes: DEIDENTIFICATION_METHODS.filter((code) => code.value === BASIC_PROFILE),
    decisionsFor: (sopClassUid) => decisions[imageKindOf(sopClassUid)],
  };
}
