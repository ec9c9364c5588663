/** Rectangles of a decoded frame filled in place, and what a lossy codec overshot brought back into range. */
import type { ImagePixel } from '../image-pixel.ts';
import { type CellSamples, type Samples, storedValue } from '../samples.ts';
import { type BlackContext, blackOf } from './black.ts';
import type { Rectangle } from './mask.ts';

/** Fills the rectangles with black. */
export function fillSamples(samples: Samples, rectangles: readonly Rectangle[], context: BlackContext): void {
  const { width, channels, data } = samples;
  const cell =
    samples.kind === 'cells' ? samples : { ...samples, shift: 0, signed: samples.data instanceof Int32Array };
  const black = blackOf(cell, context);
  for (const rectangle of rectangles) {
    for (let y = rectangle.y; y < rectangle.y + rectangle.height; y++) {
      const from = (y * width + rectangle.x) * channels;
      const to = from + rectangle.width * channels;
      if (channels === 1) data.fill(black[0] as number, from, to);
      else for (let at = from; at < to; at++) data[at] = black[(at - from) % 3] as number;
    }
  }
}

/**
 * The samples with as many bits as Bits Stored says. Values that a lossy codec let run over the ends are put at the ends,
 * which is where they are shown; a lossless codec would keep them for readers that mask them off.
 */
export function withinBitsStored(samples: Samples, image: ImagePixel): Samples {
  if (samples.kind !== 'cells' || samples.bitsStored <= image.bitsStored || samples.shift !== 0)
    return samples;
  const { bitsStored, signed } = image;
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  const most = least + 2 ** bitsStored - 1;
  const data = samples.data.slice();
  for (let at = 0; at < data.length; at++)
    data[at] = Math.min(most, Math.max(least, storedValue(data[at] as number, samples)));
  return { ...samples, data, bitsStored };
}

/** Whether two frames hold the same stored values. */
export function sameSamples(one: Samples, other: Samples): boolean {
  if (one.data.length !== other.data.length || one.kind !== other.kind) return false;
  const value = (samples: Samples, at: number): number =>
    samples.kind === 'cells'
      ? storedValue(samples.data[at] as number, samples as CellSamples)
      : (samples.data[at] as number);
  for (let at = 0; at < one.data.length; at++) if (value(one, at) !== value(other, at)) return false;
  return true;
}
