/**
 * The shape of a row of PS3.15 Table E.1-1: one attribute (or repeating group), what the Basic Profile does to it and
 * what each option would relax. The rows themselves are in ps3-15.generated.ts.
 */

/** An action code of PS3.15 Table E.1-1a. */
export type Action = 'D' | 'Z' | 'X' | 'K' | 'C' | 'U';

/** An action of the Basic Profile column; the combined ones depend on the attribute's type in its IOD. */
export type BasicAction = 'D' | 'Z' | 'X' | 'U' | 'X/Z' | 'X/D' | 'Z/D' | 'X/Z/D' | 'X/Z/U*';

/** The option columns of Table E.1-1, by the names the options have in PS3.15 E.3. */
export type OptionName =
  | 'retainSafePrivate'
  | 'retainUIDs'
  | 'retainDeviceIdentity'
  | 'retainInstitutionIdentity'
  | 'retainPatientCharacteristics'
  | 'retainFullDates'
  | 'retainModifiedDates'
  | 'cleanDescriptors'
  | 'cleanStructuredContent'
  | 'cleanGraphics';

/** One row of PS3.15 Table E.1-1. */
export interface ProfileRow {
  /** Eight hexadecimal digits, or one of 50xxxxxx, 60xx3000, 60xx4000 and ggggeeee. */
  readonly tag: string;
  readonly name: string;
  /** Absent where the edition of PS3.6 the table was joined with does not list the attribute. */
  readonly keyword?: string;
  readonly vr?: string;
  /** Whether a composite IOD of PS3.3 uses the attribute. */
  readonly inStandardIod: boolean;
  readonly basic: BasicAction;
  readonly options?: Readonly<Partial<Record<OptionName, 'K' | 'C'>>>;
}

/** A coded concept (PS3.3 8.1). */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}
