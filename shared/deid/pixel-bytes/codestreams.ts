/** Finds what text lies in the frames of encapsulated Pixel Data, outside of what is decoded to a picture. */
import type { ByteSource, Part10, PixelDataExtent } from '../../dicom/index.ts';
import { UnprocessableInstanceError } from '../../errors.ts';
import { clearBoxes } from './boxes.ts';
import { kindOfCodestream, MAGIC_BYTES } from './codestream-magic.ts';
import { CodestreamReader } from './codestream-reader.ts';
import { clearJpeg2000 } from './jpeg-2000-segments.ts';
import { clearJpeg } from './jpeg-segments.ts';
import type { IsIdentifying } from './kept-text.ts';
import { clearingEdits, type PixelEdits } from './pixel-edits.ts';

const JPEG_FAMILY = '1.2.840.10008.1.2.4.';
const NUMBER_OF_FRAMES = 0x00280008;
const AFTER = 'bytes after the end of the codestream';

/** Whether frames are compressed by JPEG, JPEG-LS, JPEG 2000 or JPEG XL, one codestream each. */
export function hasCodestreams({ transferSyntax, pixelData }: Part10): boolean {
  const { uid, codec } = transferSyntax;
  return pixelData?.fragments !== undefined && uid.startsWith(JPEG_FAMILY) && codec !== 'mpeg';
}

/** What is to be overwritten in the codestreams, and why; refuses those whose markers cannot be gone through. */
export async function codestreamEdits(
  part10: Part10,
  source: ByteSource,
  isIdentifying: IsIdentifying,
  windowBytes?: number,
): Promise<{ readonly edits: PixelEdits; readonly reasons: readonly string[] }> {
  const { fragments = [] } = part10.pixelData as PixelDataExtent;
  const frames = part10.dataSet.number(NUMBER_OF_FRAMES) ?? 1;
  const division = fragments.length === frames ? 'frame-a-fragment' : 'frames';
  const reader = new CodestreamReader(source, fragments, division, windowBytes);
  while (reader.begin()) {
    do await clearCodestream(reader, isIdentifying);
    while (
      // Not allowed, and yet a way to store several frames: what is no trailing byte must not be lost.
      fragments.length < frames &&
      kindOfCodestream(await reader.peek(MAGIC_BYTES)) !== undefined
    );
    await reader.clearRest(AFTER);
  }
  return { edits: clearingEdits(reader.clearings), reasons: [...reader.reasons] };
}

async function clearCodestream(reader: CodestreamReader, isIdentifying: IsIdentifying): Promise<void> {
  const magic = await reader.peek(MAGIC_BYTES);
  switch (kindOfCodestream(magic)) {
    case 'jpeg':
      return clearJpeg(reader, isIdentifying);
    case 'jpeg-2000':
      return clearJpeg2000(reader, isIdentifying);
    case 'boxes':
      return clearBoxes(reader, isIdentifying);
    case 'jpeg-xl':
      // A naked codestream has no segments, and where it ends only a decoder can tell.
      return reader.skip(Number.POSITIVE_INFINITY);
    case undefined:
      if (magic.length > 0)
        throw new UnprocessableInstanceError(
          'unsafe-content',
          'a frame of (7FE0,0010) that is no codestream of its transfer syntax',
        );
  }
}
