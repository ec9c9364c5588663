/**
 * Hides rectangles in the pixels of an instance, in the encoding that they have. Native pixels are changed as they pass by;
 * of encapsulated ones only the frames that are touched are written anew, without loss. What cannot be decoded cannot be
 * shown to be clean: it is refused.
 */

import type { Edit, NewElement, RangeFilter, Segment } from '../../dicom/index.ts';
import { UnprocessableInstanceError } from '../../errors.ts';
import { TAG } from '../attributes.ts';
import type { FrameContext } from '../codecs/frame-decoder.ts';
import { decodeFrame } from '../decode.ts';
import type { EncodedFrames } from '../encapsulated-frames.ts';
import { frameExtents, type NativeFrames, type PreviewSource, readFrame } from '../frames.ts';
import { type ImagePixel, type Photometric, readImagePixel } from '../image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from '../limits.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { blackContext } from './black.ts';
import { encapsulate, isKept, type OffsetTable, type WrittenFrame } from './encapsulated.ts';
import { type Mask, rectanglesOf } from './mask.ts';
import { decodeStored, type FrameMasking, maskFrame } from './mask-frame.ts';
import { nativeFilter } from './native-filter.ts';
import { RewrittenFrames } from './rewritten-frames.ts';

export interface MaskingLimits extends PixelLimits {
  /** Bytes of frames that are encoded anew; default 1.5 GiB: they wait on the disk of the function, which has 2 GiB. */
  readonly maximumRewrittenBytes: number;
  /** Bytes of them that stay in memory; default 32 MiB: most instances that are masked are stills. */
  readonly heldRewrittenBytes: number;
}

export const MASKING_LIMITS: MaskingLimits = {
  ...PIXEL_LIMITS,
  maximumRewrittenBytes: 1536 * 2 ** 20,
  heldRewrittenBytes: 32 * 2 ** 20,
};

/** What is to be done to the pixels, in the shape of de-identification's `PixelTreatment`. */
export interface PixelRewrite {
  readonly operations: readonly { readonly path: string; readonly action: 'C'; readonly why: string }[];
  readonly rewrite: Extract<Edit, { kind: 'rewrite' }>;
  /** Elements of the root data set that follow from it. */
  readonly attributes: readonly NewElement[];
  /** Where the new value is in another transfer syntax. */
  readonly transferSyntaxUid?: string;
  /** Gives up what is kept on disk, once the instance is written or is not to be. */
  close?(): void;
}

/** Masked pixels: what becomes of the instance, and its frames as they will be written. */
export interface MaskedPixels {
  readonly treatment: PixelRewrite;
  /** A frame of the new pixels, decoded from their bytes. */
  decode(index: number): Promise<Samples>;
  /** The new description of the pixels. */
  readonly image: ImagePixel;
}

const PIXEL_DATA = '(7FE0,0010)';
const WHY = 'text burned into the picture';
const JPEG_EXTENDED = '1.2.840.10008.1.2.4.51';
const PROGRESSIVE_SYNTAX = /^1\.2\.840\.10008\.1\.2\.4\.5[35]$/;
const JPEG_XL_RECOMPRESSION = '1.2.840.10008.1.2.4.111';
const JPEG_XL = '1.2.840.10008.1.2.4.112';

/** Masks the pixels; throws `UnprocessableInstanceError` where it cannot be done. */
export async function maskPixels(
  source: PreviewSource,
  masks: readonly Mask[],
  limits: MaskingLimits = MASKING_LIMITS,
): Promise<MaskedPixels> {
  return refusing(async () => {
    const image = readImagePixel(source.part10.dataSet, limits);
    const extents = await frameExtents(source, image, limits);
    return extents.kind === 'native'
      ? maskNative(source, image, extents, masks, limits)
      : maskEncapsulated(source, image, extents, masks, limits);
  });
}

/** What cannot be decoded is refused with the reason of burned-in text: nobody has seen that there is none. */
export async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof UndisplayableError)) throw cause;
    throw new UnprocessableInstanceError('burned-in-annotation', `not masked: ${cause.where}`, { cause });
  }
}

function maskNative(
  source: PreviewSource,
  image: ImagePixel,
  frames: NativeFrames,
  masks: readonly Mask[],
  limits: PixelLimits,
): MaskedPixels {
  const { part10 } = source;
  const vr = part10.pixelData?.element.vr;
  const filter = nativeFilter(
    {
      image,
      frames,
      bigEndian: part10.encoding.bigEndian,
      inWords: vr === 'OW',
      black: blackContext(part10.dataSet, image),
    },
    masks,
  );
  const { start, end } = frames;
  const { inflated } = part10;
  const value = inflated && filter(inflated.subarray(start, end), start);
  const segments: Segment[] = [value ?? { copy: { start, length: end - start }, through: filter }];
  if ((end - start) % 2 === 1) segments.push(Uint8Array.of(0));
  const masked = throughFilter(source, filter, inflated && value && replaced(inflated, value, start));
  return {
    treatment: treatmentOf(segments, false, []),
    decode: (index) => refusing(() => decodeFrame(masked, image, index, { limits })),
    image,
  };
}

function replaced(bytes: Uint8Array, value: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(value, at);
  return copy;
}

function throughFilter(source: PreviewSource, filter: RangeFilter, inflated?: Uint8Array): PreviewSource {
  if (inflated !== undefined) return { part10: { ...source.part10, inflated }, read: source.read };
  return {
    part10: source.part10,
    read: async (start, length) => filter(await source.read(start, length), start),
  };
}

async function maskEncapsulated(
  source: PreviewSource,
  image: ImagePixel,
  extents: EncodedFrames,
  masks: readonly Mask[],
  limits: MaskingLimits,
): Promise<MaskedPixels> {
  const { part10 } = source;
  const { codec, uid } = part10.transferSyntax;
  const context: FrameContext = {
    image,
    encoding: part10.encoding,
    vr: part10.pixelData?.element.vr ?? 'OB',
    atLeast: undefined,
    limits,
  };
  const written = await writtenImage(source, image, masks, context);
  const transferSyntaxUid = writtenSyntax(uid);
  // One description speaks for all frames: where it changes, all of them do.
  const all = written.photometric !== image.photometric || PROGRESSIVE_SYNTAX.test(uid);
  const masking: FrameMasking = { codec, context, black: blackContext(part10.dataSet, image), written };
  const frames: WrittenFrame[] = [];
  const kept = new RewrittenFrames(limits.heldRewrittenBytes);
  try {
    for (let index = 0; index < image.frames; index++) {
      const rectangles = rectanglesOf(masks, index, image);
      if (rectangles.length === 0 && !all) {
        frames.push(extents.fragmentsOf(index));
        continue;
      }
      const { bytes } = await readFrame(source, image, index, limits);
      frames.push(kept.keep(await maskFrame(bytes, rectangles, masking)));
      if (kept.length > limits.maximumRewrittenBytes)
        throw new UndisplayableError(
          'too-large',
          `masked frames, limit ${limits.maximumRewrittenBytes} bytes`,
        );
    }
  } catch (error) {
    kept.close();
    throw error;
  }
  const { segments, attributes } = encapsulate(frames, offsetTableOf(source));
  const photometric =
    written.photometric === image.photometric ? [] : [photometricElement(written.photometric)];
  return {
    treatment: {
      ...treatmentOf(segments, true, [...photometric, ...attributes]),
      close: () => kept.close(),
      ...(transferSyntaxUid === uid ? {} : { transferSyntaxUid }),
    },
    decode: (index) =>
      refusing(async () => {
        const frame = frames[index];
        if (isKept(frame)) return decodeStored(codec, frame.bytes(), { ...context, image: written });
        return decodeFrame(source, image, index, { limits });
      }),
    image: written,
  };
}

/** Progressive frames become sequential, and a recompressed JPEG that changed can no longer be given back as that JPEG. */
function writtenSyntax(uid: string): string {
  if (PROGRESSIVE_SYNTAX.test(uid)) return JPEG_EXTENDED;
  return uid === JPEG_XL_RECOMPRESSION ? JPEG_XL : uid;
}

/**
 * The image as its frames are encoded again. JPEG 2000 without loss transforms colours by its reversible transform; a JPEG XL
 * frame that comes out as RGB is encoded as RGB.
 */
async function writtenImage(
  source: PreviewSource,
  image: ImagePixel,
  masks: readonly Mask[],
  context: FrameContext,
): Promise<ImagePixel> {
  const { codec } = source.part10.transferSyntax;
  if ((codec === 'jpeg-2000' || codec === 'htj2k') && image.photometric === 'YBR_ICT')
    return { ...image, photometric: 'YBR_RCT' };
  if (codec !== 'jpeg-xl' || image.samplesPerPixel === 1 || image.photometric === 'RGB') return image;
  const touched = Array.from({ length: image.frames }, (_, index) => index).find(
    (index) => rectanglesOf(masks, index, image).length > 0,
  );
  if (touched === undefined) return image;
  const { bytes } = await readFrame(source, image, touched, context.limits);
  const { colour } = await decodeStored(codec, bytes, context);
  return colour === 'rgb' ? { ...image, photometric: 'RGB' } : image;
}

function offsetTableOf({ part10 }: PreviewSource): OffsetTable {
  if (part10.dataSet.has(TAG.ExtendedOffsetTable)) return 'extended';
  return (part10.pixelData?.basicOffsetTable?.length ?? 0) > 0 ? 'basic' : 'none';
}

function photometricElement(photometric: Photometric): NewElement {
  const text = photometric.length % 2 === 0 ? photometric : `${photometric} `;
  return { tag: TAG.PhotometricInterpretation, vr: 'CS', value: Buffer.from(text, 'latin1') };
}

function treatmentOf(
  segments: readonly Segment[],
  undefinedLength: boolean,
  attributes: readonly NewElement[],
): PixelRewrite {
  return {
    operations: [{ path: PIXEL_DATA, action: 'C', why: WHY }],
    rewrite: { kind: 'rewrite', segments, undefinedLength },
    attributes,
  };
}
