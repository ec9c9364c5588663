/**
 * Policies: named, versioned choices of what a profile relaxes, as data. A policy is checked key by key; whatever is
 * unknown, missing or contradictory is refused with the place, since a misspelled option would silently not be applied.
 */
import { conflictOf, OPTION_NAMES, type UnlistedText } from './options.ts';
import type { PixelPolicy } from './pixel-risk.ts';
import research from './policies/research.json' with { type: 'json' };
import share from './policies/share.json' with { type: 'json' };
import strict from './policies/strict.json' with { type: 'json' };
import { type BasicProfileOptions, basicProfile, type Profile } from './profile.ts';
import type { RecognizableFeatures } from './recognizable-features.ts';
import type { OptionName } from './table-row.ts';

/** What a policy file says. */
export interface Policy {
  /** 1 to 32 of lower-case letters, digits and hyphens: it is written into every instance. */
  readonly name: string;
  /** A whole number, raised with every change. */
  readonly version: number;
  readonly options: readonly OptionName[];
  readonly unlistedText: UnlistedText;
  readonly textPatterns: boolean;
  readonly pixels: PixelPolicy;
  readonly recognizableFeatures: RecognizableFeatures;
}

/** A policy that cannot be used; the message names the place in it. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

const UNLISTED_TEXT: readonly UnlistedText[] = ['keep', 'remove'];
const PIXELS: readonly PixelPolicy[] = ['clean', 'quarantine-risky', 'trust'];
const FEATURES: readonly RecognizableFeatures[] = ['release', 'quarantine'];
const KEYS: readonly (keyof Policy)[] = [
  'name',
  'version',
  'options',
  'unlistedText',
  'textPatterns',
  'pixels',
  'recognizableFeatures',
];

/** The policy that parsed JSON describes. */
export function readPolicy(data: unknown): Policy {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new PolicyError('policy: not an object');
  const given = data as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw new PolicyError(`${JSON.stringify(unknown)}: unknown key; known: ${KEYS.join(', ')}`);
  const policy: Policy = {
    name: nameIn(given),
    version: versionIn(given),
    options: optionsIn(given),
    unlistedText: oneOf(given, 'unlistedText', UNLISTED_TEXT),
    textPatterns: oneOf(given, 'textPatterns', [true, false]),
    pixels: oneOf(given, 'pixels', PIXELS),
    recognizableFeatures: oneOf(given, 'recognizableFeatures', FEATURES),
  };
  const conflict = conflictOf({ options: new Set(policy.options), unlistedText: policy.unlistedText });
  if (conflict !== undefined) throw new PolicyError(`options: ${conflict}`);
  return policy;
}

/** The profile that a policy comes to. */
export function profileOf(
  policy: Policy,
  given: Pick<BasicProfileOptions, 'pseudonyms' | 'extraIdentifiers'>,
): Profile {
  const { name, version, ...choices } = policy;
  return basicProfile({ ...choices, ...given, policy: { name, version } });
}

/** The policies that are shipped, by name. */
export const POLICIES: ReadonlyMap<string, Policy> = new Map(
  [share, research, strict].map(readPolicy).map((policy) => [policy.name, policy]),
);

function nameIn({ name }: Readonly<Record<string, unknown>>): string {
  if (typeof name === 'string' && /^[a-z\d-]{1,32}$/.test(name)) return name;
  throw new PolicyError('name: not 1 to 32 of a-z, 0-9 and hyphen');
}

function versionIn({ version }: Readonly<Record<string, unknown>>): number {
  if (Number.isSafeInteger(version) && (version as number) >= 1) return version as number;
  throw new PolicyError('version: not a whole number from 1');
}

function optionsIn({ options }: Readonly<Record<string, unknown>>): readonly OptionName[] {
  if (!Array.isArray(options)) throw new PolicyError('options: not a list');
  for (const [index, option] of options.entries()) {
    if (!OPTION_NAMES.includes(option))
      throw new PolicyError(`options[${index}]: unknown option; known: ${OPTION_NAMES.join(', ')}`);
    if (options.indexOf(option) !== index) throw new PolicyError(`options[${index}]: named twice`);
  }
  return options as OptionName[];
}

function oneOf<T>(given: Readonly<Record<string, unknown>>, key: string, values: readonly T[]): T {
  const value = values.find((each) => each === given[key]);
  if (value !== undefined) return value;
  throw new PolicyError(`${key}: not one of ${values.map((each) => JSON.stringify(each)).join(', ')}`);
}
