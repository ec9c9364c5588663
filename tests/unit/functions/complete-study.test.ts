import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type CompletePorts, completeStudy } from '../../../functions/complete-study/complete-study.ts';
import {
  CONTACT_SHEET_PICTURES,
  chooseForContactSheet,
} from '../../../functions/complete-study/contact-sheet.ts';
import { factsOf } from '../../../functions/complete-study/instance-facts.ts';
import { summarizeStudy } from '../../../functions/complete-study/summarize-study.ts';
import type { StudyReady } from '../../../shared/aws/event-bus.ts';
import type { IndexedInstance } from '../../../shared/aws/index-table.ts';
import { putPieces } from '../../../shared/aws/put-pieces.ts';
import {
  contactSheetKey,
  previewKey,
  studyMetadataKey,
  studySummaryKey,
} from '../../../shared/contract/names.ts';
import type { StudySummary } from '../../../shared/contract/study-summary.ts';
import { type DicomJson, readPart10, toDicomJson } from '../../../shared/dicom/index.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { lambdaContext } from '../../helpers/lambda.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const STUDY = '2.25.1';
const context = { run: lambdaContext.awsRequestId };

function row(number: number, series = '2.25.1.1'): IndexedInstance {
  const uids = { study: STUDY, series, instance: `${series}.${number}` };
  const { dataSet } = readPart10(makeInstance({ ...uids, number, patientId: 'P1', patientName: 'P1' }));
  return { uids, header: JSON.stringify(toDicomJson(dataSet)), bytes: 100, preview: { width: 8, height: 8 } };
}

function completing() {
  const library = memoryStore('library');
  const index = memoryIndex();
  const events: StudyReady[] = [];
  const ports: CompletePorts = {
    index,
    head: (key) => library.head({ key }),
    put: (...given) => library.put(...given),
    putPieces: (key, pieces, options) => putPieces(library, key, pieces, options),
    readPreview: async (key) => (await library.read({ key })).bytes,
    composeContactSheet: async (previews) => Buffer.concat(previews),
    composeSprite: async (previews) => Buffer.concat(previews),
    layout: (count) => ({ tile: 128, columns: count, rows: 1 }),
    announce: async (event) => void events.push(event),
    now: () => new Date('2026-01-02T03:04:05Z'),
  };
  return {
    library,
    index,
    events,
    ports,
    async add(token: string, ...rows: readonly IndexedInstance[]) {
      for (const { uids } of rows) await library.put(previewKey(uids), Buffer.from(`${uids.instance};`));
      await index.putInstances(rows);
      await index.markChanged(STUDY, token, 'P1');
    },
    complete: (changeToken: string, over: Partial<CompletePorts> = {}) =>
      completeStudy({ study: STUDY, changeToken }, { ...ports, ...over }, context),
    metadata: () =>
      JSON.parse(gunzipSync(library.objects.get(studyMetadataKey(STUDY))!.bytes).toString()) as DicomJson[],
    summary: () =>
      JSON.parse(gunzipSync(library.objects.get(studySummaryKey(STUDY))!.bytes).toString()) as StudySummary,
  };
}

describe('complete-study', () => {
  it('writes metadata, summary and contact sheet, completes the row and announces the study last', async () => {
    const { add, complete, metadata, summary, library, index, events } = completing();
    await add('t1', row(2), row(1), row(7, '2.25.1.2'));
    await complete('t1');
    expect(metadata().map((header) => header['00080018']?.Value)).toEqual([
      ['2.25.1.1.1'],
      ['2.25.1.1.2'],
      ['2.25.1.2.7'],
    ]);
    expect(summary()).toMatchObject({
      studyInstanceUid: STUDY,
      patientId: 'P1',
      modalities: ['MR'],
      instances: 3,
      bytes: 300,
      series: [
        {
          seriesInstanceUid: '2.25.1.1',
          instances: [{ instanceNumber: 1, rows: 8, frames: 1 }, { instanceNumber: 2 }],
        },
        { seriesInstanceUid: '2.25.1.2' },
      ],
    });
    expect(Buffer.from(library.objects.get(contactSheetKey(STUDY))!.bytes).toString()).toBe(
      '2.25.1.1.1;2.25.1.2.7;',
    );
    expect(await index.study(STUDY)).toMatchObject({
      ready: true,
      rollUp: { series: 2, instances: 3, bytes: 300 },
    });
    expect(events).toEqual([{ study: STUDY, changeToken: 't1', series: 2, instances: 3 }]);
  });

  it('does nothing for a change that is not the last one', async () => {
    const { add, complete, library, events } = completing();
    await add('t1', row(1));
    await add('t2', row(2));
    await complete('t1');
    expect([...library.objects.keys()].some((key) => key.includes('metadata'))).toBe(false);
    expect(events).toEqual([]);
  });

  it('does nothing for a study that nobody knows', async () => {
    const { complete, events } = completing();
    await complete('t1');
    expect(events).toEqual([]);
  });

  it('opens the study again for a late instance', async () => {
    const { add, complete, summary, index, events } = completing();
    await add('t1', row(1));
    await complete('t1');
    await add('t2', row(2));
    expect((await index.study(STUDY))?.ready).toBe(false);
    await complete('t2');
    expect(summary().instances).toBe(2);
    expect(events.map(({ instances }) => instances)).toEqual([1, 2]);
  });

  it('comes to the same end when the message is delivered twice', async () => {
    const { add, complete, summary, index } = completing();
    await add('t1', row(1));
    await complete('t1');
    await complete('t1');
    expect(summary().instances).toBe(1);
    expect((await index.study(STUDY))?.ready).toBe(true);
  });

  it('does not announce a change that came while it ran, and leaves the row to it', async () => {
    const { add, complete, index, events, ports } = completing();
    await add('t1', row(1));
    await complete('t1', {
      composeContactSheet: async () => {
        await add('t2', row(2));
        return ports.composeContactSheet([]);
      },
    });
    expect(events).toEqual([]);
    expect(await index.study(STUDY)).toMatchObject({ ready: false, rollUp: undefined });
    await complete('t2');
    expect(events.map(({ instances }) => instances)).toEqual([2]);
  });

  it('never lets a slow completion put old contents over those of a later one', async () => {
    const { add, complete, summary, metadata, ports, index } = completing();
    await add('t1', row(1));
    // The slow one has read its rows when a later change comes and is completed.
    const slow = complete('t1', {
      putPieces: async (key, pieces, options) => {
        const held: Uint8Array[] = [];
        for await (const piece of pieces) held.push(piece);
        await add('t2', row(2));
        await complete('t2');
        return ports.put(key, Buffer.concat(held), options);
      },
    });
    await expect(slow).rejects.toThrow('at once');
    expect([metadata().length, summary().instances]).toEqual([2, 2]);
    expect((await index.study(STUDY))?.ready).toBe(true);
    // Delivered again, it sees that it is not needed.
    await complete('t1');
    expect(summary().instances).toBe(2);
  });

  it('fails, to be delivered again, when rows cannot be read to their end', async () => {
    const { add, complete, library } = completing();
    await add('t1', row(1));
    const broken: CompletePorts['index'] = {
      ...memoryIndex(),
      study: async () => ({
        study: STUDY,
        changeToken: 't1',
        patientId: '',
        ready: false,
        rollUp: undefined,
      }),
      instances: async function* () {
        yield row(1);
        throw new Error('throttled');
      },
    };
    await expect(complete('t1', { index: broken })).rejects.toThrow('throttled');
    expect(library.objects.has(studyMetadataKey(STUDY))).toBe(false);
  });
});

describe('the order of a study', () => {
  const facts = (
    number: number | null,
    z: number,
    series = '2.25.1.1',
    seriesNumber: number | null = null,
  ) => {
    const { uids, ...rest } = row(1, series);
    const header: DicomJson = {
      '00200032': { vr: 'DS', Value: [0, 0, z] },
      '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
      ...(number === null ? {} : { '00200013': { vr: 'IS', Value: [number] } }),
      ...(seriesNumber === null ? {} : { '00200011': { vr: 'IS', Value: [seriesNumber] } }),
    };
    return factsOf({ ...rest, uids: { ...uids, instance: `${series}.${z}` } }, header);
  };
  const ordered = (...list: ReturnType<typeof facts>[]) => summarizeStudy(STUDY, {}, list, '').series;

  it('is that of Instance Number, then of position, then of what has neither', () => {
    const [series] = ordered(facts(null, 5), facts(2, 9), facts(1, 7), facts(1, 3), facts(null, 4));
    expect(series?.instances.map(({ sopInstanceUid }) => sopInstanceUid.split('.').at(-1))).toEqual([
      '3',
      '7',
      '9',
      '4',
      '5',
    ]);
  });

  it.each<[string, object]>([
    ['MODIFIED', { dates: 'moved' }],
    ['UNMODIFIED', { dates: 'kept' }],
    ['REMOVED', { dates: 'removed' }],
    ['constructor', {}],
  ])('says of dates that are %s what became of them', (said, expected) => {
    const header: DicomJson = { '00280303': { vr: 'CS', Value: [said] } };
    const { dates } = summarizeStudy(STUDY, header, [facts(1, 1)], '');
    expect(dates === undefined ? {} : { dates }).toEqual(expected);
  });

  it('is that of Series Number, then of UID', () => {
    const uids = ordered(
      facts(1, 1, '2.25.9'),
      facts(1, 1, '2.25.8', 3),
      facts(1, 1, '2.25.7', 2),
      facts(1, 1, '2.25.1'),
    );
    expect(uids.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual([
      '2.25.7',
      '2.25.8',
      '2.25.1',
      '2.25.9',
    ]);
  });

  it('shows the middle of each series on the contact sheet, of the largest where there are too many', () => {
    const many = Array.from({ length: CONTACT_SHEET_PICTURES + 6 }, (_, index) =>
      Array.from({ length: index + 1 }, (__, at) => facts(at, at, `2.25.${index}`, index)),
    );
    const chosen = chooseForContactSheet(summarizeStudy(STUDY, {}, many.flat(), ''));
    expect(chosen).toHaveLength(CONTACT_SHEET_PICTURES);
    expect(chosen[0]).toEqual({ series: '2.25.6', instance: '2.25.6.3' });
  });
});
