import { describe, expect, it } from 'vitest';
import { hashToken } from '../../../shared/runtime/secrets.ts';
import { COOKIE, NOWHERE, now, OTHER, OWN, place, rowsOf, visitor } from '../../helpers/link-dicomweb.ts';

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
