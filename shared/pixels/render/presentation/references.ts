/** Which images and frames an item of a presentation state speaks of (PS3.3 10.3, Table 10-3). */
import type { DataSet } from '../../../dicom/index.ts';
import { TAG } from '../../attributes.ts';

/** Whether the item refers to the frame, or to no image at all, which stands for all of the presentation state. */
export function appliesTo(item: DataSet, image: DataSet, index: number | undefined): boolean {
  const references = item.sequence(TAG.ReferencedImageSequence);
  if (references.length === 0) return true;
  const uid = image.uid(TAG.SOPInstanceUID);
  return references.some((reference) => {
    if (reference.uid(TAG.ReferencedSOPInstanceUID) !== uid) return false;
    const frames = reference.numbers(TAG.ReferencedFrameNumber);
    return index === undefined || frames.length === 0 || frames.includes(index + 1);
  });
}
