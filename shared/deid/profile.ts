/**
 * The profile under which an instance is de-identified: which action each element is given, what the actions draw their
 * pseudonyms from, what is written of it into the instance. The Basic Application Level Confidentiality Profile is always
 * on; an option only relaxes it. Options that contradict each other are refused.
 */
import type { DataElement, DataSet, Tag } from '../dicom/index.ts';
import { imageKindOf } from './attribute-types.ts';
import type { Decision } from './decision.ts';
import { conflictOf, NO_OPTIONS, OPTION_CODES, OPTION_NAMES, type UnlistedText } from './options.ts';
import type { PixelPolicy } from './pixel-risk.ts';
import { DEIDENTIFICATION_METHODS, EDITION } from './ps3-15.generated.ts';
import type { Pseudonymizer } from './pseudonyms.ts';
import { decisionsFor, retainedTags } from './rules.ts';
import type { Code, OptionName } from './table-row.ts';

/** What is asked of each element, and what the instance says afterwards of how it was de-identified. */
export interface Profile {
  readonly pseudonyms: Pseudonymizer;
  readonly pixels: PixelPolicy;
  readonly options: ReadonlySet<OptionName>;
  /** Whether kept text loses what looks like an identifier. */
  readonly textPatterns: boolean;
  /** What is searched for beside the identifiers of the instance. */
  readonly extraIdentifiers: readonly string[];
  /** De-identification Method (0012,0063), at most 64 characters a value. */
  readonly method: readonly string[];
  /** De-identification Method Code Sequence (0012,0064), of PS3.16 CID 7050. */
  readonly methodCodes: readonly Code[];
  /** The decision for an element of an instance of the SOP class, before its value is looked at. */
  decisionsFor(sopClassUid: string): (element: DataElement, dataSet: DataSet) => Decision;
  /** Whether the options keep the attribute's value, so that it is no identifier to search for. */
  isRetained(tag: Tag): boolean;
}

export interface BasicProfileOptions {
  readonly pseudonyms: Pseudonymizer;
  /** Whether pictures that may show the patient's identity are refused. Default 'quarantine-risky'. */
  readonly pixels?: PixelPolicy;
  /** Options of PS3.15 E.3. Default none. */
  readonly options?: Iterable<OptionName>;
  /** What becomes of free text in attributes that Table E.1-1 does not list. Default 'keep'. */
  readonly unlistedText?: UnlistedText;
  /** Whether kept text loses what looks like a date, number, address or URL of somebody. Default false. */
  readonly textPatterns?: boolean;
  /** Names, numbers and places that must be found in nothing that is kept. Default none. */
  readonly extraIdentifiers?: readonly string[];
  /** The policy, to be named in the instance. */
  readonly policy?: { readonly name: string; readonly version: number };
}

const BASIC_PROFILE = '113100';

/** The Basic Application Level Confidentiality Profile of PS3.15 E.2, with the options that are asked for. */
export function basicProfile({
  pseudonyms,
  pixels = 'quarantine-risky',
  options: asked = NO_OPTIONS.options,
  unlistedText = NO_OPTIONS.unlistedText,
  textPatterns = false,
  extraIdentifiers = [],
  policy,
}: BasicProfileOptions): Profile {
  const options = new Set(asked);
  const switches = { options, unlistedText };
  const conflict = conflictOf(switches);
  if (conflict !== undefined) throw new RangeError(conflict);
  const decisions = {
    classic: decisionsFor('classic', switches),
    pet: decisionsFor('pet', switches),
    other: decisionsFor('other', switches),
  };
  const codes = [
    BASIC_PROFILE,
    ...OPTION_NAMES.filter((name) => options.has(name)).map((name) => OPTION_CODES[name]),
  ];
  return {
    pseudonyms,
    pixels,
    options,
    textPatterns,
    extraIdentifiers,
    method: [
      'Filmroom 0.1',
      `PS3.15 ${EDITION} Basic Application Confidentiality Profile`,
      ...(policy === undefined ? [] : [`Policy ${policy.name} ${policy.version}`]),
    ],
    methodCodes: DEIDENTIFICATION_METHODS.filter((code) => codes.includes(code.value)),
    decisionsFor: (sopClassUid) => decisions[imageKindOf(sopClassUid)],
    isRetained: retainedTags(switches),
  };
}
