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
    completeStudies: async function* () {
      const rows = [...completions.keys()].map(rowOf).filter(isRow);
      yield* rows.sort((a, b) => (a.rollUp!.completedAt < b.rollUp!.completedAt ? 1 : -1));
    },
  };
}
