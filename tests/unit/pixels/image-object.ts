/** Builds small image objects, so that each test states what its image is and nothing else. */
import {
  type Codec,
  encodeNumbers,
  type NewElement,
  readPart10,
  type VR,
  writePart10,
} from '../../../shared/dicom/index.ts';
import { TAG } from '../../../shared/pixels/attributes.ts';
import type { PreviewSource } from '../../../shared/pixels/preview.ts';

export interface ImageDescription {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel?: number;
  readonly photometric?: string;
  readonly planar?: number;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly highBit?: number;
  readonly signed?: boolean;
  readonly frames?: number;
  readonly transferSyntax?: string;
  readonly more?: readonly NewElement[];
  /** VR of Pixel Data; default OW above 8 bits, else OB. */
  readonly vr?: VR;
}

export const EXPLICIT = '1.2.840.10008.1.2.1';
export const BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const RLE = '1.2.840.10008.1.2.5';
export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
export const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70';
export const JPEG_LS = '1.2.840.10008.1.2.4.80';
export const JPEG_LS_NEAR = '1.2.840.10008.1.2.4.81';
export const JPEG_2000 = '1.2.840.10008.1.2.4.90';
export const DEFLATED_FRAME = '1.2.840.10008.1.2.8.1';
export const ENCAPSULATED_NATIVE = '1.2.840.10008.1.2.1.98';
export const JPEG_XL = '1.2.840.10008.1.2.4.110';
export const HTJ2K = '1.2.840.10008.1.2.4.202';

/** A lossless transfer syntax of each codec. */
export const TRANSFER_SYNTAX_OF: Readonly<Partial<Record<Codec, string>>> = {
  rle: RLE,
  'jpeg-lossless': JPEG_LOSSLESS,
  'jpeg-ls': JPEG_LS,
  'jpeg-2000': JPEG_2000,
  htj2k: HTJ2K,
  'jpeg-xl': JPEG_XL,
  'deflated-frame': DEFLATED_FRAME,
};

export const numbers = (tag: number, vr: VR, ...values: number[]): NewElement => ({
  tag,
  vr,
  value: encodeNumbers(values, vr),
});

export const text = (tag: number, vr: VR, value: string): NewElement => ({
  tag,
  vr,
  value: Buffer.from(value.length % 2 === 0 ? value : `${value}${vr === 'UI' ? '\0' : ' '}`, 'latin1'),
});

export const sequence = (tag: number, ...items: NewElement[][]): NewElement => ({
  tag,
  vr: 'SQ',
  value: items,
});

/** The bytes of a Part 10 object; `pixels` are the value of Pixel Data, its fragments, or absent. */
export function imageBytes(
  image: ImageDescription,
  pixels: Uint8Array | { readonly fragments: readonly Uint8Array[] } | undefined,
): Uint8Array {
  const allocated = image.bitsAllocated ?? 8;
  const elements = [
    text(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text(TAG.Modality, 'CS', 'OT'),
    numbers(TAG.SamplesPerPixel, 'US', image.samplesPerPixel ?? 1),
    text(TAG.PhotometricInterpretation, 'CS', image.photometric ?? 'MONOCHROME2'),
    numbers(TAG.Rows, 'US', image.rows),
    numbers(TAG.Columns, 'US', image.columns),
    numbers(TAG.BitsAllocated, 'US', allocated),
    numbers(TAG.BitsStored, 'US', image.bitsStored ?? allocated),
    numbers(TAG.HighBit, 'US', image.highBit ?? (image.bitsStored ?? allocated) - 1),
    numbers(TAG.PixelRepresentation, 'US', image.signed ? 1 : 0),
    ...(image.planar === undefined ? [] : [numbers(TAG.PlanarConfiguration, 'US', image.planar)]),
    ...(image.frames === undefined ? [] : [text(TAG.NumberOfFrames, 'IS', String(image.frames))]),
    ...(image.more ?? []),
    ...(pixels === undefined
      ? []
      : [{ tag: TAG.PixelData, vr: image.vr ?? (allocated > 8 ? 'OW' : 'OB'), value: pixels } as NewElement]),
  ];
  const replaced = new Map(elements.map((element) => [element.tag, element]));
  return writePart10(
    [...replaced.values()].sort((a, b) => a.tag - b.tag),
    {
      mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.7',
      mediaStorageSopInstanceUid: '1.2.3',
      transferSyntaxUid: image.transferSyntax ?? EXPLICIT,
      implementationClassUid: '1.2.3',
      implementationVersionName: 'TEST',
    },
  );
}

/** A source over the bytes that keeps the ranges it was asked for. */
export function sourceOf(bytes: Uint8Array): PreviewSource & { readonly ranges: [number, number][] } {
  const ranges: [number, number][] = [];
  return {
    part10: readPart10(bytes),
    ranges,
    read: async (start, length) => {
      ranges.push([start, length]);
      return bytes.subarray(start, start + length);
    },
  };
}

export function imageSource(
  image: ImageDescription,
  pixels: Uint8Array | { readonly fragments: readonly Uint8Array[] } | undefined,
) {
  return sourceOf(imageBytes(image, pixels));
}

/** 16-bit words as bytes, little endian. */
export function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values, (value) => value & 0xffff).buffer);
}

/** An even number of bytes, as Pixel Data has. */
export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values.length % 2 === 0 ? values : [...values, 0]);
}
