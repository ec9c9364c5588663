/**
 * An instance written anew in Explicit VR Little Endian: headers spliced, what need not change copied by range, compressed
 * frames decoded one at a time while they are sent. The length is known before the first frame is decoded.
 */
import {
  type CopiedRange,
  EXPLICIT_VR_LITTLE_ENDIAN,
  encodeText,
  formatTag,
  isCopied,
  isPixelData,
  ownBytes,
  segmentsLength,
  splice,
  type VR,
} from '../dicom/index.ts';
import type { PreviewSource } from '../pixels/frames.ts';
import { type ImagePixel, readImagePixel } from '../pixels/image-pixel.ts';
import { UndisplayableError } from '../pixels/undisplayable.ts';
import { decodedFrame, decodedFrameBytes, isDecodable } from './native-frames.ts';

const SOP_CLASS_UID = 0x00080016;
const SOP_INSTANCE_UID = 0x00080018;
const PHOTOMETRIC_INTERPRETATION = 0x00280004;
const EXTENDED_OFFSET_TABLE = 0x7fe00001;
const EXTENDED_OFFSET_TABLE_LENGTHS = 0x7fe00002;
const IMPLEMENTATION = {
  implementationClassUid: '2.25.16266182181198972230969160584682058969',
  implementationVersionName: 'FILMROOM_0_1',
};

export interface ExplicitInstance {
  readonly length: number;
  /** Its pieces, once the first frame is decoded: what cannot be sent is known before any of it is. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** Whether the instance can be written so: bytes in big endian are not turned, and not every compression is decoded. */
export function isConvertible(source: PreviewSource): boolean {
  const { part10 } = source;
  if (part10.encoding.bigEndian) return false;
  if (!isEncapsulated(source)) return true;
  try {
    return isDecodable(source, readImagePixel(part10.dataSet));
  } catch (error) {
    if (error instanceof UndisplayableError) return false;
    throw error;
  }
}

/** The instance; `read` is asked for ranges of the stored object. */
export function explicitInstance(source: PreviewSource): ExplicitInstance {
  const { part10 } = source;
  const { dataSet } = part10;
  const image = isEncapsulated(source) ? readImagePixel(dataSet) : undefined;
  const frames = image && decodedFrames(image);
  // Decoded frames are a range behind the end of what is stored, so that the writer of headers need not hold them.
  const base = part10.inflated?.length ?? part10.size;
  const segments = splice(
    part10,
    {
      edit: (element, _owner, depth) => {
        if (depth > 0 || image === undefined || frames === undefined) return { kind: 'keep' };
        if (element.tag === EXTENDED_OFFSET_TABLE || element.tag === EXTENDED_OFFSET_TABLE_LENGTHS)
          return { kind: 'remove' };
        if (element.tag === PHOTOMETRIC_INTERPRETATION && isOfCodec(image.photometric))
          return { kind: 'replace', value: encodeText('RGB', 'CS') };
        if (!isPixelData(element.tag)) return { kind: 'keep' };
        const vr: VR = image.bitsAllocated > 8 ? 'OW' : 'OB';
        const copy = { start: base, length: frames.padded };
        return { kind: 'rewrite', segments: [{ copy }], undefinedLength: false, vr };
      },
    },
    {
      ...IMPLEMENTATION,
      mediaStorageSopClassUid: dataSet.uid(SOP_CLASS_UID) ?? '',
      mediaStorageSopInstanceUid: dataSet.uid(SOP_INSTANCE_UID) ?? '',
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    },
  );
  return {
    length: segmentsLength(segments),
    open: async () => {
      const first = image && frames && (await frameOf(source, image, frames, 0));
      return (async function* () {
        for (const segment of segments) {
          if (!isCopied(segment)) yield ownBytes(segment);
          else if (segment.copy.start >= base && image && frames && first)
            yield* decoded(source, image, frames, first);
          else yield* copied(source, segment);
        }
      })();
    },
  };
}

interface DecodedFrames {
  readonly each: number;
  readonly padded: number;
}

function decodedFrames(image: ImagePixel): DecodedFrames {
  if (image.bitsAllocated === 1 && image.frames > 1 && (image.rows * image.columns) % 8 !== 0)
    throw new UndisplayableError('unsupported-pixel-format', 'frames of single bits that end within a byte');
  const each = decodedFrameBytes(image);
  const length = each * image.frames;
  return { each, padded: length + (length % 2) };
}

async function* decoded(
  source: PreviewSource,
  image: ImagePixel,
  frames: DecodedFrames,
  first: Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let index = 1; index < image.frames; index++) yield await frameOf(source, image, frames, index);
  if (frames.padded > frames.each * image.frames) yield new Uint8Array(1);
}

async function frameOf(source: PreviewSource, image: ImagePixel, { each }: DecodedFrames, index: number) {
  const frame = await decodedFrame(source, image, index);
  if (frame.length !== each)
    throw new UndisplayableError('undecodable', `${formatTag(0x7fe00010)}: a frame of another length`);
  return frame;
}

/** What is read at once of a range that is copied. */
const STEP = 4 * 1024 * 1024;

async function* copied({ part10, read }: PreviewSource, segment: CopiedRange) {
  const { start, length } = segment.copy;
  for (let at = 0; at < length; at += STEP) {
    const step = Math.min(STEP, length - at);
    if (part10.inflated) yield part10.inflated.subarray(start + at, start + at + step);
    else yield await read(start + at, step);
  }
}

/** Photometric interpretations that exist under their codec only: decoded they are RGB (PS3.5 8.2.4). */
function isOfCodec(photometric: ImagePixel['photometric']): boolean {
  return photometric === 'YBR_ICT' || photometric === 'YBR_RCT' || photometric === 'XYB';
}

function isEncapsulated({ part10 }: PreviewSource): boolean {
  return part10.pixelData?.fragments !== undefined;
}
