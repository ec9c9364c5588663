import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IndexTable, openIndexTable } from '../../../shared/aws/index-table.ts';
import { type LocalAws, startLocalAws } from '../../helpers/local-aws.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  await aws.createTable('index', 'byKind');
});
afterAll(() => aws.close());

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}
describe.each<[string, () => IndexTable]>([
  ['in memory', memoryIndex],
  ['over the wire', () => openIndexTable('index')],
])('an index %s', (where, open) => {
  const study = where === 'in memory' ? '2.25.1' : '2.25.2';
  const rollUp = (completedAt: string, patientId = 'P', studyDate?: string) => ({
    completedAt,
    patientId,
    series: 1,
    instances: 2,
    bytes: 3,
    attributes: JSON.stringify(studyDate ? { '00080020': { vr: 'DA', Value: [studyDate] } } : {}),
  });

  it('keeps instances in the order of their UIDs, headers of any length whole', async () => {
    const index = open();
    // Random bytes do not compress: such a header goes over several rows.
    const { randomBytes } = await import('node:crypto');
    const long = JSON.stringify({ x: randomBytes(900_000).toString('base64') });
    const row = (instance: string, header: string, placeholder?: string) => ({
      uids: { study, series: '9', instance },
      header,
      bytes: 5,
      preview: { width: 1, height: 2, ...(placeholder ? { placeholder } : {}) },
    });
    const rows = [row('1.1', long), row('1.1.1', '{}', 'undecodable'), row('1.2', '{"ü":1}')];
    await index.putInstances([rows[2]!, rows[0]!]);
    await index.putInstances([rows[1]!, rows[0]!]);
    expect(await all(index.instances(study))).toEqual(rows);
    expect(await all(index.instances(`${study}1`))).toEqual([]);
  });

  it('completes the last change only', async () => {
    const index = open();
    const other = `${study}.7`;
    expect(await index.study(other)).toBeUndefined();
    expect(await index.complete(other, 't0', rollUp('2026'))).toBe(false);
    await index.markChanged(other, 't1', 'P');
    expect(await index.study(other)).toEqual({
      study: other,
      changeToken: 't1',
      patientId: 'P',
      ready: false,
      rollUp: undefined,
    });
    await index.markChanged(other, 't2', 'P');
    expect(await index.complete(other, 't1', rollUp('2026'))).toBe(false);
    expect(await index.complete(other, 't2', rollUp('2026'))).toBe(true);
    expect(await index.study(other)).toEqual({
      study: other,
      changeToken: 't2',
      patientId: 'P',
      ready: true,
      rollUp: rollUp('2026'),
    });
    await index.markChanged(other, 't3', 'P');
    expect(await index.study(other)).toMatchObject({ ready: false, rollUp: rollUp('2026') });
  });

  it('finds several studies at once, and complete ones by date and by patient', async () => {
    const index = open();
    for (const [number, date, patient] of [
      [1, '20310101', 'P1'],
      [2, '20330101', 'P1'],
      [3, '20320101', 'P2'],
      [4, undefined, 'P2'],
    ] as const) {
      await index.markChanged(`${study}.30${number}`, 't', patient);
      await index.complete(`${study}.30${number}`, 't', rollUp('2026', patient, date));
    }
    const wanted = Array.from({ length: 150 }, (_, number) => `${study}.30${number}`);
    expect((await index.studies(wanted)).map((row) => row.study).sort()).toEqual([
      `${study}.301`,
      `${study}.302`,
      `${study}.303`,
      `${study}.304`,
    ]);
    expect(await index.studies([])).toEqual([]);
    const named = (rows: readonly { study: string }[]) =>
      rows.map((row) => row.study.slice(study.length)).filter((number) => number.startsWith('.30'));
    expect(named(await all(index.completeStudies()))).toEqual(['.302', '.303', '.301', '.304']);
    expect(named(await all(index.completeStudies({ from: '20310102', to: '20320101' })))).toEqual(['.303']);
    expect(named(await all(index.completeStudies({ from: '20320101' })))).toEqual(['.302', '.303']);
    expect(named(await index.studiesOfPatient('P1'))).toEqual(['.301', '.302']);
    expect(await index.studiesOfPatient('P')).not.toContainEqual(
      expect.objectContaining({ patientId: 'P1' }),
    );
  });
});
