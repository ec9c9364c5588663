/** From values of the modality to greys: VOI LUT Sequence or window (PS3.3 C.11.2). */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import { frameScope } from './functional-groups.ts';
import { lookUpValue, readLookupTable } from './lookup-table.ts';
import type { ValueMap } from './modality.ts';

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export interface Window {
  readonly center: number;
  readonly width: number;
  readonly function: VoiFunction;
}

const WHITE = 255;

/** The VOI transform that the object asks for, to 0..255; undefined where it asks for none that can be applied. */
export function voiTransform(dataSet: DataSet, index: number, isFloat = false): ValueMap | undefined {
  const scope = frameScope(dataSet, index, TAG.FrameVOILUTSequence);
  const item = scope.sequence(TAG.VOILUTSequence)[0];
  const table = item && readLookupTable(item, TAG.LUTDescriptor, TAG.LUTData);
  if (table !== undefined) {
    const scale = WHITE / table.maximum;
    return (value) => lookUpValue(table, value) * scale;
  }
  const window = readWindow(scope, isFloat);
  return window && windowTransform(window);
}

/** The first window; undefined where it is absent or has no width (PS3.3 C.11.2.1.2). */
export function readWindow(scope: DataSet, isFloat = false): Window | undefined {
  const center = scope.number(TAG.WindowCenter);
  const width = scope.number(TAG.WindowWidth);
  if (center === undefined || width === undefined || !(width > 0)) return undefined;
  const stated = scope.strings(TAG.VOILUTFunction)[0];
  if (stated === 'SIGMOID' || stated === 'LINEAR_EXACT') return { center, width, function: stated };
  // LINEAR counts whole values and is defined from a width of 1 on; on fractions its arithmetic is off by all of a narrow window.
  return { center, width, function: isFloat || width < 1 ? 'LINEAR_EXACT' : 'LINEAR' };
}

/** A window as a map to 0..255, by the pseudo-code of PS3.3 C.11.2.1.2.1 and the formulae of C.11.2.1.3. */
export function windowTransform({ center, width, function: name }: Window): ValueMap {
  if (name === 'SIGMOID') return (value) => WHITE / (1 + Math.exp((-4 * (value - center)) / width));
  const exact = name === 'LINEAR_EXACT';
  const middle = exact ? center : center - 0.5;
  const span = exact ? width : width - 1;
  if (span === 0) return (value) => (value <= middle ? 0 : WHITE);
  const low = middle - span / 2;
  const scale = WHITE / span;
  return (value) => Math.min(WHITE, Math.max(0, (value - low) * scale));
}
