/** Ages under Retain Patient Characteristics: few people are older than 89, so that a higher age would single one out. */
import { elementText } from '../../dicom/index.ts';
import { isEmpty, KEPT, type Outcome, type Target } from './outcome.ts';

const AGE = /^\d{3}[DWMY]$/;
const HIGHEST_YEARS = 89;

/** The age, at most 089Y, which then stands for 89 and older; undefined for what is no Age String (PS3.5 6.2). */
export function capAge({ element, characterSet }: Target): Outcome | undefined {
  if (isEmpty(element)) return KEPT;
  const ages = elementText(element, characterSet)
    .split('\\')
    .map((age) => age.trim());
  if (!ages.every((age) => AGE.test(age))) return undefined;
  const capped = ages.map((age) =>
    age.endsWith('Y') && Number(age.slice(0, 3)) > HIGHEST_YEARS ? `0${HIGHEST_YEARS}Y` : age,
  );
  if (capped.every((age, index) => age === ages[index])) return KEPT;
  return { edit: { kind: 'replace', value: Buffer.from(capped.join('\\'), 'latin1') } };
}
