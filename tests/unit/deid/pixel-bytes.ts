/** Pixel bytes for the tests of their cleaning: codestreams with segments put in, and what treatment makes of an object. */
import {
  deidentify,
  type PixelTreatment,
  type Profile,
  treatPixelBytes,
} from '../../../shared/deid/index.ts';
import { type ByteSource, concatSegments, type Part10, readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, instance, numbers, testProfile, text } from './instances.ts';

export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
export const JPEG_LS = '1.2.840.10008.1.2.4.80';
export const JPEG_2000 = '1.2.840.10008.1.2.4.90';
export const JPEG_XL = '1.2.840.10008.1.2.4.110';

/** A marker segment with its length. */
export function segment(marker: number, payload: string | Uint8Array): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([header, body]);
}

/** A box with its length. */
export function box(type: string, content: Uint8Array | string): Buffer {
  const body = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

/** The codestream with something behind its first marker. */
export function withSegments(codestream: Uint8Array, ...segments: Uint8Array[]): Buffer {
  return Buffer.concat([codestream.subarray(0, 2), ...segments, codestream.subarray(2)]);
}

/** A CT of these fragments. */
export function encapsulated(
  fragments: readonly Uint8Array[],
  transferSyntaxUid: string,
  frames = 1,
): Uint8Array {
  const even = fragments.map((fragment) =>
    fragment.length % 2 === 0 ? fragment : Buffer.concat([fragment, Buffer.alloc(1)]),
  );
  return instance(
    [
      text(0x00100010, 'PN', 'Weatherwax^Esmeralda'),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      text(0x00280008, 'IS', String(frames)),
      { tag: 0x7fe00010, vr: 'OB', value: { fragments: even } },
    ],
    undefined,
    { transferSyntaxUid },
  );
}

/** A CT of native samples with these overlays in the pixel words, by their bit position. */
export function native(
  value: Uint8Array,
  {
    allocated = 16,
    stored = 12,
    highBit = undefined as number | undefined,
    positions = [15],
    transferSyntaxUid = '1.2.840.10008.1.2.1',
  },
): Uint8Array {
  return instance(
    [
      text(0x00280004, 'CS', 'MONOCHROME2'),
      numbers(0x00280100, 'US', allocated),
      numbers(0x00280101, 'US', stored),
      numbers(0x00280102, 'US', highBit ?? stored - 1),
      ...positions.flatMap((position, index) => [
        numbers(0x60000100 + index * 0x20000, 'US', allocated),
        numbers(0x60000102 + index * 0x20000, 'US', position),
      ]),
      bytes(0x7fe00010, 'OW', value),
    ],
    undefined,
    { transferSyntaxUid },
  );
}

export function memorySource(object: Uint8Array): ByteSource {
  return {
    size: object.length,
    read: async (start, length) => {
      if (start < 0 || length < 0 || start + length > object.length)
        throw new Error('read outside of the object');
      return object.subarray(start, start + length);
    },
  };
}

export interface Treated {
  readonly treatment: PixelTreatment;
  readonly written: Uint8Array;
  readonly result: Part10;
}

/** De-identifies an object with its pixel bytes. */
export async function treat(
  object: Uint8Array,
  profile: Profile = testProfile({ pixels: 'trust' }),
  windowBytes?: number,
): Promise<Treated> {
  const part10 = readPart10(object);
  const treatment = await treatPixelBytes(part10, memorySource(object), profile, undefined, windowBytes);
  const written = concatSegments(deidentify(part10, profile, treatment).segments, object);
  return { treatment, written, result: readPart10(written) };
}

/** The value of Pixel Data, items included. */
export function pixelValue({ pixelData }: Part10): Buffer {
  const element = pixelData?.element;
  return Buffer.from(element?.bytes.subarray(element.valueStart, element.valueEnd) ?? []);
}
