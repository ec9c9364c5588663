import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crossOrigin } from '../../../functions/link-dicomweb/cross-origin.ts';
import { linkDicomwebRoutes } from '../../../functions/link-dicomweb/routes.ts';
import { mintSegment } from '../../../functions/links/mint-segment.ts';
import { instanceKey, studyMetadataKey, studySummaryKey } from '../../../shared/contract/names.ts';
import { answerer } from '../../../shared/runtime/http-handler.ts';
import { SEGMENT_SECONDS, SESSION_COOKIE } from '../../../shared/runtime/link-session.ts';
import { hashToken } from '../../../shared/runtime/secrets.ts';
import type { StreamedAnswer } from '../../../shared/runtime/streaming-handler.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { lambdaContext } from '../../helpers/lambda.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';
import { memoryLinks } from '../../helpers/memory-links.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { recorder } from '../../helpers/recorder.ts';

/** The link's own study, and another of the same patient that it does not grant. */
const [OWN, OTHER, NOWHERE] = ['2.25.1', '2.25.2', '2.25.3'];
const COOKIE = 'a-session';
const now = new Date('2026-03-01T12:00:00.000Z');
const SIDE = 64;
const pixels = new Uint8Array(SIDE * SIDE * 2).map((_, at) => (at % 2 ? 0 : at % 251));

async function visitor(studies: readonly string[] = [OWN]) {
  const library = memoryStore('library');
  const index = memoryIndex();
  for (const study of [OWN, OTHER]) {
    const uids = { study, series: `${study}1`, instance: `${study}11` };
    await library.put(instanceKey(uids), makeInstance({ ...uids, rows: SIDE, columns: SIDE, pixels }));
    const header = {
      '00080018': { vr: 'UI', Value: [uids.instance] },
      '0020000D': { vr: 'UI', Value: [study] },
      '0020000E': { vr: 'UI', Value: [uids.series] },
      '00281201': {
        vr: 'OW',
        BulkDataURI: `series/${uids.series}/instances/${uids.instance}/bulkdata/00281201`,
      },
    };
    await library.put(studyMetadataKey(study), gzipSync(`[${JSON.stringify(header)}]`));
    const instances = [{ sopInstanceUid: uids.instance, bytes: 1 }];
    const summary = { completedAt: '2026', series: [{ seriesInstanceUid: uids.series, instances }] };
    await library.put(studySummaryKey(study), gzipSync(JSON.stringify(summary)));
    await index.markChanged(study, 't', 'P');
    await index.complete(study, 't', {
      completedAt: '2026',
      patientId: 'P',
      series: 1,
      instances: 1,
      bytes: 1,
      attributes: JSON.stringify({
        '00080020': { vr: 'DA', Value: ['20200115'] },
        '00080061': { vr: 'CS', Value: ['MR'] },
        '00100020': { vr: 'LO', Value: ['P'] },
        '0020000D': { vr: 'UI', Value: [study] },
      }),
    });
  }
  const links = memoryLinks();
  const made = { createdAt: '2026-01-01', tokenHash: '', passcode: undefined, note: undefined };
  const grant = { link: 'l', study: OWN, studies, patient: 'P', identified: false };
  await links.create({
    ...made,
    link: 'l',
    study: OWN,
    patient: 'P',
    priors: false,
    identified: false,
    expiresAt: '2026-03-01T12:30:00.000Z',
  });
  await links.openSession(hashToken(COOKIE), { ...grant, expiresAt: '2026-03-01T12:15:00.000Z' });
  const clock = { now };
  const asked: string[] = [];
  const events: string[] = [];
  const routes = linkDicomwebRoutes({
    index: {
      studies: (studies) => {
        asked.push(`rows ${studies.join()}`);
        return index.studies(studies);
      },
    },
    library,
    sessions: { ...links, now: () => clock.now },
    audit: async ({ kind, study, reason }) => void events.push([kind, study, reason].join(' ').trim()),
  });
  const { ports, lines } = recorder();
  const answer = crossOrigin<typeof lambdaContext>(answerer<StreamedAnswer>(routes, ports.log));
  const call = async (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
    cookie = COOKIE,
  ) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    library.requests.length = 0;
    asked.length = 0;
    events.length = 0;
    const cookies = cookie === '' ? [] : [`${SESSION_COOKIE}=${cookie}`];
    const event = { rawPath, rawQueryString, headers, cookies, requestContext: { http: { method } } };
    const { body, ...head } = await answer(event, lambdaContext);
    const pieces: Uint8Array[] = [];
    if (typeof body === 'object' && Symbol.asyncIterator in body)
      for await (const piece of body) pieces.push(piece);
    else if (body instanceof Uint8Array) pieces.push(body);
    else if (body !== undefined)
      pieces.push(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    return {
      ...head,
      headers: head.headers ?? {},
      bytes: Buffer.concat(pieces),
      work: [...library.requests, ...asked],
    };
  };
  const get = (path: string, headers: Record<string, string> = {}) => call(`/api/dicomweb${path}`, headers);
  const mint = async () => (await mintSegment(grant, { links, now: () => clock.now })).root;
  return { call, get, mint, links, clock, lines, events };
}

const place = (study: string) => `/studies/${study}/series/${study}1/instances/${study}11`;
const rowsOf = ({ bytes }: { bytes: Buffer }) => JSON.parse(bytes.toString());
const RETRIEVALS = (study: string) => [
  `/studies/${study}`,
  `/studies/${study}/metadata`,
  `/studies/${study}/thumbnail`,
  `/studies/${study}/series/${study}1`,
  `/studies/${study}/series/${study}1/metadata`,
  `/studies/${study}/series/${study}1/thumbnail`,
  place(study),
  ...[
    'metadata',
    'frames/1',
    'frames/99999',
    'frames/1/rendered',
    'rendered',
    'thumbnail',
    'bulkdata/00281201',
  ].map((resource) => `${place(study)}/${resource}`),
];

describe('who holds a link', () => {
  it('reads its study by every resource', async () => {
    const { get } = await visitor();
    for (const path of RETRIEVALS(OWN).filter((one) => !/thumbnail|99999|bulkdata/.test(one)))
      expect([path, (await get(path)).status]).toEqual([path, 200]);
  });

  it.each<[string, string[]]>([
    ['/studies', [OWN]],
    ['/studies?PatientID=P', [OWN]],
    ['/studies?00100020=P&limit=1', [OWN]],
    ['/studies?PatientID=P&offset=1', []],
    ['/studies?PatientID=Q', []],
    ['/studies?PatientID=*', [OWN]],
    ['/studies?StudyDate=20200101-20201231', [OWN]],
    ['/studies?StudyDate=20210101-', []],
    [`/studies?StudyInstanceUID=${OWN},${OTHER},${NOWHERE}`, [OWN]],
    [`/studies?StudyInstanceUID=${OTHER}`, []],
    ['/series', [OWN]],
    ['/instances?ModalitiesInStudy=MR', [OWN]],
    [`/studies/${OWN}/series`, [OWN]],
    [`/studies/${OTHER}/series`, []],
    [`/studies/${OTHER}/instances`, []],
    [`/studies/${OTHER}/series/${OTHER}1/instances`, []],
  ])('finds by %s %j', async (path, expected) => {
    const { get } = await visitor();
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.warning).toBeUndefined();
    const rows: Record<string, { Value?: string[] }>[] = rowsOf(answer);
    expect(rows.map((row) => row['0020000D']?.Value?.[0] ?? OWN)).toEqual(expected);
  });

  it.each([
    ...RETRIEVALS('X'),
    '/studies/X/series',
    '/studies/X/instances?includefield=all',
    '/studies?StudyInstanceUID=X',
    '/series?StudyInstanceUID=X&limit=1',
  ])('cannot tell a study outside the grant from one that is not: %s', async (path) => {
    const { get, events } = await visitor();
    const asking: Record<string, string>[] = [
      {},
      { accept: 'application/octet-stream' },
      { 'if-none-match': '*' },
      { range: 'bytes=0-9' },
    ];
    for (const headers of asking) {
      const [other, nowhere] = [
        await get(path.replaceAll('X', OTHER), headers),
        await get(path.replaceAll('X', NOWHERE), headers),
      ];
      expect(other).toEqual(nowhere);
      expect(other.work).toEqual([]);
      // Of a query the audit has heard that the link's own study was looked at.
      expect(events).toEqual([path.startsWith('/studies/') ? `deny ${OWN} outside-grant` : `view ${OWN}`]);
      expect([200, 404, 406]).toContain(other.status);
      expect(other.headers.etag).toBeUndefined();
    }
  });

  it('sees the priors that its link grants, among them by their patient, and by a segment too', async () => {
    const { call, get, mint } = await visitor([OWN, OTHER]);
    const root = await mint();
    const uidsOf = (answer: { bytes: Buffer }) =>
      rowsOf(answer).map((row: Record<string, { Value: string[] }>) => row['0020000D']?.Value[0]);
    // Both have one date: the last UID comes first.
    expect(uidsOf(await get('/studies?PatientID=P'))).toEqual([OTHER, OWN]);
    expect(uidsOf(await call(`${root}/studies`, {}, 'GET', ''))).toEqual([OTHER, OWN]);
    expect((await get('/studies?limit=1')).headers.warning).toContain('additional results');
    expect((await get(`${place(OTHER)}/metadata`)).status).toBe(200);
    expect((await get(`/studies/${NOWHERE}/metadata`)).status).toBe(404);
  });

  it('is told to the audit: what was looked at, what was taken away, nothing of who has no session', async () => {
    const { call, get, events } = await visitor([OWN, OTHER]);
    await get(`${place(OTHER)}/frames/1`);
    expect(events).toEqual([`view ${OTHER}`]);
    await get(`/studies/${OWN}`);
    expect(events).toEqual([`view ${OWN}`, `download ${OWN}`]);
    await call('/api/dicomweb/studies', {}, 'GET', 'guessed');
    expect(events).toEqual([]);
  });

  it('does not reach another study by a series or an instance of it', async () => {
    const { get } = await visitor();
    expect((await get(`/studies/${OWN}/series/${OTHER}1/instances/${OTHER}11`)).status).toBe(404);
    expect((await get(`/studies/${OWN}/series/${OTHER}1/metadata`)).status).toBe(404);
  });

  it.each([
    ['/studies/..', 400],
    ['/studies/%2e%2e%2f2.25.2', 400],
    ['/studies/2.25.1%2F..%2F2.25.2/metadata', 400],
    ['/studies/2.25.1/../2.25.2/metadata', 404],
    ['/studies//metadata', 404],
    ['/studies/2.25.1%00/metadata', 400],
    ['/studies/2.25.1%0d%0aset-cookie:%20a=b/metadata', 400],
    ['/studies/%zz/metadata', 400],
    [`/studies/${'1'.repeat(65)}/metadata`, 400],
    ['/studies?PatientID=P&PatientID=Q', 400],
    ['/studies?StudyInstanceUID=..%2F2.25.2', 200],
    ['/studies?limit=-1', 400],
  ])('is refused or finds nothing at %s', async (path, status) => {
    const { get } = await visitor();
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.bytes.toString()).not.toContain('2.25');
    expect(Object.keys(answer.headers)).not.toContain('set-cookie');
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'constructor'])(
    'may not %s',
    async (method) => {
      const { call } = await visitor();
      const answer = await call('/api/dicomweb/studies', {}, method);
      expect([answer.status, answer.work]).toEqual([405, []]);
    },
  );

  it('is shown nothing more once the link is revoked, the session is over, or the cookie is another', async () => {
    const { call, get, links, clock } = await visitor();
    const path = `/api/dicomweb/studies/${OWN}/metadata`;
    for (const cookie of ['', 'guessed', 'x'.repeat(101), hashToken(COOKIE)])
      expect((await call(path, {}, 'GET', cookie)).status).toBe(401);
    clock.now = new Date('2026-03-01T12:15:00.000Z');
    expect((await get(`/studies/${OWN}/metadata`)).status).toBe(401);
    clock.now = now;
    expect((await get(`/studies/${OWN}/metadata`)).status).toBe(200);
    await links.revoke('l', now.toISOString());
    expect((await get(`/studies/${OWN}/metadata`)).status).toBe(401);
    expect((await get('/studies')).status).toBe(401);
  });

  it('is told addresses by the name that was asked, and by none that is no name', async () => {
    const { get } = await visitor();
    const retrieveUrl = async (host: string) =>
      rowsOf(
        await get('/studies', {
          host: 'own.lambda-url',
          'filmroom-host': host,
          'x-forwarded-proto': 'https',
        }),
      )[0]['00081190'].Value[0];
    expect(await retrieveUrl('films.example')).toBe(`https://films.example/api/dicomweb/studies/${OWN}`);
    expect(await retrieveUrl('evil.example/"\r\nx: y')).toBe(`/api/dicomweb/studies/${OWN}`);
    const metadata = rowsOf(await get(`${place(OWN)}/metadata`, { 'filmroom-host': 'films.example' }));
    expect(metadata[0]['00281201'].BulkDataURI).toBe(
      `http://films.example/api/dicomweb${place(OWN)}/bulkdata/00281201`,
    );
  });
});

describe('a segment of the path', () => {
  it('stands for the session from any origin, without a cookie and with every answer', async () => {
    const { call, mint } = await visitor();
    const root = await mint();
    const found = await call(`${root}/studies?PatientID=P`, { origin: 'https://viewer.example' }, 'GET', '');
    expect(rowsOf(found)).toHaveLength(1);
    expect(rowsOf(found)[0]['00081190'].Value[0]).toBe(`${root}/studies/${OWN}`);
    const refused = await call(`/api/s/guess/dicomweb/studies`, {}, 'GET', '');
    expect(refused.status).toBe(401);
    for (const { headers } of [
      found,
      refused,
      await call(`${root}/studies/${OTHER}/metadata`, {}, 'GET', ''),
    ]) {
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
    const preflight = await call(
      `${root}/studies`,
      { 'access-control-request-method': 'GET' },
      'OPTIONS',
      '',
    );
    expect([preflight.status, preflight.headers['access-control-allow-methods'], preflight.work]).toEqual([
      204,
      'GET, HEAD',
      [],
    ]);
  });

  it('lets no origin in where the cookie is what counts', async () => {
    const { get } = await visitor();
    const { headers } = await get('/studies', { origin: 'https://viewer.example' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('lives for minutes, ends with its link, and is kept as a hash', async () => {
    const { call, mint, clock, links } = await visitor();
    const root = await mint();
    expect(links.dump()).not.toContain(root.split('/')[3]);
    const status = async () => (await call(`${root}/studies`, {}, 'GET', '')).status;
    expect(await status()).toBe(200);
    clock.now = new Date(now.getTime() + SEGMENT_SECONDS * 1000);
    expect(await status()).toBe(401);
    clock.now = now;
    await links.revoke('l', now.toISOString());
    expect(await status()).toBe(401);
  });

  it('is no cookie, as a cookie is no segment', async () => {
    const { call, mint } = await visitor();
    const segment = (await mint()).split('/')[3] ?? '';
    for (const forged of [segment, `segment#${hashToken(segment)}`, hashToken(segment)])
      expect((await call('/api/dicomweb/studies', {}, 'GET', forged)).status).toBe(401);
    expect((await call(`/api/s/${COOKIE}/dicomweb/studies`, {}, 'GET', '')).status).toBe(401);
  });

  it('stands in no line of the log', async () => {
    const { call, mint, lines } = await visitor();
    const root = await mint();
    await call(`${root}/studies/${OWN}/metadata`, {}, 'GET', '');
    expect(JSON.stringify(lines)).not.toContain(root.split('/')[3]);
    expect(JSON.stringify(lines)).not.toContain(OWN);
    expect(lines[0]).toMatchObject({
      route: 'GET /api/s/{segment}/dicomweb/studies/{study}/metadata',
      status: 200,
    });
  });
});

describe('a frame', () => {
  const FRAME = `${place(OWN)}/frames/1`;
  const OCTETS = { accept: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' };

  it('costs one read of the library, and comes compressed to who takes that', async () => {
    const { get } = await visitor();
    const plain = await get(FRAME, OCTETS);
    expect([plain.bytes.equals(pixels), plain.work.length, plain.headers.vary]).toEqual([
      true,
      1,
      'accept, accept-encoding',
    ]);
    const packed = await get(FRAME, { ...OCTETS, 'accept-encoding': 'gzip, br' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.length).toBeUndefined();
    expect(packed.bytes.length).toBeLessThan(pixels.length);
    expect(gunzipSync(packed.bytes).equals(pixels)).toBe(true);
    expect(packed.work).toEqual(plain.work);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
  });

  it('is not sent again in the form that is known', async () => {
    const { get } = await visitor();
    const encodings: Record<string, string>[] = [{}, { 'accept-encoding': 'gzip' }];
    for (const encoding of encodings) {
      const { headers } = await get(FRAME, { ...OCTETS, ...encoding });
      const again = await get(FRAME, { ...OCTETS, ...encoding, 'if-none-match': headers.etag ?? '' });
      expect([again.status, again.headers.etag, again.bytes.length]).toEqual([304, headers.etag, 0]);
    }
  });

  it('comes in ranges, of the bytes themselves', async () => {
    const { get } = await visitor();
    const part = await get(FRAME, { ...OCTETS, 'accept-encoding': 'gzip', range: 'bytes=100-199' });
    expect([part.status, part.headers['content-encoding']]).toEqual([206, undefined]);
    expect(part.bytes.equals(Buffer.from(pixels.subarray(100, 200)))).toBe(true);
  });

  it('in a list without end, or none, is refused before anything is read', async () => {
    const { get } = await visitor();
    for (const [list, status] of [
      [`${'1,'.repeat(1_000)}1`, 413],
      ['0', 400],
      ['1,,2', 400],
      ['1e3', 400],
      ['-1', 400],
    ] as const) {
      const answer = await get(`${place(OWN)}/frames/${list}`);
      expect([answer.status, answer.work]).toEqual([status, []]);
    }
  });
});
