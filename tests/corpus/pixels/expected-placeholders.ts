/**
 * The instances of the corpus that show a placeholder, with its reason; each other one shows its image. JPEG lossless, JPEG
 * of 12 bits, HTJ2K and JPEG XL have no decoder in the table of shared/pixels/decode.ts.
 */
import type { PlaceholderReason } from '../../../shared/pixels/preview.ts';

export const EXPECTED_PLACEHOLDERS: Readonly<Record<string, PlaceholderReason>> = {
  '01-transfer-syntax/colour-family/TestPattern_JPEG-Lossless_RGB.dcm': 'unsupported-transfer-syntax',
  '01-transfer-syntax/ct-family/CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm':
    'unsupported-transfer-syntax',
  '01-transfer-syntax/ct-family/CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm':
    'unsupported-transfer-syntax',
  '01-transfer-syntax/ct-family/CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm':
    'unsupported-transfer-syntax',
  '01-transfer-syntax/ct-family/CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm':
    'unsupported-transfer-syntax',
  '01-transfer-syntax/fragments-bot/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm':
    'unsupported-transfer-syntax',
  '01-transfer-syntax/new/HTJ2KLossless_08_RGB.dcm': 'unsupported-transfer-syntax',
  '01-transfer-syntax/new/HTJ2K_08_RGB.dcm': 'unsupported-transfer-syntax',
  '01-transfer-syntax/new/will-jxl.dcm': 'unsupported-transfer-syntax',
  '01-transfer-syntax/small/JPEG-lossy.dcm': 'unsupported-transfer-syntax',
  '01-transfer-syntax/small/JPGExtended.dcm': 'unsupported-transfer-syntax',
  '03-modality/GH133.dcm': 'unsupported-transfer-syntax',
  '03-modality/GH184.dcm': 'unsupported-transfer-syntax',
  '03-modality/NeurosurgeryPlan.dcm': 'no-image',
  '03-modality/OutOfBoundsOverlay.dcm': 'unsupported-transfer-syntax',
  '03-modality/hotiron.dcm': 'no-image',
  '03-modality/pdf.dcm': 'no-image',
  '03-modality/prLUTs.dcm': 'no-image',
  '03-modality/prOverlay.dcm': 'no-image',
  '03-modality/report_dfl': 'no-image',
  '03-modality/rt.dcm': 'no-image',
  '03-modality/rtplan.dcm': 'no-image',
  '03-modality/sample-op.dcm': 'unsupported-transfer-syntax',
  '03-modality/sample-sr.dcm': 'no-image',
  '03-modality/sm_annotations.dcm': 'no-image',
  '03-modality/sr_document.dcm': 'no-image',
  '03-modality/test-SR.dcm': 'no-image',
  '03-modality/waveform_ecg.dcm': 'no-image',
  '04-charset/chrJapMulti.dcm': 'pixel-data-missing',
  '04-charset/chrKoreanMulti.dcm': 'pixel-data-missing',
  '04-charset/chrSQEncoding.dcm': 'no-image',
  '04-charset/chrSQEncoding1.dcm': 'no-image',
  '05-burned-in-phi/0_ORIGINAL_no_pixels.dcm': 'pixel-data-missing',
  '06-no-preamble/ExplVR_BigEndNoMeta.dcm': 'no-image',
  '06-no-preamble/ExplVR_LitEndNoMeta.dcm': 'no-image',
  '06-no-preamble/rtstruct.dcm': 'no-image',
  '07-malformed/GH1146.dcm': 'pixel-data-mismatch',
  '07-malformed/GH220.dcm': 'no-image',
  '07-malformed/Issue1097_FailToOpenDeflatedFileWithSQ.dcm': 'no-image',
  '07-malformed/JPEG2000-embedded-sequence-delimiter.dcm': 'pixel-data-mismatch',
  '07-malformed/UN_sequence.dcm': 'no-image',
  '07-malformed/bad_sequence.dcm': 'unsupported-transfer-syntax',
  '07-malformed/empty_charset_LEI.dcm': 'no-image',
  '07-malformed/meta_missing_tsyntax.dcm': 'pixel-data-mismatch',
  '07-malformed/no-meta-length-test.dcm': 'no-image',
  '07-malformed/no_meta_group_length.dcm': 'no-image',
  '07-malformed/no_preamble_dicm_in_data': 'no-image',
  '11-dicomdir/fo-dicom/DICOMDIR': 'no-image',
  '11-dicomdir/pydicom/DICOMDIR': 'no-image',
  '11-dicomdir/pydicom/DICOMDIR-bigEnd': 'no-image',
  '11-dicomdir/pydicom/DICOMDIR-nopatient': 'no-image',
};
