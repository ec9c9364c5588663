/** Overlays that lie in unused bits of the pixel words (PS3.5 8.1.2, retired), where removing (60xx,3000) removes nothing. */
import type { DataSet, Tag } from '../dicom/index.ts';

const BITS_ALLOCATED: Tag = 0x0100;
const BIT_POSITION: Tag = 0x0102;
const OVERLAY_DATA: Tag = 0x3000;

/** Whether a group 60xx keeps its overlay in the pixel words. */
export function embeddedOverlay(dataSet: DataSet): boolean {
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const base = group * 0x10000;
    const isEmbedded =
      (dataSet.number(base + BITS_ALLOCATED) ?? 1) > 1 || (dataSet.number(base + BIT_POSITION) ?? 0) > 0;
    if (isEmbedded && !hasValue(dataSet, base + OVERLAY_DATA)) return true;
  }
  return false;
}

function hasValue(dataSet: DataSet, tag: Tag): boolean {
  const element = dataSet.get(tag);
  return element !== undefined && element.valueEnd > element.valueStart;
}
