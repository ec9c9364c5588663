/** From stored values to those of the modality: Modality LUT Sequence, or Rescale Slope and Intercept (PS3.3 C.11.1). */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { Samples } from '../samples.ts';
import { frameScope } from './functional-groups.ts';
import { lookUpValue, readLookupTable } from './lookup-table.ts';

export type ValueMap = (value: number) => number;

export interface ModalityTransform {
  readonly map: ValueMap;
  /** The greatest output of a lookup table; undefined for a rescale, whose range depends on what goes in. */
  readonly maximum?: number;
}

/** The modality transform of a frame; the identity where the object has none. */
export function modalityTransform(dataSet: DataSet, index: number): ModalityTransform {
  const item = dataSet.sequence(TAG.ModalityLUTSequence)[0];
  const table = item && readLookupTable(item, TAG.LUTDescriptor, TAG.LUTData);
  if (table !== undefined) return { map: (value) => lookUpValue(table, value), maximum: table.maximum };
  const scope = frameScope(dataSet, index, TAG.PixelValueTransformationSequence);
  const slope = scope.number(TAG.RescaleSlope) ?? 1;
  const intercept = scope.number(TAG.RescaleIntercept) ?? 0;
  // A slope of 0 would paint the image one grey; writers mean that there is none.
  if (slope === 0 || (slope === 1 && intercept === 0)) return { map: (value) => value };
  return { map: (value) => value * slope + intercept };
}

/** All values that the modality transform can give for these samples; undefined for floats, which have no such ends. */
export function modalityRange(
  samples: Samples,
  { map, maximum }: ModalityTransform,
): readonly [number, number] | undefined {
  if (samples.kind === 'numbers') return undefined;
  if (maximum !== undefined) return [0, maximum];
  const lowest = samples.signed ? -(2 ** (samples.bitsStored - 1)) : 0;
  return [map(lowest), map(lowest + 2 ** samples.bitsStored - 1)];
}
