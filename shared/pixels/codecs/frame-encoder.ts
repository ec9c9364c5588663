/** What every encoder is given and returns: stored values in, bytes of one frame out. Encoders here lose nothing. */
import type { ImagePixel } from '../image-pixel.ts';
import type { PixelLimits } from '../limits.ts';
import type { CellSamples, Samples } from '../samples.ts';
import { storedValue } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import type { WasmShape } from './codec-worker.ts';

export interface EncoderContext {
  readonly image: ImagePixel;
  readonly limits: PixelLimits;
}

export type FrameEncoder = (samples: Samples, context: EncoderContext) => Uint8Array | Promise<Uint8Array>;

/** Samples as a codec takes them. */
export interface CodecInput {
  readonly shape: WasmShape;
  /** Interleaved; words of 16 bits in little endian. */
  readonly bytes: Uint8Array;
}

/**
 * The stored values with Bits Stored as precision. Where a cell has more in it than its value (an overlay's bits, a High Bit
 * elsewhere), the cells as they are with Bits Allocated as precision, so that nothing of them is lost. A codec that knows no
 * sign gets the bits of two's complement (PS3.5 8.2.1).
 */
export function codecInput(samples: Samples, image: ImagePixel, signs: 'signed' | 'unsigned'): CodecInput {
  if (samples.kind === 'numbers')
    throw new UndisplayableError('unsupported-pixel-format', `${image.bitsAllocated} bits for a codec of 16`);
  const { width, height, channels } = samples;
  const isPlain = holdsValuesOnly(samples);
  // Of signed samples in bytes the codecs that know a sign make nonsense.
  const signed = isPlain && samples.signed && signs === 'signed' && samples.bitsStored > 8;
  // No codec here goes below two bits.
  const bits = isPlain ? Math.max(2, samples.bitsStored) : samples.data.BYTES_PER_ELEMENT * 8;
  const cells = bits > 8 ? new Uint16Array(samples.data.length) : new Uint8Array(samples.data.length);
  if (!isPlain) cells.set(samples.data);
  else {
    const mask = signed ? 0xffff : 2 ** bits - 1;
    for (let at = 0; at < cells.length; at++)
      cells[at] = storedValue(samples.data[at] as number, samples) & mask;
  }
  return {
    shape: { width, height, components: channels, bits, signed },
    bytes: new Uint8Array(cells.buffer),
  };
}

/** Whether each cell is its value, with nothing above but zeros or copies of the sign. */
function holdsValuesOnly({ data, bitsStored, shift, signed }: CellSamples): boolean {
  if (shift !== 0) return false;
  if (bitsStored >= data.BYTES_PER_ELEMENT * 8) return true;
  const beyond = (2 ** (data.BYTES_PER_ELEMENT * 8) - 1) ^ (2 ** bitsStored - 1);
  const sign = 2 ** (bitsStored - 1);
  for (const cell of data) {
    const above = cell & beyond;
    if (above === 0) continue;
    if (!(signed && above === beyond && (cell & sign) !== 0)) return false;
  }
  return true;
}
