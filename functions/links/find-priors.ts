/**
 * Earlier studies of the same pseudonymous patient: complete ones whose Study Date is that of the link's study or before it. Dates of
 * a patient are shifted by the same days, so that their order holds. A study without a date is no prior and has none, since nothing
 * shows that it was earlier.
 */
import type { IndexTable, StudyRollUp } from '../../shared/aws/index-table.ts';

/** What a link shows beside its study at most; default 50, the latest: a session's row names them all. */
export const MAXIMUM_PRIORS = 50;

/** The pseudonymous patient of a complete study. */
export async function patientOf(
  study: string,
  index: Pick<IndexTable, 'study'>,
): Promise<{ readonly patient: string } | 'incomplete' | undefined> {
  const row = await index.study(study);
  return row && (row.rollUp ? { patient: row.rollUp.patientId } : 'incomplete');
}

/** The priors of a study, the latest first. */
export async function priorsOf(
  study: string,
  index: Pick<IndexTable, 'study' | 'studiesOfPatient'>,
): Promise<string[]> {
  const { rollUp } = (await index.study(study)) ?? {};
  const date = rollUp && studyDate(rollUp);
  if (!rollUp || date === undefined) return [];
  return (await index.studiesOfPatient(rollUp.patientId))
    .flatMap((row) => {
      const before = row.rollUp && studyDate(row.rollUp);
      // The row of the patient may name a study that was corrected to be another's since.
      const isSame = row.rollUp?.patientId === rollUp.patientId;
      return row.study !== study && isSame && before !== undefined && before <= date
        ? [{ study: row.study, date: before }]
        : [];
    })
    .sort((a, b) => (a.date === b.date ? (a.study < b.study ? -1 : 1) : a.date < b.date ? 1 : -1))
    .slice(0, MAXIMUM_PRIORS)
    .map((prior) => prior.study);
}

function studyDate({ attributes }: StudyRollUp): string | undefined {
  const { '00080020': date } = JSON.parse(attributes) as { '00080020'?: { Value?: unknown[] } };
  const text = date?.Value?.[0];
  return typeof text === 'string' && /^\d{8}$/.test(text) ? text : undefined;
}
