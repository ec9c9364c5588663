/**
 * JPEG (PS3.5 A.4.1) by what its frame header says, as writers mislabel it: 8 bits, baseline, extended or progressive, by
 * libjpeg, which scales while it decodes; 12 bits and lossless by another codec. Hierarchical and arithmetic-coded processes,
 * which DICOM has retired, are refused.
 */
import { decodeJpegRaster } from '../raster.ts';
import { UndisplayableError } from '../undisplayable.ts';
import type { FrameContext, FrameDecoder } from './frame-decoder.ts';
import { type JpegHeader, readJpegHeader } from './jpeg-header.ts';
import { decodeJpegBeyond8 } from './jpeg-lossless.ts';
import { expectShape } from './wasm-samples.ts';

const HUFFMAN_DCT: readonly number[] = [0xc0, 0xc1, 0xc2];
const BASELINE = 0xc0;
const LOSSLESS = 0xc3;

export const decodeJpeg: FrameDecoder = async ({ bytes }, context) => {
  const { image, limits } = context;
  const header = readJpegHeader(bytes);
  const isDct = HUFFMAN_DCT.includes(header.process);
  const isTwelve = isDct && header.process !== BASELINE && header.precision === 12;
  if (header.process !== LOSSLESS && !isTwelve && !(isDct && header.precision === 8)) {
    throw new UndisplayableError(
      'unsupported-transfer-syntax',
      `JPEG process 0x${header.process.toString(16)}, ${header.precision} bits`,
    );
  }
  expectShape(header, image);
  if (header.process === LOSSLESS || isTwelve) return decodeJpegBeyond8(bytes, header, context);
  const stream = statingColour(bytes, header, image.photometric === 'RGB' && !header.subsampled);
  const guard = { maximumPixels: limits.maximumPixels, seconds: Math.ceil(limits.codecDeadline / 1000) };
  try {
    const { width, height, data } = await decodeJpegRaster(
      stream,
      image.samplesPerPixel,
      guard,
      smaller(context),
    );
    return {
      kind: 'cells',
      width,
      height,
      channels: image.samplesPerPixel,
      data,
      colour:
        image.samplesPerPixel === 3 ? 'rgb' : image.photometric === 'PALETTE COLOR' ? 'palette' : 'grey',
      bitsStored: 8,
      shift: 0,
      signed: image.signed,
    };
  } catch (cause) {
    throw new UndisplayableError('undecodable', `a JPEG frame of ${bytes.length} bytes`, { cause });
  }
};

/** The size to scale to while decoding. Greys may yet be windowed, and scaling before that rings at each sharp edge. */
function smaller({ image, atLeast }: FrameContext): FrameContext['atLeast'] {
  if (atLeast === undefined || image.samplesPerPixel === 1) return undefined;
  return atLeast.width < image.columns && atLeast.height < image.rows ? atLeast : undefined;
}

/** Adobe APP14: 'Adobe', version 100, two flag words, the colour transform. */
const APP14 = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0];

/**
 * A codestream that says itself how its colours are coded is right about it, whatever Photometric Interpretation says. One
 * that says nothing would be guessed at by libjpeg: it is told, by an Adobe segment after SOI.
 */
function statingColour(
  bytes: Uint8Array,
  { components, statesColour }: JpegHeader,
  isRgb: boolean,
): Uint8Array {
  if (components !== 3 || statesColour) return bytes;
  const told = new Uint8Array(bytes.length + APP14.length + 1);
  told.set(bytes.subarray(0, 2));
  told.set(APP14, 2);
  told[2 + APP14.length] = isRgb ? 0 : 1;
  told.set(bytes.subarray(2), 3 + APP14.length);
  return told;
}
