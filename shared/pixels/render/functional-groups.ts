/** Attributes of one frame: from its own functional groups, those shared by all frames, or the top level (PS3.3 C.7.6.16). */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';

/** The item of a functional group macro that applies to a frame; the data set itself where no such group is. */
export function frameScope(dataSet: DataSet, index: number, macro: number): DataSet {
  const own = itemAt(dataSet, TAG.PerFrameFunctionalGroupsSequence, index);
  const shared = itemAt(dataSet, TAG.SharedFunctionalGroupsSequence, 0);
  return firstItem(own, macro) ?? firstItem(shared, macro) ?? dataSet;
}

function itemAt(dataSet: DataSet, sequence: number, index: number): DataSet | undefined {
  // By element, as the items of ten thousand frames need not be listed to get one.
  return dataSet.get(sequence)?.items?.[index]?.dataSet;
}

function firstItem(group: DataSet | undefined, macro: number): DataSet | undefined {
  return group?.get(macro)?.items?.[0]?.dataSet;
}
