/** From values of the modality to greys: VOI LUT Sequence or window (PS3.3 C.11.2). */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import { frameScope } from './functional-groups.ts';
import { type LookupTable, lookUpValue, readLookupTable } from './lookup-table.ts';
import type { ValueMap } from './modality.ts';
import type { WindowChoice } from './view.ts';

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export interface Window {
  readonly center: number;
  readonly width: number;
  readonly function: VoiFunction;
}

const WHITE = 255;

/** The VOI transform that the frame asks for, to 0..255; undefined where it asks for none that can be applied. */
export function voiTransform(
  dataSet: DataSet,
  index: number,
  isFloat = false,
  choice?: WindowChoice,
): ValueMap | undefined {
  return voiOfScope(frameScope(dataSet, index, TAG.FrameVOILUTSequence), isFloat, choice);
}

/** The same for a data set that holds the attributes of the VOI LUT macro itself. */
export function voiOfScope(
  scope: DataSet | undefined,
  isFloat = false,
  choice?: WindowChoice,
): ValueMap | undefined {
  const chosen = choice && chooseTransform(scope, isFloat, choice);
  if (chosen !== undefined || scope === undefined) return chosen;
  const table = readTable(scope.sequence(TAG.VOILUTSequence)[0]);
  if (table !== undefined) return tableTransform(table);
  const window = readWindow(scope, isFloat);
  return window && windowTransform(window);
}

function chooseTransform(
  scope: DataSet | undefined,
  isFloat: boolean,
  choice: WindowChoice,
): ValueMap | undefined {
  if ('center' in choice) {
    if (!Number.isFinite(choice.center) || !(choice.width > 0)) return undefined;
    return windowTransform({ function: exactOrLinear(choice.width, isFloat), ...choice });
  }
  if (scope === undefined) return undefined;
  if ('index' in choice) return transformOf(readWindow(scope, isFloat, choice.index));
  const wanted = choice.explanation.trim().toUpperCase();
  const names = scope.strings(TAG.WindowCenterWidthExplanation);
  const index = names.findIndex((name) => name.toUpperCase() === wanted);
  if (index >= 0) return transformOf(readWindow(scope, isFloat, index));
  const item = scope
    .sequence(TAG.VOILUTSequence)
    .find((candidate) => candidate.strings(TAG.LUTExplanation)[0]?.toUpperCase() === wanted);
  const table = readTable(item);
  return table && tableTransform(table);
}

/** The window that `voiOfScope` applies by; undefined where it applies a table, or nothing. */
export function statedWindow(
  scope: DataSet | undefined,
  isFloat = false,
  choice?: WindowChoice,
): Window | undefined {
  if (choice !== undefined && 'center' in choice && choice.width > 0)
    return { function: exactOrLinear(choice.width, isFloat), ...choice };
  if (scope === undefined) return undefined;
  if (choice !== undefined && 'index' in choice) return readWindow(scope, isFloat, choice.index);
  const isTable = choice !== undefined || readTable(scope.sequence(TAG.VOILUTSequence)[0]) !== undefined;
  return isTable ? undefined : readWindow(scope, isFloat);
}

const transformOf = (window: Window | undefined): ValueMap | undefined => window && windowTransform(window);

const readTable = (item: DataSet | undefined): LookupTable | undefined =>
  item && readLookupTable(item, TAG.LUTDescriptor, TAG.LUTData);

function tableTransform(table: LookupTable): ValueMap {
  const scale = WHITE / table.maximum;
  return (value) => lookUpValue(table, value) * scale;
}

/** One of the windows, the first unless told; undefined where it is absent or has no width (PS3.3 C.11.2.1.2). */
export function readWindow(scope: DataSet, isFloat = false, index = 0): Window | undefined {
  const center = scope.numbers(TAG.WindowCenter)[index];
  const width = scope.numbers(TAG.WindowWidth)[index];
  if (center === undefined || width === undefined || !(width > 0)) return undefined;
  const stated = scope.strings(TAG.VOILUTFunction)[0];
  if (stated === 'SIGMOID' || stated === 'LINEAR_EXACT') return { center, width, function: stated };
  return { center, width, function: exactOrLinear(width, isFloat) };
}

/** LINEAR counts whole values and is defined from a width of 1 on; on fractions its arithmetic is off by all of a narrow window. */
function exactOrLinear(width: number, isFloat: boolean): VoiFunction {
  return isFloat || width < 1 ? 'LINEAR_EXACT' : 'LINEAR';
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
