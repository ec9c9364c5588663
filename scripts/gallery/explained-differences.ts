/** Files of the public corpus whose picture differs from dcmtk's by more than the bound, or of which dcmtk gives none, and why. */

export const LEAST_SIMILARITY = 0.98;
/** Mean difference of 8-bit samples. */
export const GREATEST_DIFFERENCE = 1.5;

const COLOURED =
  'the values from 1024 on are colours by the supplemental palette, which dcmtk shows as greys';
const ROUNDED_DOWN =
  'dcmtk rounds greys down, which on a frame of nearly black ones is a tenth of their structure';

export const EXPLAINED_DIFFERENCES: Readonly<Record<string, string>> = {
  '01-transfer-syntax/fragments-bot/CT0012.explicit_little_endian.dcm': COLOURED,
  '01-transfer-syntax/fragments-bot/CT0012.not_fragmented_bot_rle.dcm': COLOURED,
  '01-transfer-syntax/fragments-bot/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm':
    'dcmtk does not put fragments together without a table',
  '01-transfer-syntax/fragments-bot/CT0012.fragmented_no_bot_jpeg_ls.80.dcm':
    'GDCM does not put fragments together without a table',
  '01-transfer-syntax/new/HTJ2KLossless_08_RGB.dcm': 'dcmtk and GDCM do not know High-Throughput JPEG 2000',
  '01-transfer-syntax/new/HTJ2K_08_RGB.dcm': 'dcmtk and GDCM do not know High-Throughput JPEG 2000',
  '01-transfer-syntax/new/liver_deflate.dcm': 'dcmtk does not know Deflated Image Frame Compression',
  '01-transfer-syntax/new/will-jxl.dcm': 'dcmtk and GDCM do not know JPEG XL',
  '01-transfer-syntax/small/JPEG-lossy.dcm': ROUNDED_DOWN,
  '01-transfer-syntax/small/JPGExtended.dcm': ROUNDED_DOWN,
  '03-modality/NM-MONO2-16-13x-heart': ROUNDED_DOWN,
  '03-modality/SC_rgb_32bit.dcm': 'dcmtk refuses 32 bits of colour',
  '03-modality/gdcm-US-ALOKA-16.dcm': 'dcmtk does not know segmented palettes',
  '03-modality/liver.dcm': 'dcmtk shows a bit that is set as mid-grey',
  '03-modality/parametric_map_double_float.dcm': 'dcmtk does not show Double Float Pixel Data',
  '03-modality/parametric_map_float.dcm': 'dcmtk does not show Float Pixel Data',
};
