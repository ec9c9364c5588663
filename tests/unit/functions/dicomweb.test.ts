import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAXIMUM_BUFFERED_BYTES } from '../../../functions/dicomweb/buffered-answer.ts';
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
  '00200013': { vr: 'IS', Value: [Number(instance.slice(-1))] },
  ...more,
});

/** As completion writes it: an instance to a line. */
const metadataOf = (...headers: DicomJson[]) =>
  gzipSync(`[${headers.map((one) => JSON.stringify(one)).join(',\n')}]`);

async function dicomweb() {
  const library = memoryStore('library');
  const index = memoryIndex();
  await library.put(
    studyMetadataKey('2.25.1'),
    metadataOf(
      header('2.25.11', '2.25.111', {
        '00281201': { vr: 'OW', BulkDataURI: 'series/2.25.11/instances/2.25.111/bulkdata/00281201' },
      }),
      header('2.25.11', '2.25.112'),
      header('2.25.12', '2.25.121', {
        '00400275': { vr: 'SQ', Value: [{ '00400009': { vr: 'SH', Value: ['STEP'] } }] },
      }),
    ),
  );
  const add = async (study: string, patient: string, attributes: DicomJson) => {
    await index.markChanged(study, 't', patient);
    await index.complete(study, 't', {
      completedAt: '2026-01-01',
      patientId: patient,
      series: 1,
      instances: 1,
      bytes: 1,
      attributes: JSON.stringify({
        ...attributes,
        '00100020': { vr: 'LO', Value: [patient] },
        '0020000D': { vr: 'UI', Value: [study] },
      }),
    });
  };
  await add('2.25.1', 'PABC', {
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'PABC' }] },
    '00080020': { vr: 'DA', Value: ['20200115'] },
    '00080030': { vr: 'TM', Value: ['101530'] },
    '00080061': { vr: 'CS', Value: ['CT', 'MR'] },
  });
  await add('2.25.2', 'PXYZ', { '00080020': { vr: 'DA', Value: ['20210101'] } });
  const asked = { index: 0 };
  const { call, lines } = caller(
    dicomwebRoutes('/dicomweb', {
      index: {
        ...index,
        completeStudies: (dates) => {
          asked.index++;
          return index.completeStudies(dates);
        },
      },
      library,
      signGet: async (key, { contentType }) => `https://library/${key}?type=${contentType}`,
      keep: async (key, pieces, contentType) => {
        const all: Uint8Array[] = [];
        for await (const piece of pieces) all.push(piece);
        await library.put(key, Buffer.concat(all), { contentType });
      },
      signStream: async (method, path, query) => `https://stream${path}?${method}&${query}`,
    }),
  );
  const get = (path: string, headers: Record<string, string> = {}) =>
    call('GET', `/dicomweb${path}`, { headers: { host: 'pacs.example', ...headers } });
  const found = async (path: string, tag = '0020000D') => {
    const answer = await get(path);
    expect([answer.status, answer.json]).toEqual([200, expect.any(Array)]);
    expect(answer.headers['content-type']).toBe('application/dicom+json');
    return (answer.json as DicomJson[]).map((row) => row[tag]?.Value?.[0]);
  };
  return { get, found, library, asked, lines };
}

describe('the search for studies', () => {
  it.each<[string, string[]]>([
    ['', ['2.25.2', '2.25.1']],
    ['?limit=1', ['2.25.2']],
    ['?limit=1&offset=1', ['2.25.1']],
    ['?StudyInstanceUID=2.25.1', ['2.25.1']],
    ['?0020000D=2.25.1,2.25.2', ['2.25.2', '2.25.1']],
    ['?StudyInstanceUID=2.25.1%5C2.25.7', ['2.25.1']],
    ['?StudyInstanceUID=', ['2.25.2', '2.25.1']],
    ['?PatientID=PABC', ['2.25.1']],
    ['?PatientID=PABC&StudyDate=20210101', []],
    ['?00100020=P*&includefield=all&fuzzymatching=false', ['2.25.2', '2.25.1']],
    ['?PatientName=pab%3F', ['2.25.1']],
    ['?PatientName=*', ['2.25.2', '2.25.1']],
    ['?ModalitiesInStudy=MR', ['2.25.1']],
    ['?ModalitiesInStudy=US,MR', ['2.25.1']],
    ['?StudyDate=20200101-20201231', ['2.25.1']],
    ['?StudyDate=20200116-', ['2.25.2']],
    ['?StudyDate=-20200115', ['2.25.1']],
    ['?StudyDate=20210101', ['2.25.2']],
    ['?StudyDate=20200115&StudyTime=1000-1015', ['2.25.1']],
    ['?AccessionNumber=7', []],
  ])('by %s', async (query, expected) => {
    const { found } = await dicomweb();
    expect(await found(`/studies${query}`)).toEqual(expected);
  });

  it.each([
    ['?NoSuchAttribute=1', 'unknown-attribute'],
    ['?Rows=512', 'unsupported-attribute'],
    ['?RequestAttributesSequence=1', 'unsupported-attribute'],
    ['?limit=x', 'invalid-number'],
    ['?offset=-1', 'invalid-number'],
    ['?limit=1&limit=2', 'repeated-parameter'],
    ['?PatientID=1&00100020=2', 'repeated-attribute'],
    ['?StudyDate=yesterday', 'invalid-date'],
    ['?StudyTime=25x', 'invalid-time'],
    ['?includefield=NoSuchAttribute', 'unknown-attribute'],
    ['?fuzzymatching=maybe', 'invalid-fuzzymatching'],
    [`?PatientID=${'x'.repeat(20_000)}`, 'value-too-long'],
  ])('refuses %s and says why', async (query, error) => {
    const { get } = await dicomweb();
    const answer = await get(`/studies${query}`);
    expect([answer.status, answer.json]).toEqual([400, { error }]);
  });

  it('is by key where a study or a patient is named', async () => {
    const { found, asked } = await dicomweb();
    await found('/studies?StudyInstanceUID=2.25.1');
    await found('/studies?PatientID=PABC');
    expect(asked.index).toBe(0);
    await found('/studies?PatientID=P*');
    expect(asked.index).toBe(1);
  });

  it('warns of more results and of matching that there is none of', async () => {
    const { get } = await dicomweb();
    expect((await get('/studies?limit=1')).headers.warning).toMatch(
      /^299 dicomweb "There are additional results/,
    );
    expect((await get('/studies?limit=2')).headers.warning).toBeUndefined();
    expect((await get('/studies?fuzzymatching=true')).headers.warning).toContain('fuzzymatching');
  });

  it('names no host that is none in its URLs', async () => {
    const { get } = await dicomweb();
    const urlOf = async (host: string) =>
      (await get('/studies?limit=1', { host })).json[0]['00081190'].Value[0];
    expect(await urlOf('pacs.example:8042')).toBe('http://pacs.example:8042/dicomweb/studies/2.25.2');
    expect(await urlOf('evil"/><script>')).toBe('/dicomweb/studies/2.25.2');
    expect(await urlOf('a.example\r\nx: y')).toBe('/dicomweb/studies/2.25.2');
  });

  it('takes no time over a pattern made to take long, and logs nothing of it', async () => {
    const { found, lines } = await dicomweb();
    const began = performance.now();
    await found(`/studies?PatientID=${'*a'.repeat(200)}b`);
    expect(performance.now() - began).toBeLessThan(500);
    expect(JSON.stringify(lines)).not.toContain('*a');
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
    ['/studies/2.25.1/instances?InstanceNumber=2', ['2.25.112']],
    ['/studies/2.25.1/series/2.25.11/instances', ['2.25.111', '2.25.112']],
    ['/instances?SOPInstanceUID=2.25.112', ['2.25.112']],
    ['/instances?PatientID=PXYZ', []],
    ['/studies/2.25.1/metadata', ['2.25.111', '2.25.112', '2.25.121']],
    ['/studies/2.25.1/series/2.25.12/metadata', ['2.25.121']],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.112/metadata', ['2.25.112']],
    ['/studies/2.25.9/instances', []],
  ])('is read at %s', async (path, expected) => {
    const { found } = await dicomweb();
    expect(await found(path, '00080018')).toEqual(expected);
  });

  it('is found by an attribute within a sequence', async () => {
    const { found } = await dicomweb();
    const path = '/series?RequestAttributesSequence.ScheduledProcedureStepID=STEP';
    expect(await found(path, '0020000E')).toEqual(['2.25.12']);
    expect(await found('/series?00400275.00400009=STOP', '0020000E')).toEqual([]);
  });

  it('comes with its study where no study was named', async () => {
    const { found } = await dicomweb();
    expect(await found('/series?Modality=MR', '00100020')).toEqual(['PABC', 'PABC']);
    expect(await found('/studies/2.25.1/series', '00100020')).toEqual([undefined, undefined]);
    expect(await found('/studies/2.25.1/series?includefield=PatientID', '00100020')).toEqual([
      'PABC',
      'PABC',
    ]);
  });

  it('names bulk data relative to the study in its metadata, and in full in parts of it', async () => {
    const { get } = await dicomweb();
    const uriOf = async (path: string) => (await get(path)).json[0]['00281201'].BulkDataURI;
    const place = 'series/2.25.11/instances/2.25.111/bulkdata/00281201';
    expect(await uriOf('/studies/2.25.1/metadata')).toBe(place);
    expect(await uriOf('/studies/2.25.1/series/2.25.11/metadata')).toBe(
      `http://pacs.example/dicomweb/studies/2.25.1/${place}`,
    );
  });

  it('is handed out by an address where it is too long for an answer', async () => {
    const { get, library } = await dicomweb();
    const many = Array.from({ length: 40 }, (_, index) =>
      header('2.25.11', `2.25.${index}`, { '00204000': { vr: 'LT', Value: ['x'.repeat(150_000)] } }),
    );
    await library.put(studyMetadataKey('2.25.1'), metadataOf(...many));
    const long = await get('/studies/2.25.1/series/2.25.11/metadata', { accept: 'application/dicom+json' });
    expect([long.status, long.headers.location]).toEqual([
      307,
      'https://stream/studies/2.25.1/series/2.25.11/metadata?GET&accept=application%2Fdicom%2Bjson',
    ]);
    // Compressed it is short.
    const whole = await get('/studies/2.25.1/metadata', { 'accept-encoding': 'gzip, br' });
    expect([whole.status, whole.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(whole.bytes.length).toBeLessThan(MAXIMUM_BUFFERED_BYTES);
    expect((await get('/studies/2.25.1/metadata', { 'accept-encoding': 'gzip;q=0' })).status).toBe(307);
  });

  it.each<[string, number]>([
    ['/studies/2.25.9/metadata', 404],
    ['/studies/2.25.1/series/2.25.99/metadata', 404],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.999', 404],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.999/frames/1', 404],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.111/frames/0', 400],
    ['/studies/2.25.1/series/2.25.11/instances/2.25.111/frames/1,,2', 400],
    ['/studies/..%2F2.25.1/metadata', 400],
    ['/studies/2.25.1%2F..%2F2.25.2/metadata', 400],
    ['/studies/%2e%2e/series', 400],
    ['/studies/2.25.1%00/series', 400],
    ['/studies/x/series', 400],
    ['/studies/%zz/series', 400],
    ['/nothing', 404],
  ])('answers %s with %s', async (path, status) => {
    const { get } = await dicomweb();
    expect((await get(path)).status).toBe(status);
  });

  it.each(['application/dicom+xml', 'multipart/related; type="application/dicom+xml"', 'text/html'])(
    'is not to be had as %s',
    async (accept) => {
      const { get } = await dicomweb();
      expect((await get('/studies', { accept })).status).toBe(406);
      expect((await get('/studies/2.25.1/metadata', { accept })).status).toBe(406);
    },
  );
});
