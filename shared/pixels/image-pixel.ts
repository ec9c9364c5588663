/**
 * The Image Pixel module (PS3.3 C.7.6.3) as numbers that have been checked: what one frame is made of. It reads attributes
 * and refuses contradictions; it touches no pixel.
 */
import type { DataSet } from '../dicom/index.ts';
import { TAG } from './attributes.ts';
import { PIXEL_LIMITS, type PixelLimits } from './limits.ts';
import { UndisplayableError } from './undisplayable.ts';

export type Photometric =
  | 'MONOCHROME1'
  | 'MONOCHROME2'
  | 'PALETTE COLOR'
  | 'RGB'
  | 'YBR_FULL'
  | 'YBR_FULL_422'
  | 'YBR_PARTIAL_422'
  | 'YBR_PARTIAL_420'
  | 'YBR_ICT'
  | 'YBR_RCT'
  | 'XYB';

export interface ImagePixel {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: 1 | 3;
  readonly photometric: Photometric;
  /** Whether the samples of a native or RLE frame lie plane by plane (Planar Configuration 1). */
  readonly planar: boolean;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Which of Pixel Data, Float Pixel Data and Double Float Pixel Data holds the frames. */
  readonly number: 'integer' | 'float' | 'double';
}

const PHOTOMETRIC: Readonly<Record<Photometric, 1 | 3>> = {
  MONOCHROME1: 1,
  MONOCHROME2: 1,
  'PALETTE COLOR': 1,
  RGB: 3,
  YBR_FULL: 3,
  YBR_FULL_422: 3,
  YBR_PARTIAL_422: 3,
  YBR_PARTIAL_420: 3,
  YBR_ICT: 3,
  YBR_RCT: 3,
  XYB: 3,
};

/** Reads the description of the frames; refuses what no decoder could make sense of or what is over a limit. */
export function readImagePixel(dataSet: DataSet, limits: PixelLimits = PIXEL_LIMITS): ImagePixel {
  const rows = dataSet.number(TAG.Rows) ?? 0;
  const columns = dataSet.number(TAG.Columns) ?? 0;
  if (rows < 1 || columns < 1) {
    throw new UndisplayableError(
      'pixel-data-mismatch',
      `(0028,0010) Rows ${rows}, (0028,0011) Columns ${columns}`,
    );
  }
  if (rows * columns > limits.maximumPixels) {
    throw new UndisplayableError('too-large', `${columns} x ${rows} pixels, limit ${limits.maximumPixels}`);
  }
  const number = kindOfNumber(dataSet);
  const samplesPerPixel = dataSet.number(TAG.SamplesPerPixel) ?? 1;
  const photometric = readPhotometric(dataSet, samplesPerPixel);
  if (PHOTOMETRIC[photometric] !== samplesPerPixel) {
    throw new UndisplayableError(
      'unsupported-pixel-format',
      `${photometric} with ${samplesPerPixel} samples per pixel`,
    );
  }
  const bits = readBits(dataSet, number);
  const frameBytes = Math.ceil((rows * columns * samplesPerPixel * bits.bitsAllocated) / 8);
  if (frameBytes > limits.maximumFrameBytes) {
    throw new UndisplayableError(
      'too-large',
      `a frame of ${frameBytes} bytes, limit ${limits.maximumFrameBytes}`,
    );
  }
  return {
    rows,
    columns,
    frames: Math.max(1, Math.trunc(dataSet.number(TAG.NumberOfFrames) ?? 1)),
    samplesPerPixel,
    photometric,
    planar: samplesPerPixel > 1 && dataSet.number(TAG.PlanarConfiguration) === 1,
    ...bits,
    signed: number === 'integer' && dataSet.number(TAG.PixelRepresentation) === 1,
    number,
  };
}

/** Whether native frames have one pair of chrominance samples for two pixels. */
export function isSubsampled(image: ImagePixel): boolean {
  return (
    (image.photometric === 'YBR_FULL_422' || image.photometric === 'YBR_PARTIAL_422') &&
    image.bitsAllocated === 8
  );
}

function kindOfNumber(dataSet: DataSet): ImagePixel['number'] {
  if (dataSet.has(TAG.PixelData)) return 'integer';
  if (dataSet.has(TAG.FloatPixelData)) return 'float';
  return dataSet.has(TAG.DoubleFloatPixelData) ? 'double' : 'integer';
}

/** Photometric Interpretation; where old objects have none, one sample is grey and three are RGB. */
function readPhotometric(dataSet: DataSet, samplesPerPixel: number): Photometric {
  const stated = dataSet.strings(TAG.PhotometricInterpretation)[0]?.toUpperCase();
  if (stated === undefined) return samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB';
  if (!Object.hasOwn(PHOTOMETRIC, stated)) {
    throw new UndisplayableError(
      'unsupported-pixel-format',
      '(0028,0004) Photometric Interpretation is not one that is shown',
    );
  }
  return stated as Photometric;
}

const FLOAT_BITS = { float: 32, double: 64 } as const;

function readBits(
  dataSet: DataSet,
  number: ImagePixel['number'],
): Pick<ImagePixel, 'bitsAllocated' | 'bitsStored' | 'highBit'> {
  if (number !== 'integer') {
    const bits = FLOAT_BITS[number];
    return { bitsAllocated: bits, bitsStored: bits, highBit: bits - 1 };
  }
  const bitsAllocated = dataSet.number(TAG.BitsAllocated) ?? 0;
  // 12 is ACR-NEMA's packing, still found in old archives; above 16 only whole words are known.
  if (bitsAllocated < 1 || (bitsAllocated > 16 && bitsAllocated !== 32)) {
    throw new UndisplayableError('unsupported-pixel-format', `(0028,0100) Bits Allocated ${bitsAllocated}`);
  }
  const stored = dataSet.number(TAG.BitsStored) ?? bitsAllocated;
  const bitsStored = stored < 1 || stored > bitsAllocated ? bitsAllocated : stored;
  const stated = dataSet.number(TAG.HighBit) ?? bitsStored - 1;
  const highBit = stated < bitsStored - 1 || stated >= bitsAllocated ? bitsStored - 1 : stated;
  return { bitsAllocated, bitsStored, highBit };
}
