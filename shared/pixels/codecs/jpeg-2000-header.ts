/** SIZ and COD of a JPEG 2000 codestream (ISO/IEC 15444-1 A.5.1, A.6.1), read before a decoder allocates for them. */
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
  let at = 4 + view.getUint16(4);
  while (at + 14 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === COD) {
      return {
        ...size,
        multipleComponentTransform: view.getUint8(at + 8) === 1,
        decompositions: view.getUint8(at + 9),
        reversible: view.getUint8(at + 13) === 1,
      };
    }
    if (marker === SOT || marker < 0xff00) break;
    at += 2 + view.getUint16(at + 2);
  }
  throw new UndisplayableError('undecodable', 'no COD in the main header');
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
