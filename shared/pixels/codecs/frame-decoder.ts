/** What every decoder is given and returns: bytes of one frame in, stored values out. */
import type { Encoding, VR } from '../../dicom/index.ts';
import type { StoredFrame } from '../frames.ts';
import type { ImagePixel, Photometric } from '../image-pixel.ts';
import type { PixelLimits } from '../limits.ts';
import type { ColourModel, Samples } from '../samples.ts';

export interface FrameContext {
  readonly image: ImagePixel;
  readonly encoding: Encoding;
  /** VR of the element that holds the pixels: words of OW are swapped in big endian, bytes of OB are not (PS3.5 A.3). */
  readonly vr: VR;
  /** The smallest size that is of use: a decoder that can get there cheaper may return a smaller frame, not below it. */
  readonly atLeast: { readonly width: number; readonly height: number } | undefined;
  readonly limits: PixelLimits;
}

export type FrameDecoder = (frame: StoredFrame, context: FrameContext) => Samples | Promise<Samples>;

const COLOUR: Readonly<Record<Photometric, ColourModel>> = {
  MONOCHROME1: 'grey',
  MONOCHROME2: 'grey',
  'PALETTE COLOR': 'palette',
  RGB: 'rgb',
  YBR_FULL: 'ybr-full',
  YBR_FULL_422: 'ybr-full',
  YBR_PARTIAL_422: 'ybr-partial',
  YBR_PARTIAL_420: 'ybr-partial',
  YBR_ICT: 'rgb',
  YBR_RCT: 'rgb',
  XYB: 'rgb',
};

/** The colour model of a frame whose codec leaves colours as it found them. */
export function storedColour(photometric: Photometric): ColourModel {
  return COLOUR[photometric];
}
