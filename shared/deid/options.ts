/**
 * The options of PS3.15 E.3 as switches: what each relaxes of a row of Table E.1-1, and the code of CID 7050 that the
 * instance says it by. It refuses options that contradict each other.
 */
import type { Cleaning, Decision } from './decision.ts';
import type { Action, OptionName, ProfileRow } from './table-row.ts';

/** The code of PS3.16 CID 7050 for each option. */
export const OPTION_CODES: Readonly<Record<OptionName, string>> = {
  cleanGraphics: '113103',
  cleanStructuredContent: '113104',
  cleanDescriptors: '113105',
  retainFullDates: '113106',
  retainModifiedDates: '113107',
  retainPatientCharacteristics: '113108',
  retainDeviceIdentity: '113109',
  retainUIDs: '113110',
  retainSafePrivate: '113111',
  retainInstitutionIdentity: '113112',
};

/** Every option, by name. */
export const OPTION_NAMES = Object.keys(OPTION_CODES) as readonly OptionName[];

/** What becomes of text in attributes that no table lists. */
export type UnlistedText = 'keep' | 'remove';

/** What the rules depend on besides tag and VR. */
export interface Switches {
  readonly options: ReadonlySet<OptionName>;
  readonly unlistedText: UnlistedText;
}

/** The Basic Profile alone. */
export const NO_OPTIONS: Switches = { options: new Set(), unlistedText: 'keep' };

const CLEANINGS: Readonly<Partial<Record<OptionName, Cleaning>>> = {
  retainDeviceIdentity: 'title',
  retainPatientCharacteristics: 'descriptor',
  cleanDescriptors: 'descriptor',
  cleanStructuredContent: 'descriptor',
  cleanGraphics: 'descriptor',
};

/** Why the options cannot stand together; undefined where they can. */
export function conflictOf({ options, unlistedText }: Switches): string | undefined {
  if (options.has('retainFullDates') && options.has('retainModifiedDates')) {
    return 'retainFullDates and retainModifiedDates contradict each other: dates are either kept or shifted';
  }
  if (unlistedText !== 'remove') return undefined;
  const keepsText = (['retainSafePrivate', 'cleanStructuredContent', 'cleanGraphics'] as const).find(
    (option) => options.has(option),
  );
  return keepsText && `unlistedText "remove" contradicts ${keepsText}, which keeps unlisted text`;
}

/** What the options make of a row whose Basic Profile action is `basic`; undefined where none of them speaks of it. */
export function relaxedDecision(
  row: ProfileRow,
  basic: Action,
  options: Switches['options'],
): Decision | undefined {
  const asked = row.options;
  if (asked === undefined || options.size === 0) return undefined;
  // A device's own dates would give away the shift of all others, so that shifting comes before keeping.
  if (options.has('retainModifiedDates') && asked.retainModifiedDates !== undefined) {
    return { ...cleaned('retainModifiedDates', basic), cleaning: 'dates' };
  }
  const keeps = OPTION_NAMES.find((option) => options.has(option) && asked[option] === 'K');
  if (keeps !== undefined) {
    return row.vr === 'AS'
      ? { ...cleaned(keeps, basic), cleaning: 'age' }
      : { action: 'K', why: because(keeps, 'K') };
  }
  // No bitmap can be told to be clean, so that Clean Graphics removes overlays and curves all the same.
  if (row.tag.includes('x')) return undefined;
  const cleans = OPTION_NAMES.find((option) => options.has(option) && asked[option] === 'C');
  const cleaning = cleans && CLEANINGS[cleans];
  return cleaning && { ...cleaned(cleans, basic), cleaning };
}

/** Whether the options keep the values of a row as they are, so that they are no identifiers to search for. */
export function isRetained(row: ProfileRow, options: Switches['options']): boolean {
  return relaxedDecision(row, 'X', options)?.action === 'K';
}

function cleaned(option: OptionName, otherwise: Action): Decision {
  return { action: 'C', why: because(option, 'C'), otherwise };
}

function because(option: OptionName, action: Action): string {
  return `Table E.1-1: ${action} of ${option}`;
}
