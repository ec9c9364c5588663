/**
 * The window of an image that names none. CT in Hounsfield units gets the soft-tissue window that every viewer opens with;
 * anything else robust percentiles of what is neither padding nor ground, by the habits of its modality. The preview that the server
 * made and the image that the browser draws over it choose by this one code.
 */
import { percentile, type ValueCount } from './value-counts.ts';

export interface ChosenWindow {
  readonly center: number;
  readonly width: number;
  readonly function: 'LINEAR' | 'LINEAR_EXACT';
}

/** What an image is said to be. */
export interface WindowHabits {
  readonly modality: string;
  /** A projection, whatever its modality. */
  readonly isLocalizer: boolean;
  readonly rescaleType: string | undefined;
  /** Whether low values are bright (MONOCHROME1). */
  readonly isInverse: boolean;
}

/** Half a percent at each end is left to specks, markers and dead detector elements. */
const LOW = 0.005;
const HIGH = 0.995;
/** An end of the range that holds so many of the pixels is air, collimation or saturation, not contrast. */
const GROUND_SHARE = 0.05;
/** With fewer values left, the ends were the picture. */
const FEWEST_VALUES = 16;
const SOFT_TISSUE: ChosenWindow = { center: 40, width: 400, function: 'LINEAR' };

/** The window in values of the modality, for counts of stored values without padding. */
export function chooseWindow(
  counts: readonly ValueCount[],
  habits: WindowHabits,
  modality: (stored: number) => number,
): ChosenWindow {
  if (counts.length === 0) return windowBetween(modality(0), modality(1));
  if (habits.modality === 'CT' && isHounsfield(habits, counts, modality)) return SOFT_TISSUE;
  const { low, high } = rangeFor(habits, counts);
  return windowBetween(modality(low), modality(high));
}

/** The window that spans two values, whichever is the greater. */
export function windowBetween(one: number, other: number): ChosenWindow {
  const width = Math.abs(other - one);
  return { center: (one + other) / 2, width: width > 0 ? width : 1, function: 'LINEAR_EXACT' };
}

/** Air below -300 and tissue above: true of no other scale, and not of a localizer, which is a projection. */
function isHounsfield(
  { isLocalizer, rescaleType }: WindowHabits,
  counts: readonly ValueCount[],
  modality: (stored: number) => number,
): boolean {
  if (isLocalizer) return false;
  if (rescaleType !== undefined && rescaleType !== 'HU') return false;
  return modality(percentile(counts, 0.02)) < -300 && modality(percentile(counts, 0.99)) > -100;
}

interface ValueRange {
  readonly low: number;
  readonly high: number;
}

function rangeFor({ modality, isInverse }: WindowHabits, counts: readonly ValueCount[]): ValueRange {
  switch (modality) {
    case 'NM':
    case 'PT':
      // Counts begin at none; a hot organ is the finding, so less is cut at the top.
      return { low: Math.min(0, percentile(counts, LOW)), high: percentile(counts, 0.999) };
    case 'MR':
      return { low: percentile(counts, LOW), high: percentile(aboveNoise(counts), HIGH) };
    case 'MG': {
      // Half of a mammogram is air, and the breast lies in a narrow band far above it; raw ones have air at the other end.
      const breast = isInverse ? withoutGround(counts) : aboveNoise(withoutGround(counts));
      return { low: percentile(breast, 0.02), high: percentile(breast, 0.998) };
    }
    default: {
      const inner = withoutGround(counts);
      return { low: percentile(inner, LOW), high: percentile(inner, HIGH) };
    }
  }
}

/** Without the ends that many pixels share; all where nothing else would be left. */
function withoutGround(counts: readonly ValueCount[]): readonly ValueCount[] {
  const total = counts.reduce((sum, [, times]) => sum + times, 0);
  const isGround = (count: ValueCount | undefined) => (count?.[1] ?? 0) > total * GROUND_SHARE;
  const inner = counts.slice(isGround(counts[0]) ? 1 : 0, isGround(counts.at(-1)) ? -1 : undefined);
  return inner.length >= FEWEST_VALUES ? inner : counts;
}

/** What is brighter than the air around a patient, which holds noise and scatter: a tenth of the brightest and more. */
function aboveNoise(counts: readonly ValueCount[]): readonly ValueCount[] {
  const threshold = percentile(counts, 0.999) / 10;
  const signal = counts.filter(([value]) => value > threshold);
  return signal.length > 1 ? signal : counts;
}
