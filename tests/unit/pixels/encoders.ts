/** Encoders of synthetic frames with what ours never writes: RLE by hand, lossy JPEG, JPEG-LS and JPEG 2000 as they can be. */
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { encodeInWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { contextCodec } from '../../../shared/pixels/codecs/context-codec.ts';
import { PIXEL_LIMITS } from '../../../shared/pixels/limits.ts';

const load = createRequire(import.meta.url);

export interface PlainFrame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  readonly signed?: boolean;
  /** Little endian, interleaved. */
  readonly bytes: Uint8Array;
}

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setNearLossless(near: number): void;
  setInterleaveMode(mode: number): void;
  setQuality(reversible: boolean, ratio: number): void;
}

async function encodeWith(
  specifier: string,
  className: string,
  frame: PlainFrame,
  set: (encoder: Encoder) => void,
): Promise<Uint8Array> {
  const codec = await load(specifier)({ print() {}, printErr() {} });
  const encoder: Encoder = new codec[className]();
  const input = encoder.getDecodedBuffer({
    width: frame.width,
    height: frame.height,
    bitsPerSample: frame.bits,
    componentCount: frame.components,
    isSigned: frame.signed ?? false,
    isUsingColorTransform: frame.components === 3,
  });
  input.set(frame.bytes);
  set(encoder);
  encoder.encode();
  return evened(encoder.getEncodedBuffer());
}

export function encodeJpegLs(frame: PlainFrame, { near = 0, interleave = 0 } = {}): Promise<Uint8Array> {
  return encodeWith('@cornerstonejs/codec-charls/wasmjs', 'JpegLSEncoder', frame, (encoder) => {
    encoder.setNearLossless(near);
    encoder.setInterleaveMode(interleave);
  });
}

export function encodeJpeg2000(frame: PlainFrame): Promise<Uint8Array> {
  return encodeWith('@cornerstonejs/codec-openjpeg/wasmjs', 'J2KEncoder', frame, () => undefined);
}

/** JPEG lossless with any predictor. */
export async function encodeJpegLossless(
  { width, height, components, bits, bytes }: PlainFrame,
  { predictor = 1 } = {},
): Promise<Uint8Array> {
  const encoded = await encodeInWorker(contextCodec('EncodeJpeg'), bytes, {
    shape: { width, height, components, bits, signed: false },
    settings: [
      ['SetLossy', false],
      ['SetPredictor', predictor],
    ],
    limits: PIXEL_LIMITS,
  });
  return evened(encoded);
}

export async function encodeJpeg(
  { width, height, components, bytes }: PlainFrame,
  options: object = {},
): Promise<Uint8Array> {
  const picture = sharp(bytes, { raw: { width, height, channels: components as 1 | 3 } });
  const encoded = await picture
    .toColourspace(components === 1 ? 'b-w' : 'srgb')
    .jpeg({ quality: 95, ...options })
    .toBuffer();
  return evened(encoded);
}

/** Byte planes, each coded as literal runs and replicate runs (PS3.5 G.3.1). */
export function encodeRle(planes: readonly Uint8Array[]): Uint8Array {
  const segments = planes.map(packBits);
  const header = new Uint32Array(16);
  header[0] = segments.length;
  let at = 64;
  segments.forEach((segment, index) => {
    header[index + 1] = at;
    at += segment.length;
  });
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}

function packBits(plane: Uint8Array): number[] {
  const out: number[] = [];
  let at = 0;
  while (at < plane.length) {
    let run = 1;
    while (run < 128 && plane[at + run] === plane[at] && at + run < plane.length) run++;
    if (run > 1) {
      out.push(257 - run, plane[at] as number);
      at += run;
      continue;
    }
    let literal = 1;
    while (literal < 128 && at + literal < plane.length && plane[at + literal] !== plane[at + literal - 1])
      literal++;
    out.push(literal - 1, ...plane.subarray(at, at + literal));
    at += literal;
  }
  return out.length % 2 === 0 ? out : [...out, 128];
}

function evened(bytes: Uint8Array): Uint8Array {
  const even = new Uint8Array(bytes.length + (bytes.length % 2));
  even.set(bytes);
  return even;
}
