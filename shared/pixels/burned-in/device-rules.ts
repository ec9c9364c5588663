/** Where a device is known to put text, by what the header says of it; a rule adds masks and never takes the search's place. */
import type { DataSet, Tag } from '../../dicom/index.ts';
import type { Rectangle } from '../mask/mask.ts';
import { DEVICE_RULES } from './rules.generated.ts';

interface Condition {
  readonly tag: Tag;
  readonly test: 'contains' | 'equals';
  /** In any case; alternatives are set apart by a vertical bar. */
  readonly value: string;
}

export interface DeviceRule {
  readonly label: string;
  /** Of each list at least one condition holds. */
  readonly all: readonly (readonly Condition[])[];
  readonly places: readonly Rectangle[];
}

/** A place where a device puts text, and the rule that says so. */
export interface KnownPlace {
  readonly label: string;
  readonly place: Rectangle;
}

/** The places that the rules name for the device of an instance. */
export function knownPlaces(dataSet: DataSet): KnownPlace[] {
  return DEVICE_RULES.filter(({ all }) =>
    all.every((any) => any.some((each) => holds(dataSet, each))),
  ).flatMap(({ label, places }) => places.map((place) => ({ label, place })));
}

function holds(dataSet: DataSet, { tag, test, value }: Condition): boolean {
  const stated = dataSet.strings(tag).join('\\').toUpperCase();
  if (stated === '') return false;
  return value
    .toUpperCase()
    .split('|')
    .some((alternative) => (test === 'equals' ? stated === alternative : stated.includes(alternative)));
}
