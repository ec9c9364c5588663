/** The pseudonym that takes the place of Patient's Name (0010,0010) and Patient ID (0010,0020), wherever they stand. */
import type { Tag } from '../../dicom/index.ts';
import type { ActionContext, Outcome, Target } from './outcome.ts';

export const PATIENT_NAME: Tag = 0x00100010;
export const PATIENT_ID: Tag = 0x00100020;

/** The replacement of the two attributes that name the patient; undefined for any other attribute. */
export function patientPseudonym({ element, dataSet }: Target, context: ActionContext): Outcome | undefined {
  if (element.tag !== PATIENT_NAME && element.tag !== PATIENT_ID) return undefined;
  if (element.items !== undefined) return { edit: { kind: 'remove' } };
  const patient = context.patientOf(dataSet);
  return {
    edit: {
      kind: 'replace',
      value: Buffer.from(element.tag === PATIENT_ID ? patient.id : patient.name, 'latin1'),
    },
  };
}
