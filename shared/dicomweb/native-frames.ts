/**
 * Frames as an object in Explicit VR Little Endian would hold them (PS3.5 8, A.2): decoded, in little endian, whole bytes. The
 * bytes mean what the header says of them: colours that a decoder has converted are converted back.
 */

import { encodeNative, nativeFrameBytes } from '../pixels/codecs/native.ts';
import { decodeFrame, decoderOf } from '../pixels/decode.ts';
import { frameExtents, type PreviewSource } from '../pixels/frames.ts';
import { type ImagePixel, isSubsampled } from '../pixels/image-pixel.ts';
import type { Samples } from '../pixels/samples.ts';
import { UndisplayableError } from '../pixels/undisplayable.ts';

/** Bytes of one frame. */
export function decodedFrameBytes(image: ImagePixel): number {
  return nativeFrameBytes(image);
}

/** Whether frames of the object can be decoded at all; what is wrong with a single one is only seen when it is. */
export function isDecodable(source: PreviewSource, image: ImagePixel): boolean {
  try {
    decoderOf(source.part10.transferSyntax);
  } catch (error) {
    if (error instanceof UndisplayableError) return false;
    throw error;
  }
  return [1, 8, 16, 32, 64].includes(image.bitsAllocated) && !image.photometric.startsWith('YBR_PARTIAL');
}

/** The bytes of a frame by its index from 0. */
export async function decodedFrame(
  source: PreviewSource,
  image: ImagePixel,
  index: number,
): Promise<Uint8Array> {
  const samples = await decodeFrame(source, image, index);
  if (samples.width !== image.columns || samples.height !== image.rows)
    throw new UndisplayableError('undecodable', 'a frame of another size');
  const wantsLuminance = image.photometric === 'YBR_FULL' || image.photometric === 'YBR_FULL_422';
  if (!wantsLuminance || samples.channels !== 3 || samples.kind !== 'cells')
    return encodeNative(samples, image);
  const ybr = samples.colour === 'rgb' ? toLuminance(samples.data) : samples.data;
  if (isSubsampled(image)) return subsampled(ybr);
  return encodeNative({ ...samples, data: ybr } as Samples, image);
}

/** The byte ranges of a frame where it can be sent as it stands in the object; undefined where it begins within a byte. */
export async function storedRanges(
  source: PreviewSource,
  image: ImagePixel,
  index: number,
): Promise<readonly { readonly start: number; readonly length: number }[] | undefined> {
  const extents = await frameExtents(source, image);
  if (extents.kind === 'encapsulated') return extents.fragmentsOf(index);
  const { part10 } = source;
  if (part10.inflated !== undefined || part10.encoding.bigEndian || extents.frameBits % 8 !== 0)
    return undefined;
  const length = extents.frameBits / 8;
  return [{ start: extents.start + index * length, length }];
}

/** RGB to YBR_FULL (PS3.3 C.7.6.3.1.2), to the nearest. */
function toLuminance(rgb: Uint8Array | Uint16Array): Uint8Array {
  const ybr = new Uint8Array(rgb.length);
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const [red, green, blue] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
    ybr[at] = clamp(0.299 * red + 0.587 * green + 0.114 * blue);
    ybr[at + 1] = clamp(-0.168736 * red - 0.331264 * green + 0.5 * blue + 128);
    ybr[at + 2] = clamp(0.5 * red - 0.418688 * green - 0.081312 * blue + 128);
  }
  return ybr;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** Two luminances and their mean chrominances for each pair of pixels (PS3.3 C.7.6.3.1.2). */
function subsampled(ybr: Uint8Array | Uint16Array): Uint8Array {
  const pairs = Math.ceil(ybr.length / 6);
  const packed = new Uint8Array(pairs * 4);
  const at = (index: number) => ybr[Math.min(index, ybr.length - 1)] as number;
  for (let pair = 0; pair < pairs; pair++) {
    const from = pair * 6;
    packed[pair * 4] = at(from);
    packed[pair * 4 + 1] = at(from + 3);
    packed[pair * 4 + 2] = (at(from + 1) + at(from + 4) + 1) >> 1;
    packed[pair * 4 + 3] = (at(from + 2) + at(from + 5) + 1) >> 1;
  }
  return packed;
}
