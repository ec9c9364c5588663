/** The study level of the information model as QIDO-RS answers it (PS3.18 Table 10.6.3-3), in DICOM JSON. */
import type { StudySummary } from '../../shared/contract/study-summary.ts';
import type { DicomJson } from '../../shared/dicom/index.ts';

/** Taken over from an instance of the study as they stand; empty ones are not there at all. */
const TAKEN_OVER = [
  '00080005', // Specific Character Set
  '00080020', // Study Date
  '00080030', // Study Time
  '00080050', // Accession Number
  '00080090', // Referring Physician's Name
  '00080201', // Timezone Offset From UTC
  '00081030', // Study Description
  '00100010', // Patient's Name
  '00100020', // Patient ID
  '00100030', // Patient's Birth Date
  '00100040', // Patient's Sex
  '0020000D', // Study Instance UID
  '00200010', // Study ID
] as const;

/** The attributes of a study; those of the patient and of the study come from `header`, that of its first instance. */
export function studyAttributes(header: DicomJson, summary: StudySummary): DicomJson {
  const attributes: DicomJson = {};
  for (const tag of TAKEN_OVER) {
    const element = header[tag];
    if (element?.Value?.length) attributes[tag] = element;
  }
  // A Modalities in Study without a value breaks the lists of viewers.
  if (summary.modalities.length > 0) attributes['00080061'] = { vr: 'CS', Value: [...summary.modalities] };
  attributes['00201206'] = { vr: 'IS', Value: [summary.series.length] };
  attributes['00201208'] = { vr: 'IS', Value: [summary.instances] };
  return attributes;
}
