/**
 * Writes the rows of instances and marks their studies as changed. The order is what makes it safe: rows first, then the mark
 * that a completion compares, then the end of the items, then the message that announces the change.
 */
import type { IndexedInstance, IndexTable } from '../../shared/aws/index-table.ts';
import type { EndedItem } from '../../shared/aws/ledger.ts';
import type { InstancePreviewed, ObjectPointer, StudyChanged } from '../../shared/contract/messages.ts';
import {
  type ByteSource,
  type DataSet,
  modalityOf,
  readPart10From,
  toDicomJson,
} from '../../shared/dicom/index.ts';
import { bulkDataReference } from '../../shared/dicomweb/bulk-data.ts';
import { settleInParallel } from '../../shared/runtime/in-parallel.ts';
import type { Settled, StepContext } from '../../shared/runtime/queue-step.ts';

export interface IndexPorts {
  source(object: ObjectPointer, size: number): ByteSource;
  readonly index: Pick<IndexTable, 'putInstances' | 'markChanged'>;
  end(ends: readonly EndedItem[]): Promise<void>;
  newToken(): string;
}

/** How many headers are read at once; each may be tens of megabytes, though few are more than ten kilobytes. */
const WIDTH = 4;

/** The change of its study that each instance was part of; the instances of one study share one change. */
export async function indexInstances(
  messages: readonly InstancePreviewed[],
  ports: IndexPorts,
  { run }: Pick<StepContext, 'run'>,
): Promise<Settled<readonly StudyChanged[]>> {
  const read = await settleInParallel(messages, WIDTH, (message) => readRow(message, ports));
  const rows = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (rows.length > 0) await ports.index.putInstances(rows.map(({ row }) => row));

  const studies = [...new Map(rows.map(({ row, patientId }) => [row.uids.study, patientId]))];
  const marked = await settleInParallel(studies, WIDTH, async ([study, patientId]) => {
    const change: StudyChanged = { study, changeToken: ports.newToken() };
    await ports.index.markChanged(study, change.changeToken, patientId);
    return change;
  });
  const changes = new Map(studies.map(([study], index) => [study, marked[index]]));
  await ports.end(
    messages.flatMap(({ item, instance }, index) => {
      const own = read[index];
      if (own?.status !== 'fulfilled' || changes.get(instance.study)?.status !== 'fulfilled') return [];
      return [{ item, run, end: { state: 'indexed', instance, ...modalityOf(own.value.dataSet) } }];
    }),
  );

  return messages.map((message, index) => {
    const own = read[index];
    const change = changes.get(message.instance.study);
    if (own?.status === 'rejected') return own;
    if (change?.status !== 'fulfilled')
      return change ?? { status: 'rejected', reason: new Error('no change') };
    return { status: 'fulfilled', value: [change.value] };
  });
}

async function readRow(
  { instance, object, size, crc32, preview: { width, height, placeholder } }: InstancePreviewed,
  ports: IndexPorts,
): Promise<{ row: IndexedInstance; patientId: string; dataSet: DataSet }> {
  const { dataSet, transferSyntax } = await readPart10From(ports.source(object, size));
  return {
    row: {
      uids: instance,
      header: JSON.stringify(
        toDicomJson(dataSet, { bulkDataUri: (path) => bulkDataReference(instance, path) }),
      ),
      bytes: size,
      ...(crc32 === undefined ? {} : { crc32 }),
      transferSyntaxUid: transferSyntax.uid,
      preview: { width, height, ...(placeholder === undefined ? {} : { placeholder }) },
    },
    patientId: dataSet.strings(PATIENT_ID)[0] ?? '',
    dataSet,
  };
}

const PATIENT_ID = 0x00100020;
