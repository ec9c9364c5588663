import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SEGMENT_SECONDS } from '../../../shared/runtime/link-session.ts';
import { hashToken } from '../../../shared/runtime/secrets.ts';
import { COOKIE, now, OTHER, OWN, pixels, place, rowsOf, visitor } from '../../helpers/link-dicomweb.ts';

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
