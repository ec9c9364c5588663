/** The modality of an instance, as counts are kept by it: only what is a code string by its form (PS3.5 6.2) is one. */
import type { DataSet } from './data-set.ts';

const MODALITY = 0x00080060;
const CODE_STRING = /^[A-Z0-9_ ]{1,16}$/;

/** Modality (0008,0060) as an attribute to spread; none where it is absent or no code string. */
export function modalityOf(dataSet: DataSet): { modality?: string } {
  const modality = dataSet.strings(MODALITY)[0] ?? '';
  return CODE_STRING.test(modality) ? { modality } : {};
}
