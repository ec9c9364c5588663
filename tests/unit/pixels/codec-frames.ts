/** Frames with known samples, and their way through a codec and back. */
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import type { Samples } from '../../../shared/pixels/samples.ts';
import type { PlainFrame } from './encoders.ts';
import { type ImageDescription, imageSource } from './image-object.ts';

export const SIDE = 64;

export function plainFrame(
  components: number,
  bits: number,
  value: (x: number, y: number, component: number) => number,
): PlainFrame {
  const wide = bits > 8;
  const data = wide ? new Uint16Array(SIDE * SIDE * components) : new Uint8Array(SIDE * SIDE * components);
  data.forEach((_, at) => {
    const pixel = Math.floor(at / components);
    data[at] = value(pixel % SIDE, Math.floor(pixel / SIDE), at % components);
  });
  return { width: SIDE, height: SIDE, components, bits, bytes: new Uint8Array(data.buffer) };
}

export const ramp12 = plainFrame(1, 12, (x, y) => (x * 61 + y * 7) % 4096);
export const ramp8 = plainFrame(1, 8, (x, y) => 2 * x + 2 * y);
export const colours = plainFrame(
  3,
  8,
  (x, y, component) => [4 * x, 4 * y, 255 - 4 * x][component] as number,
);

export const described = (
  frame: PlainFrame,
  transferSyntax: string,
  more: Partial<ImageDescription> = {},
): ImageDescription => ({
  rows: frame.height,
  columns: frame.width,
  samplesPerPixel: frame.components,
  photometric: frame.components === 3 ? 'RGB' : 'MONOCHROME2',
  bitsAllocated: frame.bits > 8 ? 16 : 8,
  bitsStored: frame.bits,
  transferSyntax,
  vr: 'OB',
  ...more,
});

export async function decode(
  image: ImageDescription,
  encoded: Uint8Array,
  options: Parameters<typeof decodeFrame>[3] = {},
): Promise<Samples> {
  const source = imageSource(image, { fragments: [encoded] });
  return decodeFrame(source, readImagePixel(source.part10.dataSet), 0, options);
}

export const bytesOf = ({ data }: Samples) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
