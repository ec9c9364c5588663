import { describe, expect, it } from 'vitest';
import { type IndexPorts, indexInstances } from '../../../functions/index-instance/index-instances.ts';
import { objectSource } from '../../../shared/aws/object-store.ts';
import { InstancePreviewed, type StudyChanged } from '../../../shared/contract/messages.ts';
import { instanceKey } from '../../../shared/contract/names.ts';
import { oneMessage } from '../../../shared/runtime/message-body.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { queueBatchStep } from '../../../shared/runtime/queue-step.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { failures, lambdaContext, sqsEvent } from '../../helpers/lambda.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';
import { memoryLedger } from '../../helpers/memory-ledger.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { recorder } from '../../helpers/recorder.ts';

/** `index-instance` over memory; what it wrote is kept in order. */
function indexing(
  ports: (given: IndexPorts) => Partial<IndexPorts> = () => ({}),
  failing: (change: StudyChanged) => boolean = () => false,
) {
  const library = memoryStore('library');
  const index = memoryIndex();
  const ledger = memoryLedger();
  const record = recorder<StudyChanged>(failing);
  const order: string[] = [];
  const noted = <Value>(what: string, done: Promise<Value>): Promise<Value> => {
    order.push(what);
    return done;
  };
  const given: IndexPorts = {
    source: (object, size) => objectSource(library, object, size),
    index: {
      putInstances: (rows) => noted('rows', index.putInstances(rows)),
      markChanged: (...rest) => noted('mark', index.markChanged(...rest)),
    },
    end: (ends) => noted('ledger', ledger.end(ends)),
    newToken: newOpaqueId,
  };
  const all = { ...given, ...ports(given) };
  const handler = queueBatchStep({
    schema: oneMessage(InstancePreviewed),
    itemOf: ({ item }) => item,
    runBatch: (messages, context) => indexInstances(messages, all, context),
    ...record.ports,
    publish: (changes) => noted('message', record.ports.publish(changes)),
  });
  return {
    index,
    ledger,
    record,
    order,
    async message(study: string, number: number): Promise<InstancePreviewed> {
      const instance = { study, series: `${study}.1`, instance: `${study}.1.${number}` };
      const key = instanceKey(instance);
      const bytes = makeInstance({ ...instance, number, patientId: 'P1', patientName: 'P1' });
      const written = await library.put(key, bytes);
      const versionId = written.written ? written.versionId : '';
      return {
        item: { upload: newOpaqueId(), item: newOpaqueId() },
        instance,
        object: { bucket: 'library', key, versionId },
        size: bytes.length,
        preview: { width: 8, height: 8, ...(number === 2 ? { placeholder: 'undecodable' } : {}) },
      };
    },
    handle: (...messages: readonly object[]) => handler(sqsEvent(messages), lambdaContext),
  };
}

describe('index-instance', () => {
  it('writes rows, then the mark, then the end of the items, then the message', async () => {
    const { message, handle, order, record, index, ledger } = indexing();
    const one = await message('2.25.1', 1);
    expect(failures(await handle(one))).toEqual([]);
    expect(order).toEqual(['rows', 'mark', 'ledger', 'message']);
    expect(await index.study('2.25.1')).toMatchObject({
      ready: false,
      patientId: 'P1',
      changeToken: record.sent[0]?.changeToken,
    });
    const { instance } = one;
    expect(ledger.ends.get(one.item.item)?.end).toEqual({ state: 'indexed', instance, modality: 'MR' });
  });

  it('keeps header, size and preview of each instance, and no pixels', async () => {
    const { message, handle, index } = indexing();
    await handle(await message('2.25.1', 1), await message('2.25.1', 2));
    const rows = [];
    for await (const row of index.instances('2.25.1')) rows.push(row);
    expect(rows.map(({ preview }) => preview)).toEqual([
      { width: 8, height: 8 },
      { width: 8, height: 8, placeholder: 'undecodable' },
    ]);
    const header = JSON.parse(rows[0]!.header);
    expect(header['0020000D']).toEqual({ vr: 'UI', Value: ['2.25.1'] });
    expect(header).not.toHaveProperty('7FE00010.InlineBinary');
  });

  it('announces one change for each study of a batch', async () => {
    const { message, handle, record } = indexing();
    await handle(await message('2.25.1', 1), await message('2.25.9', 1), await message('2.25.1', 2));
    expect(record.sent.map(({ study }) => study)).toEqual(['2.25.1', '2.25.9']);
  });

  it('gives back the records of the study whose change could not be announced, and only those', async () => {
    const { message, handle } = indexing(undefined, ({ study }) => study === '2.25.1');
    const batch = [await message('2.25.1', 1), await message('2.25.9', 1), await message('2.25.1', 2)];
    expect(failures(await handle(...batch))).toEqual(['m0', 'm2']);
  });

  it('gives back the records of the study that could not be marked, and ends none of their items', async () => {
    const { message, handle, ledger, record } = indexing(({ index }) => ({
      index: {
        ...index,
        markChanged: async (study, ...rest) => {
          if (study === '2.25.1') throw new Error('throttled');
          return index.markChanged(study, ...rest);
        },
      },
    }));
    const batch = [await message('2.25.1', 1), await message('2.25.9', 1)];
    expect(failures(await handle(...batch))).toEqual(['m0']);
    expect([...ledger.ends.keys()]).toEqual([batch[1]!.item.item]);
    expect(record.sent.map(({ study }) => study)).toEqual(['2.25.9']);
  });

  it('indexes the others when one object is gone', async () => {
    const { message, handle, ledger } = indexing();
    const gone = await message('2.25.1', 1);
    const good = await message('2.25.1', 2);
    const response = await handle({ ...gone, object: { ...gone.object, versionId: 'v99' } }, good);
    expect(failures(response)).toEqual(['m0']);
    expect([...ledger.ends.keys()]).toEqual([good.item.item]);
  });

  it('comes to the same rows and a new mark when a record is delivered twice', async () => {
    const { message, handle, record, index } = indexing();
    const one = await message('2.25.1', 1);
    await handle(one);
    await handle(one);
    const rows = [];
    for await (const row of index.instances('2.25.1')) rows.push(row);
    expect(rows).toHaveLength(1);
    expect(new Set(record.sent.map(({ changeToken }) => changeToken)).size).toBe(2);
    expect((await index.study('2.25.1'))?.changeToken).toBe(record.sent[1]?.changeToken);
  });
});
