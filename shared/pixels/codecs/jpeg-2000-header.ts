/** SIZ and COD of a JPEG 2000 codestream (ISO/IEC 15444-1 A.5.1, A.6.1), read before a decoder allocates for them. */
import type { PixelLimits } from '../limits.ts';
import { UndisplayableError } from '../undisplayable.ts';

export interface Jpeg2000Header {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
  /** Whether the codestream transforms colours, so that its decoder gives RGB. */
  readonly multipleComponentTransform: boolean;
  /** Resolutions that can be left out. */
  readonly decompositions: number;
  /** 5-3 wavelet, without which no codestream is lossless. */
  readonly reversible: boolean;
  /** Parts for which a decoder allocates before it has read any of them. */
  readonly tiles: number;
  readonly codeBlocks: number;
  readonly precincts: number;
}

const SIZ = 0xff51;
const COD = 0xff52;
const SOT = 0xff90;

export function readJpeg2000Header(bytes: Uint8Array): Jpeg2000Header {
  const start = codestreamStart(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  if (view.byteLength < 44 || view.getUint16(2) !== SIZ)
    throw new UndisplayableError('undecodable', 'no SIZ after SOC');
  const size = {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    precision: (view.getUint8(42) & 0x7f) + 1,
  };
  const tiles = Math.ceil(size.width / view.getUint32(24)) * Math.ceil(size.height / view.getUint32(28));
  let at = 4 + view.getUint16(4);
  while (at + 14 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === COD) {
      const decompositions = view.getUint8(at + 9);
      const [blockWidth, blockHeight] = [view.getUint8(at + 10) & 15, view.getUint8(at + 11) & 15];
      const { width, height, components } = size;
      return {
        ...size,
        multipleComponentTransform: view.getUint8(at + 8) === 1,
        decompositions,
        reversible: view.getUint8(at + 13) === 1,
        codeBlocks: (width * height * components) / 2 ** (blockWidth + blockHeight + 4),
        precincts: tiles + components * precinctsOf(view, at, size, decompositions),
        tiles,
      };
    }
    if (marker === SOT || marker < 0xff00) break;
    at += 2 + view.getUint16(at + 2);
  }
  throw new UndisplayableError('undecodable', 'no COD in the main header');
}

/** Precincts of a component over all its resolutions; where COD gives no size, they are of 32768 x 32768 (A.6.1). */
function precinctsOf(
  view: DataView,
  cod: number,
  { width, height }: { width: number; height: number },
  decompositions: number,
): number {
  if ((view.getUint8(cod + 4) & 1) === 0) return 0;
  let sum = 0;
  for (let resolution = 0; resolution <= decompositions; resolution++) {
    const at = cod + 14 + resolution;
    if (at >= view.byteLength) break;
    const scale = 2 ** (decompositions - resolution);
    const [x, y] = [2 ** (view.getUint8(at) & 15), 2 ** (view.getUint8(at) >> 4)];
    sum += Math.ceil(width / scale / x) * Math.ceil(height / scale / y);
  }
  return sum;
}

/** The standard's own bound, as tiles are numbered in 16 bits (A.4.2). */
const MAXIMUM_TILES = 65_535;

/** Refuses samples that are too wide, and so many parts that their bookkeeping outweighs the frame. */
export function expectModest(header: Jpeg2000Header, limits: PixelLimits): void {
  const { precision, tiles, codeBlocks, precincts, decompositions } = header;
  if (precision > 16)
    throw new UndisplayableError('unsupported-pixel-format', `JPEG 2000 of ${precision} bits`);
  if (decompositions > 32 || !(tiles >= 1 && tiles <= MAXIMUM_TILES))
    throw new UndisplayableError('undecodable', `${tiles} tiles, ${decompositions} decompositions`);
  const parts = Math.ceil(Math.max(codeBlocks, precincts));
  if (parts > limits.maximumCodeBlocks)
    throw new UndisplayableError('too-large', `${parts} code-blocks, limit ${limits.maximumCodeBlocks}`);
}

/** A codestream as DICOM wants it (PS3.5 A.4.4), or within the JP2 file that some writers put there. */
function codestreamStart(bytes: Uint8Array): number {
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return 0;
  const within = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).indexOf(
    CODESTREAM_START,
  );
  if (within < 0) throw new UndisplayableError('undecodable', 'no JPEG 2000 codestream');
  return within;
}

const CODESTREAM_START = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
