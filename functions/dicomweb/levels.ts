/** Rolls the metadata of a study up to the series and instance levels of QIDO-RS (PS3.18 Tables 10.6.3-4 and 10.6.3-5). */
import type { DicomJson } from '../../shared/dicom/index.ts';

const SERIES_INSTANCE_UID = '0020000E';

const OF_SERIES = [
  '00080005', // Specific Character Set
  '00080060', // Modality
  '00080201', // Timezone Offset From UTC
  '0008103E', // Series Description
  '0020000D', // Study Instance UID
  '0020000E', // Series Instance UID
  '00200011', // Series Number
  '00400244', // Performed Procedure Step Start Date
  '00400245', // Performed Procedure Step Start Time
] as const;

const OF_INSTANCE = [
  '00080005', // Specific Character Set
  '00080016', // SOP Class UID
  '00080018', // SOP Instance UID
  '00080201', // Timezone Offset From UTC
  '0020000D', // Study Instance UID
  '0020000E', // Series Instance UID
  '00200013', // Instance Number
  '00280008', // Number of Frames
  '00280010', // Rows
  '00280011', // Columns
  '00280100', // Bits Allocated
] as const;

/** One row for each series. */
export function seriesRows(instances: readonly DicomJson[]): DicomJson[] {
  const series = new Map<unknown, { first: DicomJson; count: number }>();
  for (const instance of instances) {
    const uid = instance[SERIES_INSTANCE_UID]?.Value?.[0];
    const known = series.get(uid);
    if (known) known.count++;
    else series.set(uid, { first: instance, count: 1 });
  }
  return [...series.values()].map(({ first, count }) => ({
    ...pick(first, OF_SERIES),
    '00201209': { vr: 'IS', Value: [count] },
  }));
}

/** One row for each instance. */
export function instanceRows(instances: readonly DicomJson[]): DicomJson[] {
  return instances.map((instance) => pick(instance, OF_INSTANCE));
}

/** Those of the tags that have a value. */
function pick(attributes: DicomJson, tags: readonly string[]): DicomJson {
  const picked: DicomJson = {};
  for (const tag of tags) {
    const element = attributes[tag];
    if (element?.Value?.length) picked[tag] = element;
  }
  return picked;
}
