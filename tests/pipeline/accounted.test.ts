import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redriveDeadLetters } from '../../cli/redrive/dead-letters.ts';
import { redriveLost } from '../../cli/redrive/lost.ts';
import { notificationOf } from '../../cli/redrive/notification.ts';
import { redrive } from '../../cli/redrive/redrive.ts';
import type { IngestReport } from '../../cli/report/json-output.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { instanceKey, previewKey, uploadKey } from '../../shared/contract/names.ts';
import { makeInstance } from '../helpers/instance.ts';
import { makeMediaDirectory } from '../helpers/media-directory.ts';
import { makeTar } from '../helpers/tar.ts';
import { makeZip } from '../helpers/zip.ts';
import { type Operator, operatorOf, summaryWhen, untilQuiet } from './operator.ts';
import { filmroom, type Pipeline, reportOf, scratch, startPipeline } from './pipeline.ts';

const files = scratch('accounted');
let pipeline: Pipeline;
let operator: Operator;

beforeAll(async () => {
  pipeline = await startPipeline('accounted');
  operator = await operatorOf(pipeline);
}, 120_000);
afterAll(async () => {
  files.remove();
  await pipeline?.close();
});

/** A slice of a study of its own. */
const slice = (study: number, number: number, more: Parameters<typeof makeInstance>[0] = {}) =>
  makeInstance({
    study: `1.2.${study}`,
    series: `1.2.${study}.1`,
    instance: `1.2.${study}.1.${number}`,
    number,
    ...more,
  });

async function ingest(name: string, contents: Readonly<Record<string, Uint8Array>>): Promise<IngestReport> {
  const folder = join(files.path, name);
  for (const [path, bytes] of Object.entries(contents)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return reportOf(await pipeline.ingest(folder));
}

function expectSums({ total, states, pending, reasons, modalities, studies, items }: IngestReport): void {
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  expect(sum(Object.values(states)) + pending).toBe(total);
  expect(items).toHaveLength(total);
  expect(sum(Object.values(reasons))).toBe(states.duplicate + states.ignored + states.quarantined);
  expect(sum(Object.values(modalities))).toBe(states.indexed + states.duplicate);
  expect(sum(studies.map((study) => study.items.indexed))).toBe(states.indexed);
  expect(sum(studies.map((study) => study.items.duplicate))).toBe(states.duplicate);
}

describe('a report', () => {
  it('tells duplicates, what a DICOMDIR misses and what is none of it, through archives of two kinds', async () => {
    const one = slice(1, 1);
    const report = await ingest('mixed', {
      'disk.zip': makeZip([
        { name: 'CD/IM1', content: one },
        { name: 'CD/COPY', content: one, method: 8 },
        {
          name: 'CD/DICOMDIR',
          content: makeMediaDirectory([
            { file: ['IM1'], instance: '1.2.1.1.1' },
            { file: ['IM9'], instance: '1.2.1.1.9' },
            { file: ['SHORT'], instance: '1.2.1.1.2' },
          ]),
        },
        { name: 'CD/VIEWER.EXE', content: Buffer.from('MZ program') },
        { name: 'CD/LOCKED', content: slice(1, 8), flags: 1 },
      ]),
      'more.tar': makeTar([
        { name: 'im1', content: one },
        { name: 'renamed', content: slice(1, 2) },
      ]),
    });
    expectSums(report);
    expect(report).toMatchObject({
      states: { indexed: 2, duplicate: 2, ignored: 2, quarantined: 1 },
      reasons: { 'same-bytes': 2, 'media-directory': 1, 'not-dicom': 1, 'archive-encrypted': 1 },
      modalities: { MR: 4 },
      studies: [{ instances: 2, items: { indexed: 2, duplicate: 2, quarantined: 0 } }],
      missing: {
        directories: [{ path: 'disk.zip/CD/DICOMDIR', files: 3, missing: 1 }],
        missing: 1,
        files: [{ path: 'disk.zip/CD/IM9', why: 'missing', directory: 'disk.zip/CD/DICOMDIR' }],
      },
    });
  }, 60_000);

  it('books other bytes under an identity that stands already as a conflict of its study, within a TAR.GZ', async () => {
    const other = slice(1, 1, { pixels: new Uint8Array(128).fill(9) });
    const report = await ingest('conflict', {
      'late.tar.gz': gzipSync(makeTar([{ name: 'c', content: other }])),
    });
    expectSums(report);
    expect(report).toMatchObject({
      states: { indexed: 0, duplicate: 0, ignored: 0, quarantined: 1 },
      reasons: { 'conflicting-instance': 1 },
      items: [{ studyInstanceUid: expect.stringMatching(/^2\.25\./), sopInstanceUid: null }],
    });
  }, 60_000);

  it('is written as CSV and as a page that agree with it', async () => {
    const report = await ingest('written', { 'a.dcm': slice(2, 1), '=note,.txt': Buffer.from('text') });
    const [csv, html] = [join(files.path, 'r.csv'), join(files.path, 'r.html')];
    const args = ['report', report.upload, '--data', pipeline.dataDir, '--csv', csv, '--html', html];
    expect(await filmroom(args)).toMatchObject({ code: 0 });
    const lines = readFileSync(csv, 'utf8').split('\r\n');
    expect(lines).toHaveLength(1 + report.total + 1);
    expect(lines[1]).toMatch(/^"'=note,\.txt",ignored,not-dicom,text,/);
    expect(readFileSync(html, 'utf8')).toContain('2 files, all accounted for');
  }, 60_000);
});

describe('events that come late, twice and out of order', () => {
  it('change nothing when all of them come again, the last one first', async () => {
    const first = await ingest('again', {
      'a.zip': makeZip([1, 2, 3].map((number) => ({ name: `${number}`, content: slice(3, number) }))),
      'b.dcm': slice(3, 4),
      'c.dcm': slice(3, 4),
    });
    await operator.announceAgain(first.upload, 2);
    await untilQuiet(pipeline);
    const summary = await summaryWhen(pipeline, first.upload, ({ settled }) => settled);
    expect(summary).toMatchObject({ total: 5, states: first.states, reasons: first.reasons, pending: 0 });
    expect(summary.studies).toMatchObject([{ instances: 4, ready: true }]);
    expect(first.states).toEqual({ indexed: 4, duplicate: 1, ignored: 0, quarantined: 0 });
  }, 60_000);

  it('settle the items of an upload that is never closed, which stays open', async () => {
    const upload = await pipeline.api.openUpload();
    await operator.put(upload, 'a.dcm', slice(4, 1));
    await operator.put(upload, 'b.txt', Buffer.from('text'));
    const summary = await summaryWhen(
      pipeline,
      upload,
      ({ total, pending, studies }) => total === 2 && pending === 0 && studies.every(({ ready }) => ready),
    );
    expect(summary).toMatchObject({
      closedAt: null,
      expected: null,
      states: { indexed: 1, duplicate: 0, ignored: 1, quarantined: 0 },
      settled: false,
    });
  }, 60_000);

  it('make one study of what is spread over archives, completed again after each late slice', async () => {
    const half = (...numbers: number[]) =>
      makeZip(numbers.map((number) => ({ name: `${number}`, content: slice(5, number) })));
    const report = await ingest('spread', { 'one.zip': half(1, 2, 3), 'two.zip': half(4, 5) });
    expect(report.studies).toMatchObject([{ series: 1, instances: 5, ready: true }]);

    const late = await pipeline.api.openUpload();
    await operator.put(late, 'late.zip', half(6, 7));
    const reopened = await summaryWhen(pipeline, late, ({ states }) => states.indexed === 2);
    expect(reopened.studies).toMatchObject([{ instances: 5, ready: false }]);
    expect(await pipeline.api.summary(report.upload)).toMatchObject({ settled: false });
    const complete = await summaryWhen(pipeline, late, ({ studies }) => studies.every(({ ready }) => ready));
    expect(complete.studies).toMatchObject([{ instances: 7, ready: true }]);
    expect(await pipeline.api.summary(report.upload)).toMatchObject({
      studies: [{ instances: 7, ready: true, items: { indexed: 5 } }],
      settled: true,
    });
  }, 60_000);
});

describe('reconcile and redrive', () => {
  it('find no difference while nothing is lost', async () => {
    await untilQuiet(pipeline);
    expect((await operator.differences()).counts).toEqual({});
    const { code, stdout } = await filmroom(['reconcile', '--json', '--data', pipeline.dataDir]);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { total: 0, differences: [] }]);
  }, 60_000);

  it('name each thing that is lost, by ids alone', async () => {
    const report = await ingest('lost', {
      'a.zip': makeZip([1, 2, 3].map((number) => ({ name: `${number}`, content: slice(6, number) }))),
      'Doe^Jane.dcm': slice(6, 4),
      'other.dcm': slice(6, 5),
    });
    const items = await operator.items(report.upload);
    const ref = (path: string) => {
      const found = items.find((item) => item.path === path);
      if (!found) throw new Error(`no ${path}`);
      const { item, study = '', series = '', instance = '' } = found;
      return { item: { upload: report.upload, item }, uids: { study, series, instance } };
    };
    const { libraryBucket, steps } = operator.resources;
    await operator.remove(libraryBucket, previewKey(ref('a.zip/1').uids));
    await operator.remove(libraryBucket, instanceKey(ref('other.dcm').uids));
    const forgotten = ref('Doe^Jane.dcm').item;
    await operator.ledger.forget([ref('a.zip/2').item, forgotten]);

    const { counts, named } = await operator.differences();
    expect(counts).toEqual({
      'vault-object-without-item': 2,
      'archive-incomplete': 1,
      'upload-incomplete': 1,
      'indexed-without-preview': 1,
      'indexed-without-object': 1,
      'row-without-object': 1,
      'object-without-item': 2,
    });
    expect((await operator.differences(report.upload)).counts).toMatchObject({ 'indexed-without-object': 1 });
    expect(JSON.stringify(named)).not.toContain('Doe');
    const shown = await filmroom(['reconcile', '--older-than', '1', '--data', pipeline.dataDir]);
    expect(shown.stdout).not.toContain('Doe');

    // What was lost on its way is given up by a step, too, and sent round again.
    const key = uploadKey(report.upload, 'Doe^Jane.dcm');
    const found = items.find(({ item }) => item === forgotten.item);
    const lost = { key, versionId: found?.versionId ?? '', size: found?.size ?? 0 };
    await openQueue(steps.parse?.deadLetters ?? '')([notificationOf(operator.resources.vaultBucket, lost)]);
    expect((await operator.differences()).counts).toMatchObject({ 'dead-letters': 1 });
    const all = { step: undefined, limit: 100 };
    expect(await redriveDeadLetters(operator.resources, { ...all, dryRun: true })).toEqual({ parse: 1 });
    expect(await redriveDeadLetters(operator.resources, { ...all, dryRun: false })).toEqual({ parse: 1 });
    await untilQuiet(pipeline);
    const { counts: after } = await operator.differences();
    expect(after).toMatchObject({ 'vault-object-without-item': 1, 'object-without-item': 1 });
    expect(after).not.toHaveProperty('dead-letters');

    // The rest is sent round by what reconcile says of it.
    const wanted = { upload: undefined, olderThanMinutes: 0, limit: 100, now: Date.now() + 1_000 };
    const expected = { items: 4, gone: 0 };
    expect(await redriveLost(operator.resources, { ...wanted, dryRun: true })).toMatchObject({
      ...expected,
      sent: 0,
    });
    expect(await redriveLost(operator.resources, { ...wanted, dryRun: false })).toMatchObject({
      ...expected,
      sent: 4,
    });
    await untilQuiet(pipeline);
    expect((await operator.differences()).counts).toEqual({});
    const summary = await pipeline.api.summary(report.upload);
    expect(summary).toMatchObject({ total: report.total, states: report.states, settled: true });
  }, 60_000);

  it('send what was refused round again after a fix: its new end stands in place of the old', async () => {
    const first = await ingest('first', { 'a.dcm': slice(7, 1) });
    const refused = await ingest('refused', {
      'b.dcm': slice(7, 1, { pixels: new Uint8Array(128).fill(5) }),
      'locked.zip': makeZip([{ name: 'x', content: slice(7, 3), flags: 1 }]),
    });
    expect(refused.reasons).toEqual({ 'conflicting-instance': 1, 'archive-encrypted': 1 });
    const study = first.studies[0]?.studyInstanceUid ?? '';
    const ask = { study, limit: 100 };
    expect(await redrive(operator.resources, { ...ask, dryRun: true })).toMatchObject({
      items: 1,
      reasons: { 'conflicting-instance': 1 },
      sent: 0,
    });
    // The fix: the instance that stood there first is taken away.
    const [standing] = await operator.items(first.upload);
    const { series = '', instance = '' } = standing ?? {};
    await operator.remove(operator.resources.libraryBucket, instanceKey({ study, series, instance }));
    expect(await redrive(operator.resources, { ...ask, dryRun: false })).toMatchObject({ items: 1, sent: 1 });
    const indexed = await summaryWhen(pipeline, refused.upload, ({ states }) => states.indexed === 1);
    expect(indexed).toMatchObject({ total: 2, states: { quarantined: 1 } });
  }, 60_000);

  it('send the archive of an entry that never became an object, and book the entry once', async () => {
    const report = await ingest('sealed', {
      'locked.zip': makeZip([
        { name: 'x', content: slice(8, 1), flags: 1 },
        { name: 'y', content: slice(8, 2) },
      ]),
    });
    const { upload } = report;
    const reason = 'archive-encrypted';
    const options = { upload, reason, limit: 100, dryRun: false, archiveDelaySeconds: 2 };
    expect(await redrive(operator.resources, options)).toMatchObject({ items: 1, sent: 1, gone: 0 });
    await summaryWhen(pipeline, upload, ({ states }) => states.quarantined === 0);
    const summary = await summaryWhen(pipeline, upload, ({ settled }) => settled);
    expect(summary).toMatchObject({ total: 2, states: report.states, reasons: { [reason]: 1 } });
  }, 60_000);
});
