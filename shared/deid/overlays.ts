/** Overlays that lie in unused bits of the pixel words (PS3.5 8.1.2, retired), where removing (60xx,3000) removes nothing. */
import type { DataSet, Tag } from '../dicom/index.ts';

const BITS_ALLOCATED: Tag = 0x0100;
const BIT_POSITION: Tag = 0x0102;
const OVERLAY_DATA: Tag = 0x3000;

/** A group 60xx that keeps its overlay in the pixel words. */
export interface EmbeddedOverlay {
  readonly bitPosition: number;
}

/** The groups 60xx that keep their overlays in the pixel words. */
export function embeddedOverlays(dataSet: DataSet): EmbeddedOverlay[] {
  const overlays: EmbeddedOverlay[] = [];
  if (!dataSet.elements.some(({ tag }) => tag >>> 24 === 0x60)) return overlays;
  for (let group = 0x6000; group <= 0x60fe; group += 2) {
    const base = group * 0x10000;
    const bitPosition = dataSet.number(base + BIT_POSITION) ?? 0;
    const isEmbedded = (dataSet.number(base + BITS_ALLOCATED) ?? 1) > 1 || bitPosition > 0;
    if (isEmbedded && !hasValue(dataSet, base + OVERLAY_DATA)) overlays.push({ bitPosition });
  }
  return overlays;
}

/** Whether a group 60xx keeps its overlay in the pixel words. */
export function embeddedOverlay(dataSet: DataSet): boolean {
  return embeddedOverlays(dataSet).length > 0;
}

function hasValue(dataSet: DataSet, tag: Tag): boolean {
  const element = dataSet.get(tag);
  return element !== undefined && element.valueEnd > element.valueStart;
}
