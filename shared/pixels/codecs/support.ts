/** What decodes each codec, and what of it is refused, in words: the conformance statement prints them beside the transfer syntaxes. */
import type { Codec } from '../../dicom/index.ts';

export interface CodecSupport {
  readonly by: string;
  /** What ends as a reason; all of it, where nothing decodes the codec. */
  readonly note: string;
}

const IJG = 'sharp (8 bits), dcmjs-codecs (12 bits)';
const JPEG_NOTE = 'arithmetic coding, hierarchical processes';

export const CODEC_SUPPORT: Readonly<Record<Codec, CodecSupport>> = {
  native: { by: 'own code', note: '64-bit integers; 4:2:0' },
  'encapsulated-native': { by: 'own code', note: '64-bit integers; 4:2:0' },
  rle: { by: 'own code', note: '' },
  'jpeg-baseline': { by: IJG, note: JPEG_NOTE },
  'jpeg-extended': { by: IJG, note: JPEG_NOTE },
  'jpeg-lossless': { by: 'own code, dcmjs-codecs (several scans)', note: `${JPEG_NOTE}; subsampled colours` },
  'jpeg-ls': { by: 'codec-charls', note: '' },
  'jpeg-2000': { by: 'codec-openjpeg', note: 'above 16 bits; transforms across components by part 2' },
  htj2k: { by: 'codec-openjph', note: 'above 16 bits' },
  'jpeg-xl': { by: 'dcmjs-codecs', note: 'above 16 bits; floating point; extra channels; animations' },
  'deflated-frame': { by: 'own code', note: '' },
  mpeg: {
    by: '–',
    note: 'video: the bytes are kept, reason `video`; MP4, and H.264 in a transport stream, play in the link page',
  },
  none: { by: '–', note: 'reason `unsupported-transfer-syntax`' },
};
