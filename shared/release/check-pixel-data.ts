/**
 * Refuses an instance whose rows, columns and frames do not fit its pixel bytes: readers that trust the one or the other would
 * read what is not there. What fits and merely cannot be shown is none of this step's business.
 */
import type { Part10 } from '../dicom/index.ts';
import { UnprocessableInstanceError } from '../errors.ts';
import { frameExtents } from '../pixels/frames.ts';
import { type ImagePixel, readImagePixel } from '../pixels/image-pixel.ts';
import { PIXEL_LIMITS } from '../pixels/limits.ts';
import { UndisplayableError } from '../pixels/undisplayable.ts';

/** Nothing is decoded here: an image of any size may pass if its bytes are there. */
const NO_LIMITS = { ...PIXEL_LIMITS, maximumPixels: Infinity, maximumFrameBytes: Infinity };

/** Checks the description of the pixel data against its length, or against the number of its fragments. */
export async function checkPixelData(part10: Part10): Promise<void> {
  const { pixelData, transferSyntax, dataSet } = part10;
  if (!pixelData) return;
  try {
    const image = readImagePixel(dataSet, NO_LIMITS);
    if (pixelData.fragments) checkFragments(pixelData.fragments.length, image, transferSyntax.codec);
    else if (!transferSyntax.encapsulated) await frameExtents({ part10, read: noReading }, image, NO_LIMITS);
  } catch (error) {
    if (!(error instanceof UndisplayableError)) throw error;
    if (error.reason === 'pixel-data-mismatch')
      throw new UnprocessableInstanceError('pixel-data-mismatch', error.where);
  }
}

/** A frame has at least one fragment (PS3.5 A.4), but for video, which is one stream. */
function checkFragments(fragments: number, { frames }: ImagePixel, codec: string): void {
  if (codec !== 'mpeg' && fragments < frames)
    throw new UndisplayableError('pixel-data-mismatch', `${frames} frames in ${fragments} fragments`);
}

async function noReading(): Promise<never> {
  throw new Error('native frames are found without reading');
}
