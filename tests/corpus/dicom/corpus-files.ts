/** The public files beside the project, and what is expected of those that are not plain DICOM. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Anomaly } from '../../../shared/dicom/index.ts';
import type { Reason } from '../../../shared/errors.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));

export const HAS_CORPUS = existsSync(CORPUS);
export const WITHOUT_CORPUS = '(skipped where ../shared/corpus is not there)';

/** All files, by path within the corpus. */
export const FILES: readonly string[] = HAS_CORPUS
  ? readdirSync(CORPUS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(CORPUS.length).replace(/^\//, ''))
      .sort()
  : [];

export function readCorpusFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(`${CORPUS}/${path}`));
}

/** Each file that is refused, and why. */
export const REFUSED: Readonly<Record<string, Reason>> = {
  'MANIFEST.csv': 'not-dicom',
  'README.md': 'not-dicom',
  '05-burned-in-phi/GREYSCALE_CINE.zip': 'not-dicom',
  '12-archive/mr-t1-384-slices.zip': 'not-dicom',
  '07-malformed/zipMR.gz': 'not-dicom',
  // A stray byte stands before the first element.
  '06-no-preamble/no_meta.dcm': 'not-dicom',
  // The header of a sequence is missing before its first item.
  '05-burned-in-phi/GH364.dcm': 'malformed',
  '07-malformed/3gb-bulk-data-truncated': 'truncated',
  '07-malformed/MR_truncated.dcm': 'truncated',
  '07-malformed/emri_small_jpeg_2k_lossless_too_short.dcm': 'truncated',
  '07-malformed/rtplan_truncated.dcm': 'truncated',
  // The last directory record announces more than the file holds.
  '11-dicomdir/pydicom/DICOMDIR-nooffset': 'truncated',
};

const NOTHING_BUT_DATA: readonly Anomaly[] = ['no-preamble', 'no-file-meta', 'no-transfer-syntax'];

/** Each file that is read in spite of something. */
export const ANOMALIES: Readonly<Record<string, readonly Anomaly[]>> = {
  '03-modality/dx_image.dcm': ['odd-length'],
  '06-no-preamble/CR-MONO1-10-chest': NOTHING_BUT_DATA,
  '06-no-preamble/ExplVR_BigEndNoMeta.dcm': NOTHING_BUT_DATA,
  '06-no-preamble/ExplVR_LitEndNoMeta.dcm': NOTHING_BUT_DATA,
  '06-no-preamble/GH340.dcm': NOTHING_BUT_DATA,
  '06-no-preamble/JLSL_RGB_ILV1.dcm': ['no-preamble'],
  '06-no-preamble/OT-PAL-8-face.dcm': NOTHING_BUT_DATA,
  '06-no-preamble/rtstruct.dcm': NOTHING_BUT_DATA,
  '07-malformed/meta_missing_tsyntax.dcm': ['no-transfer-syntax', 'odd-length'],
  '07-malformed/no_preamble_dicm_in_data': NOTHING_BUT_DATA,
};

/** The files that are read. */
export const ACCEPTED = FILES.filter((path) => REFUSED[path] === undefined);
