/** From stored values to those of the modality: Modality LUT Sequence, or Rescale Slope and Intercept (PS3.3 C.11.1). */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import { frameScope } from './functional-groups.ts';
import { lookUpValue, readLookupTable } from './lookup-table.ts';

export type ValueMap = (value: number) => number;

/** The modality transform of a frame; the identity where the object has none. */
export function modalityTransform(dataSet: DataSet, index: number): ValueMap {
  const item = dataSet.sequence(TAG.ModalityLUTSequence)[0];
  const table = item && readLookupTable(item, TAG.LUTDescriptor, TAG.LUTData);
  if (table !== undefined) return (value) => lookUpValue(table, value);
  const scope = frameScope(dataSet, index, TAG.PixelValueTransformationSequence);
  const slope = scope.number(TAG.RescaleSlope) ?? 1;
  const intercept = scope.number(TAG.RescaleIntercept) ?? 0;
  // A slope of 0 would paint the image one grey; writers mean that there is none.
  if (slope === 0 || (slope === 1 && intercept === 0)) return (value) => value;
  return (value) => value * slope + intercept;
}
