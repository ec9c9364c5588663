import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngestReport } from '../../cli/report/json-output.ts';
import { PATIENT_FOLDER, PLANTED } from '../../scripts/sample/patient.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { ULTRASOUND, ultrasoundFrame } from '../../scripts/sample/ultrasound.ts';
import { type Part10, readPart10, tagOf } from '../../shared/dicom/index.ts';
import { readZip } from '../helpers/read-zip.ts';
import { everythingKept, type Piece, textsIn } from './everything-kept.ts';
import { type Ended, filmroom, type Pipeline, reportOf, startPipeline } from './pipeline.ts';
import { openedOf, visit } from './visitor.ts';

let pipeline: Pipeline;
let first: Ended;
let report: IngestReport;

beforeAll(async () => {
  pipeline = await startPipeline('sample');
  first = await pipeline.ingest(pipeline.sample);
  report = reportOf(first);
}, 120_000);
afterAll(() => pipeline?.close());

/** The sample is a CT of many slices and an ultrasound of one picture. */
const ctOf = (of: IngestReport) => of.studies.find(({ instances }) => instances === SLICES);
const ultrasoundOf = (of: IngestReport) => of.studies.find(({ instances }) => instances === 1);
const linkOf = (of: IngestReport) => ctOf(of)?.link ?? '';

describe('the sample study', () => {
  it('ends with every slice indexed, and the picture that showed the name', () => {
    expect(first.code).toBe(0);
    expect(report).toMatchObject({
      total: SLICES + 1,
      states: { indexed: SLICES + 1, duplicate: 0, ignored: 0, quarantined: 0 },
      pending: 0,
      reasons: {},
      archives: [],
    });
  });

  it('is a CT of one series and an ultrasound, under pseudonyms', () => {
    const original = readPart10(
      readFileSync(join(pipeline.sample, PATIENT_FOLDER, 'CT head', 'IM_0001.dcm')),
    );
    const study = ctOf(report);
    expect(report.studies).toHaveLength(2);
    expect(ultrasoundOf(report)?.patientId).toBe(study?.patientId);
    expect(study).toMatchObject({ series: 1, instances: SLICES, ready: true });
    expect(study?.patientId).toMatch(/^P[A-Z2-7]{16}$/);
    expect(study?.studyInstanceUid).not.toBe(original.dataSet.uid(tagOf('StudyInstanceUID')));
    const instances = report.items.flatMap(({ sopInstanceUid }) => sopInstanceUid ?? []);
    expect(new Set(instances).size).toBe(SLICES + 1);
  });

  it('reports how fast it went', () => {
    expect(report.rates.seconds).toBeGreaterThan(0);
    expect(report.rates.instancesPerSecond).toBeGreaterThan(0);
  });

  it('can be reported again, with the same link', async () => {
    const again = await filmroom(['report', report.upload, '--json', '--data', pipeline.dataDir]);
    expect(again.code).toBe(0);
    expect(IngestReport.parse(JSON.parse(again.stdout))).toEqual(report);
  });

  it('shows its progress and joins the running stack on standard error alone', () => {
    expect(first.stderr).toContain('joining the stack');
    expect(first.stderr).toMatch(
      /uploaded 25\/25, parsed 25\/25, de-identified 25\/25, previewed 25\/25, indexed 25\/25/,
    );
  });

  it('changes nothing when it comes again, and is called a duplicate', async () => {
    const second = reportOf(await pipeline.ingest(pipeline.sample));
    expect(second.states).toEqual({ indexed: 0, duplicate: SLICES + 1, ignored: 0, quarantined: 0 });
    expect(second.reasons).toEqual({ 'same-bytes': SLICES + 1 });
    // What became of the items is the upload's, all else is the study's.
    expect(second.studies.map(({ link, items, ...study }) => study)).toEqual(
      report.studies.map(({ link, items, ...study }) => study),
    );
    const summary = await openedStudy(linkOf(second));
    expect(summary).toEqual(await openedStudy(linkOf(report)));
  });
});

async function openedStudy(link: string) {
  const visitor = visit(link);
  await visitor.open();
  return visitor.study();
}

describe('the link of the report', () => {
  it('opens the study and its previews', async () => {
    const visitor = visit(linkOf(report));
    const opened = await visitor.open();
    expect(opened.status).toBe(200);
    expect(openedOf(opened).study).toBe(ctOf(report)?.studyInstanceUid);
    const study = await visitor.study();
    expect(study).toMatchObject({
      instances: SLICES,
      modalities: ['CT'],
      patientId: ctOf(report)?.patientId,
    });
    const [series] = study.series;
    expect(series?.instances.map(({ instanceNumber }) => instanceNumber)).toEqual(
      Array.from({ length: SLICES }, (_, index) => index + 1),
    );
    const middle = series?.instances[SLICES / 2];
    const preview = await visitor.get(`/api/previews/${series?.seriesInstanceUid}/${middle?.sopInstanceUid}`);
    expect(preview.headers.get('content-type')).toBe('image/webp');
    expect(preview.bytes.subarray(8, 12).toString()).toBe('WEBP');
    const sprite = await visitor.get(`/api/sprites/${series?.seriesInstanceUid}/${series?.sprite?.name}`);
    expect(sprite.bytes.subarray(8, 12).toString()).toBe('WEBP');
    expect((await visitor.get('/api/contact-sheet')).headers.get('content-type')).toBe('image/webp');
  });

  it('gives every instance as a ZIP that can be read', async () => {
    const visitor = visit(linkOf(report));
    await visitor.open();
    const download = await visitor.get('/download/study.zip');
    expect(download.status).toBe(200);
    expect(download.headers.get('content-type')).toBe('application/zip');
    const files = (await readZip(download.bytes)).filter(({ name }) => name.startsWith('DICOM/'));
    expect(files).toHaveLength(SLICES);
    const parsed: Part10[] = files.map(({ bytes }) => readPart10(bytes));
    const uids = parsed.map(({ dataSet }) => dataSet.uid(tagOf('SOPInstanceUID')));
    const slices = report.items.filter(({ path }) => path.includes('/CT '));
    expect(uids.sort()).toEqual(slices.flatMap(({ sopInstanceUid }) => sopInstanceUid ?? []).sort());
    expect(parsed.map(({ dataSet }) => dataSet.text(tagOf('PatientIdentityRemoved')))).toEqual(
      Array(SLICES).fill('YES'),
    );
  });

  it('gives the ultrasound without the text that was in its picture', async () => {
    const visitor = visit(ultrasoundOf(report)?.link ?? '');
    await visitor.open();
    const files = await readZip((await visitor.get('/download/study.zip')).bytes);
    const { bytes } = files.find(({ name }) => name.startsWith('DICOM/')) as { bytes: Uint8Array };
    const part10 = readPart10(bytes);
    const { dataSet } = part10;
    expect(dataSet.text(tagOf('BurnedInAnnotation'))).toBe('NO');
    expect(
      dataSet
        .sequence(tagOf('DeidentificationMethodCodeSequence'))
        .map((code) => code.text(tagOf('CodeValue'))),
    ).toContain('113101');
    const pixels = Buffer.from(dataSet.value(tagOf('PixelData')) ?? []);
    const row = (y: number) => pixels.subarray(y * ULTRASOUND.columns * 3, (y + 1) * ULTRASOUND.columns * 3);
    const original = Buffer.from(ultrasoundFrame());
    const text = Array.from({ length: 40 }, (_, y) => y + 8);
    // The name, the number and the date stand here, bright on black.
    for (const y of text) expect(row(y).every((sample) => sample < 128)).toBe(true);
    expect(pixels.subarray(row(0).length * 200)).toEqual(original.subarray(row(0).length * 200));
  });

  it('shows nothing to who has not opened it', async () => {
    const stranger = visit(linkOf(report));
    const statuses = await Promise.all(
      ['/api/study', '/api/contact-sheet', '/download/study.zip'].map(
        async (path) => (await stranger.get(path)).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401]);
  });

  it('does not open with a token that was changed', async () => {
    const link = linkOf(report);
    const changed = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A');
    const answer = await visit(changed).open();
    expect([answer.status, JSON.parse(answer.bytes.toString())]).toEqual([401, { error: 'unknown-link' }]);
  });

  it('is made with a passcode, listed and revoked from the command line', async () => {
    const study = report.studies[0]?.studyInstanceUid ?? '';
    const data = ['--json', '--data', pipeline.dataDir];
    const created = JSON.parse(
      (
        await filmroom([
          'link',
          'create',
          study,
          '--expires',
          '2h',
          '--passcode',
          '4711-x',
          '--note',
          'for a test',
          ...data,
        ])
      ).stdout,
    );
    const visitor = visit(created.url);
    const errorOf = async (passcode?: string) =>
      JSON.parse((await visitor.open(passcode)).bytes.toString()).error;
    expect([await errorOf(), await errorOf('wrong'), await errorOf('4711-x')]).toEqual([
      'passcode-required',
      'passcode-wrong',
      undefined,
    ]);
    const { links } = JSON.parse((await filmroom(['link', 'list', study, ...data])).stdout);
    expect(links.find(({ link }: { link: string }) => link === created.link)).toMatchObject({
      hasPasscode: true,
      note: 'for a test',
      opened: 1,
      revokedAt: null,
    });
    expect((await visitor.get('/api/study')).status).toBe(200);
    expect((await filmroom(['link', 'revoke', created.link, ...data])).code).toBe(0);
    expect((await visitor.get('/api/study')).status).toBe(401);
    expect(await errorOf('4711-x')).toBe('revoked');
  });
});

describe('files with odd names and odd contents', () => {
  const slice = () => readFileSync(join(pipeline.sample, PATIENT_FOLDER, 'CT head', 'IM_0005.dcm'));
  const OF_THE_SAMPLE = [
    'a b+c.dcm',
    'Ünï 日本.dcm',
    '%2e%2e%2f.dcm',
    '#?&\'"\\.dcm',
    '..hidden',
    'deep/er/..../x',
  ];

  it('each end in a state of their own, and none takes another along', async () => {
    const folder = join(pipeline.sample, '..', 'odd');
    mkdirSync(join(folder, 'deep', 'er', '....'), { recursive: true });
    for (const name of OF_THE_SAMPLE) writeFileSync(join(folder, name), slice());
    writeFileSync(join(folder, 'new\nline.dcm'), slice());
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'text.dcm'), 'Quillfeather was here');
    writeFileSync(join(folder, 'cut.dcm'), slice().subarray(0, -1000));
    writeFileSync(join(folder, 'cut.zip'), Buffer.concat([Buffer.from('PK\x03\x04'), slice()]));
    const report = reportOf(await pipeline.ingest(folder));
    expect(
      Object.fromEntries(report.items.map(({ path, state, reason }) => [path, `${state} ${reason}`])),
    ).toEqual({
      ...Object.fromEntries(OF_THE_SAMPLE.map((name) => [name, 'duplicate same-bytes'])),
      'new␊line.dcm': 'duplicate same-bytes',
      empty: 'ignored empty',
      'text.dcm': 'ignored not-dicom',
      'cut.dcm': 'quarantined truncated',
      'cut.zip': 'quarantined archive-corrupt',
    });
  });
});

describe('the planted name', () => {
  it('is nowhere outside the vault: not in an object, a row, a message, a log or an answer', async () => {
    const visitor = visit(linkOf(report));
    await visitor.open();
    const study = await visitor.study();
    for (const { seriesInstanceUid, instances } of study.series) {
      for (const { sopInstanceUid } of instances)
        await visitor.get(`/api/previews/${seriesInstanceUid}/${sopInstanceUid}`);
    }
    for (const path of ['/', '/link-page.js', '/api/contact-sheet', '/download/study.zip', '/nothing'])
      await visitor.get(path);

    const seen: Record<Piece['kind'], number> = { vault: 0, object: 0, row: 0, message: 0, log: 0 };
    const foundInVault = new Set<string>();
    const leaks: string[] = [];
    for await (const { kind, where, content, beside } of everythingKept(pipeline)) {
      seen[kind] += 1;
      const found = textsIn(Buffer.concat([content, beside ?? Buffer.alloc(0)]), PLANTED);
      if (kind === 'vault') for (const text of found) foundInVault.add(text);
      else leaks.push(...found.map((text) => `${text} in ${kind} ${where}`));
    }
    for (const { path, answer } of visitor.answers) {
      const headers = Buffer.from(JSON.stringify([...answer.headers]));
      leaks.push(
        ...textsIn(Buffer.concat([headers, answer.bytes]), PLANTED).map(
          (text) => `${text} in answer ${path}`,
        ),
      );
    }

    expect(leaks).toEqual([]);
    // A search that finds nothing anywhere proves nothing.
    expect([...foundInVault].sort()).toEqual([...PLANTED].sort());
    expect(seen.object).toBeGreaterThan(2 * SLICES);
    expect(seen.row).toBeGreaterThan(SLICES);
    expect(seen.message).toBeGreaterThan(2 * SLICES);
    expect(seen.log).toBeGreaterThan(6);
    expect(visitor.answers.length).toBeGreaterThan(SLICES);
  });
});
