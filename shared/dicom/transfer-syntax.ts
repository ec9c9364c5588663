/**
 * The transfer syntaxes, one table (PS3.5 10, PS3.6 A): how the data set is written and how frames are compressed. Those
 * that nothing here decodes are listed too, so that they end as a reason and not as a crash.
 */

/** How frames are compressed; 'native' is not at all, 'encapsulated-native' not at all but in fragments, 'none' is what no decoder is known for. */
export type Codec =
  | 'native'
  | 'encapsulated-native'
  | 'rle'
  | 'jpeg-baseline'
  | 'jpeg-extended'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k'
  | 'jpeg-xl'
  | 'deflated-frame'
  | 'mpeg'
  | 'none';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
  readonly deflated: boolean;
  readonly encapsulated: boolean;
  readonly codec: Codec;
}

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';

const BY_UID = new Map<string, TransferSyntax>();

function add(
  uid: string,
  name: string,
  codec: Codec,
  differs: Partial<Pick<TransferSyntax, 'explicitVr' | 'bigEndian' | 'deflated' | 'encapsulated'>> = {},
): void {
  const encapsulated = codec !== 'native';
  BY_UID.set(uid, {
    uid,
    name,
    explicitVr: true,
    bigEndian: false,
    deflated: false,
    encapsulated,
    codec,
    ...differs,
  });
}

add(IMPLICIT_VR_LITTLE_ENDIAN, 'Implicit VR Little Endian', 'native', { explicitVr: false });
add(EXPLICIT_VR_LITTLE_ENDIAN, 'Explicit VR Little Endian', 'native');
add(DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, 'Deflated Explicit VR Little Endian', 'native', { deflated: true });
add(EXPLICIT_VR_BIG_ENDIAN, 'Explicit VR Big Endian', 'native', { bigEndian: true });
add('1.2.840.10008.1.2.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'encapsulated-native');
add('1.2.840.10008.1.2.4.50', 'JPEG Baseline (Process 1)', 'jpeg-baseline');
add('1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 & 4)', 'jpeg-extended');
add('1.2.840.10008.1.2.4.52', 'JPEG Extended (Process 3 & 5)', 'none');
add('1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection, Non-Hierarchical (Process 6 & 8)', 'jpeg-extended');
add('1.2.840.10008.1.2.4.54', 'JPEG Spectral Selection, Non-Hierarchical (Process 7 & 9)', 'none');
add('1.2.840.10008.1.2.4.55', 'JPEG Full Progression, Non-Hierarchical (Process 10 & 12)', 'jpeg-extended');
add('1.2.840.10008.1.2.4.56', 'JPEG Full Progression, Non-Hierarchical (Process 11 & 13)', 'none');
add('1.2.840.10008.1.2.4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)', 'jpeg-lossless');
add('1.2.840.10008.1.2.4.58', 'JPEG Lossless, Non-Hierarchical (Process 15)', 'none');
add('1.2.840.10008.1.2.4.59', 'JPEG Extended, Hierarchical (Process 16 & 18)', 'none');
add('1.2.840.10008.1.2.4.60', 'JPEG Extended, Hierarchical (Process 17 & 19)', 'none');
add('1.2.840.10008.1.2.4.61', 'JPEG Spectral Selection, Hierarchical (Process 20 & 22)', 'none');
add('1.2.840.10008.1.2.4.62', 'JPEG Spectral Selection, Hierarchical (Process 21 & 23)', 'none');
add('1.2.840.10008.1.2.4.63', 'JPEG Full Progression, Hierarchical (Process 24 & 26)', 'none');
add('1.2.840.10008.1.2.4.64', 'JPEG Full Progression, Hierarchical (Process 25 & 27)', 'none');
add('1.2.840.10008.1.2.4.65', 'JPEG Lossless, Hierarchical (Process 28)', 'none');
add('1.2.840.10008.1.2.4.66', 'JPEG Lossless, Hierarchical (Process 29)', 'none');
add(
  '1.2.840.10008.1.2.4.70',
  'JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 SV 1)',
  'jpeg-lossless',
);
add('1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpeg-ls');
add('1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls');
add('1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless Only', 'jpeg-2000');
add('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000');
add('1.2.840.10008.1.2.4.92', 'JPEG 2000 Part 2 Multi-component Lossless Only', 'jpeg-2000');
add('1.2.840.10008.1.2.4.93', 'JPEG 2000 Part 2 Multi-component', 'jpeg-2000');
add('1.2.840.10008.1.2.4.94', 'JPIP Referenced', 'none', { encapsulated: false });
add('1.2.840.10008.1.2.4.95', 'JPIP Referenced Deflate', 'none', { encapsulated: false, deflated: true });
add('1.2.840.10008.1.2.4.100', 'MPEG2 Main Profile / Main Level', 'mpeg');
add('1.2.840.10008.1.2.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', 'mpeg');
add('1.2.840.10008.1.2.4.101', 'MPEG2 Main Profile / High Level', 'mpeg');
add('1.2.840.10008.1.2.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', 'mpeg');
add('1.2.840.10008.1.2.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', 'mpeg');
add('1.2.840.10008.1.2.4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1', 'mpeg');
add('1.2.840.10008.1.2.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'mpeg');
add(
  '1.2.840.10008.1.2.4.103.1',
  'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1',
  'mpeg',
);
add('1.2.840.10008.1.2.4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'mpeg');
add(
  '1.2.840.10008.1.2.4.104.1',
  'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video',
  'mpeg',
);
add('1.2.840.10008.1.2.4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'mpeg');
add(
  '1.2.840.10008.1.2.4.105.1',
  'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video',
  'mpeg',
);
add('1.2.840.10008.1.2.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'mpeg');
add('1.2.840.10008.1.2.4.106.1', 'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'mpeg');
add('1.2.840.10008.1.2.4.107', 'HEVC/H.265 Main Profile / Level 5.1', 'mpeg');
add('1.2.840.10008.1.2.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', 'mpeg');
add('1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', 'jpeg-xl');
add('1.2.840.10008.1.2.4.111', 'JPEG XL JPEG Recompression', 'jpeg-xl');
add('1.2.840.10008.1.2.4.112', 'JPEG XL', 'jpeg-xl');
add('1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless Only', 'htj2k');
add('1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 with RPCL Options Lossless Only', 'htj2k');
add('1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'htj2k');
add('1.2.840.10008.1.2.4.204', 'JPIP HTJ2K Referenced', 'none', { encapsulated: false });
add('1.2.840.10008.1.2.4.205', 'JPIP HTJ2K Referenced Deflate', 'none', {
  encapsulated: false,
  deflated: true,
});
add('1.2.840.10008.1.2.5', 'RLE Lossless', 'rle');
add('1.2.840.10008.1.2.7.1', 'SMPTE ST 2110-20 Uncompressed Progressive Active Video', 'none', {
  encapsulated: false,
});
add('1.2.840.10008.1.2.7.2', 'SMPTE ST 2110-20 Uncompressed Interlaced Active Video', 'none', {
  encapsulated: false,
});
add('1.2.840.10008.1.2.7.3', 'SMPTE ST 2110-30 PCM Digital Audio', 'none', { encapsulated: false });
add('1.2.840.10008.1.2.8.1', 'Deflated Image Frame Compression', 'deflated-frame');
add('1.2.840.113619.5.2', 'Implicit VR Big Endian DLX (G.E. private)', 'none', {
  explicitVr: false,
  encapsulated: false,
});

/** The transfer syntax of the UID, known to the standard; undefined where the table has none. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return BY_UID.get(uid);
}

/** All that are known, in the order of the table. */
export function transferSyntaxes(): TransferSyntax[] {
  return [...BY_UID.values()];
}
