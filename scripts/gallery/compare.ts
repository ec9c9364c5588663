/** One file of a corpus: the preview that is shown, and how like the frame is to that of dcmtk at full size. */
import { readFileSync } from 'node:fs';
import { readPart10 } from '../../shared/dicom/index.ts';
import { type ImagePixel, readImagePixel } from '../../shared/pixels/image-pixel.ts';
import { type PreviewSource, renderPreview } from '../../shared/pixels/preview.ts';
import { UndisplayableError } from '../../shared/pixels/undisplayable.ts';
import { type Likeness, likeness } from './likeness.ts';
import { referencePicture } from './reference.ts';

/** A source over the whole file. */
export function openSource(file: string): PreviewSource {
  const bytes = readFileSync(file);
  return {
    part10: readPart10(bytes),
    read: async (start, length) => bytes.subarray(start, start + length),
  };
}

export interface Comparison {
  readonly frame: number;
  readonly ours: Uint8Array;
  /** Absent where dcmtk gives no picture. */
  readonly reference?: Uint8Array;
  readonly likeness?: Likeness;
}

/** Full size, so that no resampling stands between the two. */
const FULL = 4096;

/** The middle frame as both show it; undefined where the object has no frame that we show. */
export async function compareWithReference(
  file: string,
  source: PreviewSource,
): Promise<Comparison | undefined> {
  const image = imageOf(source);
  if (image === undefined) return undefined;
  const frame = Math.floor(image.frames / 2);
  const ours = await renderPreview(source, { format: 'png', size: FULL, frame });
  if (ours.placeholder !== undefined) return undefined;
  const reference = await referencePicture(file, source, image, frame);
  if (reference === undefined) return { frame, ours: ours.bytes };
  return { frame, ours: ours.bytes, reference, likeness: await likeness(ours.bytes, reference) };
}

function imageOf({ part10 }: PreviewSource): ImagePixel | undefined {
  if (part10.pixelData === undefined) return undefined;
  try {
    return readImagePixel(part10.dataSet);
  } catch (error) {
    if (error instanceof UndisplayableError) return undefined;
    throw error;
  }
}
