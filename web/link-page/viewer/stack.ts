/** What is scrolled through: the frames of an image that has many, else the images of the series. */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';

/** An image of a series; `frame` counts from 1 and is absent where the image is shown as a whole. */
export interface Slice {
  readonly image: number;
  readonly frame?: number;
}

/** Storage of structured reports and key object selections. */
const REPORTS = '1.2.840.10008.5.1.4.1.1.88.';
const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';

/** An encapsulated document, which the browser reads by itself. */
export const PDF = '1.2.840.10008.5.1.4.1.1.104.1';

/** Whether there is a large picture to be asked for: not of a report or a document, nor of what cannot be shown. */
export function hasPicture({ sopClassUid, preview }: InstanceSummary): boolean {
  return preview.placeholder === undefined && !sopClassUid.startsWith(REPORTS) && sopClassUid !== PDF;
}

/** Frames to scroll through; 1 where they stand for one picture, as those of a segmentation. */
export function framesOf(instance: InstanceSummary): number {
  return hasPicture(instance) && instance.sopClassUid !== SEGMENTATION ? instance.frames : 1;
}

/** The image as it is opened: of many frames the middle one, which its preview shows. */
export function firstSlice({ instances }: SeriesSummary, image: number): Slice {
  const instance = instances[image];
  const frames = instance === undefined ? 1 : framesOf(instance);
  return frames > 1 ? { image, frame: Math.floor(frames / 2) + 1 } : { image };
}

/** How many there are to scroll through, and which one it is, from 1. */
export function positionOf(
  { instances }: SeriesSummary,
  { image, frame }: Slice,
): { at: number; of: number } {
  const instance = instances[image];
  if (frame !== undefined && instance !== undefined) return { at: frame, of: framesOf(instance) };
  return { at: image + 1, of: instances.length };
}

/** The slice at a position of the scroll, or the nearest there is. */
export function sliceAt(series: SeriesSummary, slice: Slice, at: number): Slice {
  const { of } = positionOf(series, slice);
  const bounded = Math.min(of, Math.max(1, Math.round(at)));
  return slice.frame === undefined ? firstSlice(series, bounded - 1) : { ...slice, frame: bounded };
}

/** The one that a cine shows next: after the last the first. */
export function nextOf(series: SeriesSummary, slice: Slice): Slice {
  const { at, of } = positionOf(series, slice);
  return sliceAt(series, slice, at === of ? 1 : at + 1);
}

/** Those looked at next, nearest first: two in the direction of the scroll, one behind. */
export function soonWanted(series: SeriesSummary, slice: Slice, direction: 1 | -1): Slice[] {
  const { at, of } = positionOf(series, slice);
  return [at + direction, at + 2 * direction, at - direction]
    .filter((position) => position >= 1 && position <= of)
    .map((position) => sliceAt(series, slice, position));
}
