import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dicomwebRoutes } from '../../../functions/dicomweb/routes.ts';
import { studyMetadataKey } from '../../../shared/contract/names.ts';
import type { DicomJson } from '../../../shared/dicom/index.ts';
import { caller } from '../../helpers/http.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const header = (series: string, instance: string, more: DicomJson = {}): DicomJson => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] },
  '00080018': { vr: 'UI', Value: [instance] },
  '00080060': { vr: 'CS', Value: ['MR'] },
  '0020000D': { vr: 'UI', Value: ['2.25.1'] },
  '0020000E': { vr: 'UI', Value: [series] },
  ...more,
});

async function dicomweb() {
  const library = memoryStore('library');
  const index = memoryIndex();
  const metadata = [
    header('2.25.11', '2.25.111'),
    header('2.25.11', '2.25.112'),
    header('2.25.12', '2.25.121'),
  ];
  await library.put(studyMetadataKey('2.25.1'), gzipSync(JSON.stringify(metadata)));
  const add = async (study: string, at: string, attributes: DicomJson) => {
    await index.markChanged(study, 't', 'P');
    await index.complete(study, 't', {
      completedAt: at,
      patientId: 'P',
      series: 1,
      instances: 1,
      bytes: 1,
      attributes: JSON.stringify({ ...attributes, '0020000D': { vr: 'UI', Value: [study] } }),
    });
  };
  await add('2.25.1', '2026-01-01', {
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'PABC' }] },
    '00100020': { vr: 'LO', Value: ['PABC'] },
    '00080020': { vr: 'DA', Value: ['20200115'] },
    '00080061': { vr: 'CS', Value: ['CT', 'MR'] },
  });
  await add('2.25.2', '2026-01-02', {
    '00100020': { vr: 'LO', Value: ['PXYZ'] },
    '00080020': { vr: 'DA', Value: ['20210101'] },
  });
  const { call } = caller(
    dicomwebRoutes({
      completeStudies: index.completeStudies,
      read: (key) => library.read({ key }),
      signGet: async (key, { contentType }) => `https://library/${key}?type=${contentType}`,
    }),
  );
  const get = (path: string) => call('GET', `/dicomweb${path}`);
  const found = async (path: string, tag = '0020000D') => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/dicom+json');
    return (answer.json as DicomJson[]).map((row) => row[tag]?.Value?.[0]);
  };
  return { get, found, library };
}

describe('the search for studies', () => {
  it.each<[string, string[]]>([
    ['', ['2.25.2', '2.25.1']],
    ['?limit=1', ['2.25.2']],
    ['?limit=1&offset=1', ['2.25.1']],
    ['?StudyInstanceUID=2.25.1', ['2.25.1']],
    ['?0020000D=2.25.1,2.25.2', ['2.25.2', '2.25.1']],
    ['?StudyInstanceUID=2.25.1%5C2.25.7', ['2.25.1']],
    ['?PatientID=PABC', ['2.25.1']],
    ['?00100020=P*&includefield=all&fuzzymatching=false', ['2.25.2', '2.25.1']],
    ['?PatientName=pab%3F', ['2.25.1']],
    ['?PatientName=*', ['2.25.2', '2.25.1']],
    ['?ModalitiesInStudy=MR', ['2.25.1']],
    ['?StudyDate=20200101-20201231', ['2.25.1']],
    ['?StudyDate=20200116-', ['2.25.2']],
    ['?StudyDate=-20200115', ['2.25.1']],
    ['?StudyDate=20210101', ['2.25.2']],
    ['?AccessionNumber=7', []],
  ])('by %s', async (query, expected) => {
    const { found } = await dicomweb();
    expect(await found(`/studies${query}`)).toEqual(expected);
  });

  it.each(['?NoSuchAttribute=1', '?limit=x', '?offset=-1'])('refuses %s', async (query) => {
    const { get } = await dicomweb();
    expect((await get(`/studies${query}`)).status).toBe(400);
  });

  it('takes no time over a pattern made to take long', async () => {
    const { found } = await dicomweb();
    const began = performance.now();
    await found(`/studies?PatientID=${'*a'.repeat(200)}b`);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('what is below a study', () => {
  it('is its series with how many instances each has', async () => {
    const { found } = await dicomweb();
    expect(await found('/studies/2.25.1/series', '0020000E')).toEqual(['2.25.11', '2.25.12']);
    expect(await found('/studies/2.25.1/series', '00201209')).toEqual([2, 1]);
    expect(await found('/studies/2.25.1/series?SeriesInstanceUID=2.25.12', '0020000E')).toEqual(['2.25.12']);
  });

  it.each([
    ['/studies/2.25.1/instances', ['2.25.111', '2.25.112', '2.25.121']],
    ['/studies/2.25.1/instances?limit=1&offset=1', ['2.25.112']],
    ['/studies/2.25.1/series/2.25.11/instances', ['2.25.111', '2.25.112']],
    ['/studies/2.25.1/metadata', ['2.25.111', '2.25.112', '2.25.121']],
    ['/studies/2.25.1/series/2.25.12/metadata', ['2.25.121']],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.112/metadata', ['2.25.112']],
  ])('is read at %s', async (path, expected) => {
    const { found } = await dicomweb();
    expect(await found(path, '00080018')).toEqual(expected);
  });

  it('is an instance by a URL that lives for minutes', async () => {
    const { get } = await dicomweb();
    const answer = await get('/studies/2.25.1/series/2.25.11/instances/2.25.111');
    expect([answer.status, answer.headers.location]).toEqual([
      307,
      'https://library/studies/2.25.1/2.25.11/2.25.111.dcm?type=application/dicom',
    ]);
  });

  it('is handed out by URL where it is too large for an answer', async () => {
    const { get, library } = await dicomweb();
    const many = Array.from({ length: 40 }, (_, index) =>
      header('2.25.11', `2.25.${index}`, { '00204000': { vr: 'LT', Value: ['x'.repeat(150_000)] } }),
    );
    await library.put(studyMetadataKey('2.25.1'), gzipSync(JSON.stringify(many)));
    expect((await get('/studies/2.25.1/metadata')).status).toBe(307);
    expect((await get('/studies/2.25.1/series/2.25.11/metadata')).status).toBe(413);
  });

  it.each<[string, number]>([
    ['/studies/2.25.9/series', 404],
    ['/studies/2.25.9/metadata', 404],
    ['/studies/2.25.1/series/2.25.99/metadata', 404],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.999', 404],
    ['/studies/..%2F2.25.1/metadata', 400],
    ['/studies/x/series', 400],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.111/frames/1', 404],
    ['/nothing', 404],
  ])('answers %s with %s', async (path, status) => {
    const { get } = await dicomweb();
    expect((await get(path)).status).toBe(status);
  });
});
