/** RGB and the YBR family to 8-bit RGB (PS3.3 C.7.6.3.1.2). What a codec has already converted comes here as RGB. */
import type { Raster } from '../raster.ts';
import type { Samples } from '../samples.ts';
import { reduceByFunction, reduceTriplets } from './reduce.ts';

export function renderColour(samples: Samples, factor: number): Raster {
  const { width, height, colour } = samples;
  const size = {
    width: Math.floor(width / factor),
    height: Math.floor(height / factor),
    channels: 3,
  } as const;
  const rgb = eightBits(samples, factor);
  if (colour === 'ybr-full') convertInPlace(rgb, FULL);
  if (colour === 'ybr-partial') convertInPlace(rgb, PARTIAL);
  return { ...size, data: rgb };
}

/** The samples as bytes, scaled down; always a copy, as it is converted in place. */
function eightBits(samples: Samples, factor: number): Uint8Array {
  const { width, height, data, bitsStored } = samples;
  const shift = samples.kind === 'cells' ? samples.shift : 0;
  if (data instanceof Uint8Array && bitsStored === 8 && shift === 0)
    return reduceTriplets(data, width, height, factor);
  const scale = 255 / (2 ** bitsStored - 1);
  const mask = 2 ** bitsStored - 1;
  const read =
    samples.kind === 'cells'
      ? (at: number) => (((data[at] as number) >> shift) & mask) * scale
      : (at: number) => (data[at] as number) * scale;
  return reduceByFunction(width, height, 3, factor, read);
}

interface Conversion {
  readonly blackLevel: number;
  readonly luminance: number;
  readonly redFromCr: number;
  readonly greenFromCb: number;
  readonly greenFromCr: number;
  readonly blueFromCb: number;
}

/** ITU-R BT.601 over the full range. */
const FULL: Conversion = {
  blackLevel: 0,
  luminance: 1,
  redFromCr: 1.402,
  greenFromCb: 0.344136,
  greenFromCr: 0.714136,
  blueFromCb: 1.772,
};
/** The same with black at 16 and white at 235. */
const PARTIAL: Conversion = {
  blackLevel: 16,
  luminance: 1.1644,
  redFromCr: 1.596,
  greenFromCb: 0.3917,
  greenFromCr: 0.8129,
  blueFromCb: 2.0173,
};

function convertInPlace(pixels: Uint8Array, by: Conversion): void {
  for (let at = 0; at < pixels.length; at += 3) {
    const y = ((pixels[at] as number) - by.blackLevel) * by.luminance;
    const cb = (pixels[at + 1] as number) - 128;
    const cr = (pixels[at + 2] as number) - 128;
    pixels[at] = toByte(y + by.redFromCr * cr);
    pixels[at + 1] = toByte(y - by.greenFromCb * cb - by.greenFromCr * cr);
    pixels[at + 2] = toByte(y + by.blueFromCb * cb);
  }
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}
