/**
 * Which form an instance or a frame is sent in: as it is stored, or decoded to Explicit VR Little Endian, the default of PS3.18
 * 8.7.3; and how that is labelled. Nothing is encoded to another compression.
 */
import {
  type Codec,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  type TransferSyntax,
} from '../dicom/index.ts';
import { type Acceptable, includesType } from './media-types.ts';

export type Form = 'stored' | 'explicit-little-endian';

export interface Representation {
  readonly form: Form;
  readonly multipart: boolean;
  /** Of the part, or of the whole where there is one part only. */
  readonly mediaType: string;
  readonly transferSyntax: string;
}

export const OCTET_STREAM = 'application/octet-stream';
export const DICOM = 'application/dicom';

/** Media types of compressed frames (PS3.18 Table 8.7.3-5). */
const MEDIA_TYPES: Readonly<Record<Codec, string>> = {
  native: OCTET_STREAM,
  'encapsulated-native': OCTET_STREAM,
  rle: 'image/dicom-rle',
  'jpeg-baseline': 'image/jpeg',
  'jpeg-extended': 'image/jpeg',
  'jpeg-lossless': 'image/jpeg',
  'jpeg-ls': 'image/jls',
  'jpeg-2000': 'image/jp2',
  htj2k: 'image/jphc',
  'jpeg-xl': 'image/jxl',
  'deflated-frame': OCTET_STREAM,
  mpeg: OCTET_STREAM,
  none: OCTET_STREAM,
};

/** Multi-component JPEG 2000 has a media type of its own. */
const JPX = new Set(['1.2.840.10008.1.2.4.92', '1.2.840.10008.1.2.4.93']);

/** The media type of frames as they are stored under the transfer syntax. */
export function frameMediaType({ uid, codec }: TransferSyntax): string {
  return JPX.has(uid) ? 'image/jpx' : MEDIA_TYPES[codec];
}

export interface Stored {
  readonly transferSyntax: TransferSyntax;
  /** Whether it can be sent in Explicit VR Little Endian, decoded if need be. */
  readonly isConvertible: boolean;
}

/** How frames are sent, for the first thing accepted that they can be sent as; undefined where there is none. */
export function representFrames(accepted: readonly Acceptable[], stored: Stored): Representation | undefined {
  const own = frameMediaType(stored.transferSyntax);
  return first(accepted, stored, (range, form) =>
    form === 'stored'
      ? // Octets are asked for by viewers that take whatever transfer syntax there is.
        includesType(range.type, own) || range.type === OCTET_STREAM
        ? own
        : undefined
      : includesType(range.type, OCTET_STREAM)
        ? OCTET_STREAM
        : undefined,
  );
}

/** How instances are sent; where several are asked for, those that cannot be converted are sent as they are stored. */
export function representInstance(
  accepted: readonly Acceptable[],
  stored: Stored,
): Representation | undefined {
  return first(accepted, stored, (range) => (includesType(range.type, DICOM) ? DICOM : undefined));
}

function first(
  accepted: readonly Acceptable[],
  stored: Stored,
  mediaTypeFor: (range: Acceptable, form: Form) => string | undefined,
): Representation | undefined {
  for (const range of accepted) {
    for (const form of formsOf(range, stored)) {
      const mediaType = mediaTypeFor(range, form);
      if (mediaType === undefined) continue;
      return {
        form,
        // Whoever takes anything gets parts, as that is the default of these resources (PS3.18 10.4.3.3.1).
        multipart: range.multipart || range.type === '*/*',
        mediaType,
        transferSyntax: form === 'stored' ? stored.transferSyntax.uid : EXPLICIT_VR_LITTLE_ENDIAN,
      };
    }
  }
  return undefined;
}

/** The forms that fit the transfer syntax that was asked for, the better one first. */
function formsOf(
  { type, transferSyntax }: Acceptable,
  { transferSyntax: own, isConvertible }: Stored,
): Form[] {
  const converted: Form[] = isConvertible ? ['explicit-little-endian'] : [];
  const isItself = own.uid === EXPLICIT_VR_LITTLE_ENDIAN;
  if (transferSyntax === '*' || transferSyntax === own.uid) return ['stored'];
  if (transferSyntax === undefined) {
    // An image type names a compression, and whoever takes anything takes what is stored.
    if (isItself || type === '*/*' || type.startsWith('image/')) return ['stored'];
    return converted;
  }
  if (transferSyntax === EXPLICIT_VR_LITTLE_ENDIAN) return converted;
  // A frame has no value representations: both little endian syntaxes have the same bytes.
  return transferSyntax === IMPLICIT_VR_LITTLE_ENDIAN && type === OCTET_STREAM
    ? isItself
      ? ['stored']
      : converted
    : [];
}
