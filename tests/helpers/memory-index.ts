/** An index in memory. */
import type { IndexedInstance, IndexTable, StudyRollUp, StudyRow } from '../../shared/aws/index-table.ts';

export function memoryIndex(): IndexTable {
  const instances = new Map<string, IndexedInstance>();
  const changes = new Map<string, { changeToken: string; patientId: string }>();
  const completions = new Map<string, { token: string; rollUp: StudyRollUp }>();
  const rowOf = (study: string): StudyRow | undefined => {
    const change = changes.get(study);
    const completion = completions.get(study);
    return (
      change && {
        study,
        ...change,
        ready: completion?.token === change.changeToken,
        rollUp: completion?.rollUp,
      }
    );
  };
  const isRow = (row: StudyRow | undefined): row is StudyRow => row !== undefined;
  return {
    putInstances: async (rows) => {
      for (const row of rows) instances.set(`${row.uids.study}#${row.uids.series}#${row.uids.instance}`, row);
    },
    markChanged: async (study, changeToken, patientId) => void changes.set(study, { changeToken, patientId }),
    study: async (study) => rowOf(study),
    studies: async (studies) => studies.map(rowOf).filter(isRow),
    instances: async function* (study) {
      for (const [, row] of [...instances]
        .filter(([key]) => key.startsWith(`${study}#`))
        .sort(([a], [b]) => (a < b ? -1 : 1)))
        yield row;
    },
    complete: async (study, changeToken, rollUp) => {
      if (changes.get(study)?.changeToken !== changeToken) return false;
      completions.set(study, { token: changeToken, rollUp });
      return true;
    },
    completeStudies: async function* ({ from = '', to = '99999999' } = {}) {
      const placeOf = (row: StudyRow) => {
        const date = JSON.parse(row.rollUp!.attributes)['00080020']?.Value?.[0] ?? '';
        return { date, place: `${date}#${row.study}` };
      };
      const rows = [...completions.keys()].map(rowOf).filter(isRow);
      yield* rows
        .filter((row) => placeOf(row).date >= from && placeOf(row).date <= to)
        .sort((a, b) => (placeOf(a).place < placeOf(b).place ? 1 : -1));
    },
    studiesOfPatient: async (patientId) =>
      [...changes.keys()]
        .map(rowOf)
        .filter(isRow)
        .filter(({ rollUp }) => rollUp?.patientId === patientId)
        .sort((a, b) => (a.study < b.study ? -1 : 1)),
  };
}
