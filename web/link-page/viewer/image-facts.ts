/**
 * What the header of an image says of its pixels, frame by frame: how stored values become values of the modality and greys, and
 * how large they are in the patient. Enhanced objects say it in functional groups, of all frames or of one (PS3.3 C.7.6.16).
 */
import type { WindowHabits } from '../../../shared/pixels/window/choose-window.ts';
import { type DataSet, items, number, numbers, text, texts } from './dicom-json.ts';
import type { LookupTable, VoiFunction, VoiWindow } from './voi.ts';
import { readTable } from './voi.ts';

export interface UltrasoundRegion {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Codes of C.8.5.5.1.15: 3 is cm, 4 s, 5 Hz, 7 cm/s. */
  readonly unitsX: number;
  readonly unitsY: number;
  readonly deltaX: number;
  readonly deltaY: number;
  /** Where regions overlap, a region of high priority is the one seen. */
  readonly high: boolean;
}

export interface Spacing {
  /** Millimetres from column to column, and from row to row. */
  readonly x: number;
  readonly y: number;
  /** Absent where it is true in the patient. */
  readonly approximate?: 'at the detector' | 'on the film';
}

export interface ImageFacts {
  readonly rows: number;
  readonly columns: number;
  /** Whether stored values can be shown by the browser: one grey sample of 8, 16 or 32 bits. */
  readonly isGrey: boolean;
  readonly isInverse: boolean;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** By what a window is chosen where the header names none. */
  readonly habits: WindowHabits;
  /** Stored values that are no part of the image. */
  readonly padding: { readonly low: number; readonly high: number } | undefined;
  readonly slope: number;
  readonly intercept: number;
  readonly modalityTable: LookupTable | undefined;
  /** `HU` and the like; undefined where values have no unit to speak of. */
  readonly unit: string | undefined;
  readonly windows: readonly VoiWindow[];
  readonly voiTables: readonly { readonly name: string; readonly table: LookupTable }[];
  readonly spacing: Spacing | undefined;
  /** Height of a pixel divided by its width. */
  readonly aspect: number;
  readonly regions: readonly UltrasoundRegion[];
  /** Direction cosines of the row and of the column in the patient. */
  readonly orientation: readonly number[] | undefined;
  /** Letters of the row and of the column, where there are no cosines. */
  readonly letters: readonly string[];
  readonly position: readonly number[] | undefined;
  /** Milliseconds that a frame stands; undefined where nothing says so. */
  readonly frameTime: number | undefined;
}

const PROJECTIONS = new Set(['CR', 'DX', 'MG', 'RG', 'RF', 'XA', 'IO', 'PX', 'RTIMAGE']);

/** The facts of a frame, which counts from 1. */
export function imageFacts(dataSet: DataSet, frame: number): ImageFacts {
  const group = (tag: string): DataSet =>
    items(items(dataSet, '52009230')[frame - 1], tag)[0] ??
    items(items(dataSet, '52009229')[0], tag)[0] ??
    dataSet;
  const measures = group('00289110');
  const transformation = group('00289145');
  const bitsAllocated = number(dataSet, '00280100') ?? 16;
  const bitsStored = number(dataSet, '00280101') ?? bitsAllocated;
  const signed = number(dataSet, '00280103') === 1;
  const photometric = text(dataSet, '00280004') ?? '';
  const modality = text(dataSet, '00080060') ?? '';
  const spacing = spacingOf(dataSet, measures, modality);
  const [high = 1, wide = 1] = numbers(dataSet, '00280034');
  const modalityItem = items(dataSet, '00283000')[0];
  const type = text(modalityItem, '00283004') ?? text(transformation, '00281054');
  const hasPixels = dataSet['7FE00008'] === undefined && dataSet['7FE00009'] === undefined;
  return {
    rows: number(dataSet, '00280010') ?? 0,
    columns: number(dataSet, '00280011') ?? 0,
    isGrey:
      hasPixels &&
      number(dataSet, '00280002') === 1 &&
      photometric.startsWith('MONOCHROME') &&
      [8, 16, 32].includes(bitsAllocated),
    isInverse: photometric === 'MONOCHROME1',
    bitsAllocated,
    bitsStored,
    highBit: number(dataSet, '00280102') ?? bitsStored - 1,
    signed,
    habits: {
      modality: text(dataSet, '00080060') ?? '',
      isLocalizer: texts(dataSet, '00080008').includes('LOCALIZER'),
      rescaleType: text(dataSet, '00281054'),
      isInverse: photometric === 'MONOCHROME1',
    },
    padding: paddingOf(dataSet, { bitsAllocated, bitsStored, signed }),
    slope: number(transformation, '00281053') || 1,
    intercept: number(transformation, '00281052') ?? 0,
    modalityTable: readTable(modalityItem, signed),
    unit:
      modality === 'CT' && (type === undefined || type === 'HU') ? 'HU' : type === 'US' ? undefined : type,
    windows: windowsOf(group('00289132')),
    voiTables: items(group('00289132'), '00283010').flatMap((item, index) => {
      const table = readTable(item, signed);
      return table === undefined ? [] : [{ name: text(item, '00283003') ?? `Curve ${index + 1}`, table }];
    }),
    spacing,
    aspect: spacing === undefined ? high / wide || 1 : spacing.y / spacing.x,
    regions: items(dataSet, '00186011').flatMap(regionOf),
    orientation: six(numbers(group('00209116'), '00200037')),
    letters: texts(dataSet, '00200020'),
    position: three(numbers(group('00209113'), '00200032')),
    frameTime: frameTimeOf(dataSet),
  };
}

const six = (values: readonly number[]) => (values.length === 6 ? values : undefined);
const three = (values: readonly number[]) => (values.length === 3 ? values : undefined);

/** Pixel Spacing is true where it is of the patient; a detector's is larger than life, by how much nobody knows (C.7.6.3.1.7, 10.7.1.3). */
function spacingOf(dataSet: DataSet, measures: DataSet, modality: string): Spacing | undefined {
  const own = pair(numbers(measures, '00280030'));
  const imager = pair(numbers(dataSet, '00181164'));
  const film = pair(numbers(dataSet, '00182010'));
  if (own !== undefined) {
    const isCalibrated = text(dataSet, '00280A02') !== undefined;
    const isDetector = imager === undefined || (same(own.x, imager.x) && same(own.y, imager.y));
    if (!PROJECTIONS.has(modality) || isCalibrated || !isDetector) return own;
    return { ...own, approximate: 'at the detector' };
  }
  if (imager !== undefined) return { ...imager, approximate: 'at the detector' };
  return film && { ...film, approximate: 'on the film' };
}

/** Rows stand first in the attribute. */
function pair([y, x]: readonly number[]): Spacing | undefined {
  return y !== undefined && x !== undefined && x > 0 && y > 0 ? { x, y } : undefined;
}

const same = (one: number, other: number) => Math.abs(one - other) < 1e-4 * one;

function windowsOf(dataSet: DataSet): VoiWindow[] {
  const widths = numbers(dataSet, '00281051');
  const names = texts(dataSet, '00281055');
  const stated = text(dataSet, '00281056');
  return numbers(dataSet, '00281050').flatMap((center, index) => {
    const width = widths[index];
    if (width === undefined || !(width > 0)) return [];
    const kind: VoiFunction =
      stated === 'SIGMOID' || stated === 'LINEAR_EXACT' ? stated : width < 1 ? 'LINEAR_EXACT' : 'LINEAR';
    return [{ center, width, function: kind, name: names[index] ?? '' }];
  });
}

type Bits = Pick<ImageFacts, 'bitsAllocated' | 'bitsStored' | 'signed'>;

function paddingOf(dataSet: DataSet, bits: Bits): ImageFacts['padding'] {
  const value = number(dataSet, '00280120');
  if (value === undefined) return undefined;
  const ends = [value, number(dataSet, '00280121') ?? value].map((end) => asStored(end, bits));
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** Written as US where pixels are signed it is the same bits: -2000 stands there as 63536. */
function asStored(value: number, { bitsAllocated, bitsStored, signed }: Bits): number {
  const range = 2 ** bitsAllocated;
  const bits = ((value % range) + range) % range;
  if (signed) return bits >= range / 2 ? bits - range : bits;
  return bits % 2 ** bitsStored;
}

function regionOf(item: DataSet): UltrasoundRegion[] {
  const [x0, y0, x1, y1, unitsX, unitsY, deltaX, deltaY] = [
    '00186018',
    '0018601A',
    '0018601C',
    '0018601E',
    '00186024',
    '00186026',
    '0018602C',
    '0018602E',
  ].map((tag) => number(item, tag));
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return [];
  return [
    {
      x0,
      y0,
      x1,
      y1,
      unitsX: unitsX ?? 0,
      unitsY: unitsY ?? 0,
      deltaX: Math.abs(deltaX ?? 0),
      deltaY: Math.abs(deltaY ?? 0),
      high: ((number(item, '00186016') ?? 0) & 1) === 0,
    },
  ];
}

function frameTimeOf(dataSet: DataSet): number | undefined {
  const time = number(dataSet, '00181063');
  if (time !== undefined && time > 0) return time;
  // The first of the vector is the time before the first frame, and so is none.
  const vector = numbers(dataSet, '00181065').slice(1);
  const mean = vector.reduce((sum, one) => sum + one, 0) / vector.length;
  if (mean > 0) return mean;
  const rate = number(dataSet, '00082144') ?? number(dataSet, '00180040');
  return rate !== undefined && rate > 0 ? 1000 / rate : undefined;
}
