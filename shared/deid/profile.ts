/**
 * The profile under which an instance is de-identified: which action each element is given, what the actions draw their
 * pseudonyms from, what is written of it into the instance. The Basic Application Level Confidentiality Profile is always
 * on; an option only relaxes it. Options that contradict each other are refused.
 */
import type { Tag } from '../dicom/index.ts';
import { iodOf, rootTypesOf } from './attribute-types.ts';
import { conflictOf, NO_OPTIONS, OPTION_CODES, OPTION_NAMES, type UnlistedText } from './options.ts';
import type { PictureChoices, PixelPolicy } from './pixel-risk.ts';
import { DEIDENTIFICATION_METHODS, EDITION } from './ps3-15.generated.ts';
import type { Pseudonymizer } from './pseudonyms.ts';
import type { RecognizableFeatures } from './recognizable-features.ts';
import { type Decide, decisionsFor, retainedTags } from './rules.ts';
import type { Code, OptionName } from './table-row.ts';

/** What is asked of each element, and what the instance says afterwards of how it was de-identified. */
export interface Profile extends PictureChoices {
  readonly pseudonyms: Pseudonymizer;
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
  decisionsFor(sopClassUid: string): Decide;
  /** Whether the options keep the attribute's value, so that it is no identifier to search for. */
  isRetained(tag: Tag): boolean;
}

export interface BasicProfileOptions {
  readonly pseudonyms: Pseudonymizer;
  /** Whether pictures that may show the patient's identity are refused. Default 'quarantine-risky'. */
  readonly pixels?: PixelPolicy;
  /** What becomes of pictures of the head from which a face may be rendered. Default 'release', with a mark. */
  readonly recognizableFeatures?: RecognizableFeatures;
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
/** A deployment sees few kinds of objects at a time; each remembers up to a megabyte of decisions. */
const MAXIMUM_IODS = 16;

/** The Basic Application Level Confidentiality Profile of PS3.15 E.2, with the options that are asked for. */
export function basicProfile({
  pseudonyms,
  pixels = 'quarantine-risky',
  recognizableFeatures = 'release',
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
  // Each remembers what it decided for a tag.
  const decisions = new Map<number | undefined, Decide>();
  const codes = [
    BASIC_PROFILE,
    ...OPTION_NAMES.filter((name) => options.has(name)).map((name) => OPTION_CODES[name]),
  ];
  return {
    pseudonyms,
    pixels,
    recognizableFeatures,
    options,
    textPatterns,
    extraIdentifiers,
    method: [
      'Filmroom 0.1',
      `PS3.15 ${EDITION} Basic Application Confidentiality Profile`,
      ...(policy === undefined ? [] : [`Policy ${policy.name} ${policy.version}`]),
    ],
    methodCodes: DEIDENTIFICATION_METHODS.filter((code) => codes.includes(code.value)),
    decisionsFor: (sopClassUid) => {
      const iod = iodOf(sopClassUid);
      let decide = decisions.get(iod);
      if (decide === undefined) {
        if (decisions.size >= MAXIMUM_IODS) decisions.clear();
        decide = decisionsFor(rootTypesOf(iod), switches);
        decisions.set(iod, decide);
      }
      return decide;
    },
    isRetained: retainedTags(switches),
  };
}
