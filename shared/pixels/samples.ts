/** One decoded frame: stored values, interleaved by pixel, before any lookup table, window or conversion of colour. */

/** What the channels mean; the decoder says it, because some codecs convert colour on their way out. */
export type ColourModel = 'grey' | 'palette' | 'rgb' | 'ybr-full' | 'ybr-partial';

interface FrameShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly colour: ColourModel;
  readonly bitsStored: number;
}

/** Up to 16 bits: cells as they are stored. Their bits are interpreted by a lookup table, which costs no pass of its own. */
export interface CellSamples extends FrameShape {
  readonly kind: 'cells';
  readonly data: Uint8Array | Uint16Array;
  /** Bits below the stored value: High Bit + 1 - Bits Stored. */
  readonly shift: number;
  readonly signed: boolean;
}

/** 32-bit integers, float and double: numbers. */
export interface NumberSamples extends FrameShape {
  readonly kind: 'numbers';
  readonly data: Int32Array | Uint32Array | Float32Array | Float64Array;
}

export type Samples = CellSamples | NumberSamples;

/** The stored value of a cell: what lies above and below it (overlays, padding) masked off, the sign extended (PS3.5 8.1.1). */
export function storedValue(
  cell: number,
  { bitsStored, shift, signed }: Pick<CellSamples, 'bitsStored' | 'shift' | 'signed'>,
): number {
  const up = 32 - bitsStored - shift;
  const top = cell << up;
  return signed ? top >> (up + shift) : top >>> (up + shift);
}
