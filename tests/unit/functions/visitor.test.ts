import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ReportText } from '../../../shared/contract/api.ts';
import { instanceKey, previewKey, seriesSpriteKey } from '../../../shared/contract/names.ts';
import { encodeText, type VR } from '../../../shared/dicom/index.ts';
import { encodeAnimation } from '../../../shared/pixels/raster.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { linksApi, STUDY } from '../../helpers/links-api.ts';

const SPRITE = '0123456789abcdef';

function movingPreview(): Promise<Uint8Array> {
  const frames = [200, 100, 20].map((level) => ({
    width: 16,
    height: 16,
    channels: 1 as const,
    data: new Uint8Array(256).fill(level),
  }));
  return encodeAnimation(frames, { delay: 100, quality: 80 });
}

/** A report of one line that names a patient outside of its content. */
function makeReport(): Uint8Array {
  const text = (tag: number, vr: VR, value: string) => ({ tag, vr, value: encodeText(value, vr) });
  const named = (meaning: string) => ({
    tag: 0x0040a043,
    vr: 'SQ' as const,
    value: [[text(0x00080104, 'LO', meaning)]],
  });
  return makeInstance({
    without: [0x7fe00010, 0x00280010, 0x00280011],
    with: [
      text(0x0040a040, 'CS', 'CONTAINER'),
      named('Report'),
      {
        tag: 0x0040a730,
        vr: 'SQ',
        value: [[text(0x0040a040, 'CS', 'TEXT'), named('Finding'), text(0x0040a160, 'UT', 'A <b>mass</b>')]],
      },
    ],
  });
}

/** A study with a sprite, a preview that moves, a report, an image, and a report that is too long. */
async function opened() {
  const api = await linksApi();
  const { library } = api;
  const ofInstance = (instance: string) => ({ study: STUDY, series: '2.25.2', instance });
  await library.put(seriesSpriteKey(STUDY, '2.25.2', SPRITE), Buffer.from('sprite'));
  await library.put(previewKey(ofInstance('2.25.5')), await movingPreview());
  await library.put(instanceKey(ofInstance('2.25.6')), makeReport());
  await library.put(instanceKey(ofInstance('2.25.3')), makeInstance());
  await library.put(
    instanceKey(ofInstance('2.25.7')),
    Buffer.concat([makeReport(), Buffer.alloc(5_000_000)]),
  );
  return api;
}

describe('what a session shows', () => {
  it('is the summary, the previews and the contact sheet of its study', async () => {
    const { create, cookieOf, call } = await opened();
    const cookies = await cookieOf((await create()).token);
    const study = await call('GET', '/api/study', { cookies });
    expect(study.json).toEqual({ study: STUDY });
    expect(study.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-cache',
    });
    const preview = await call('GET', '/api/previews/2.25.2/2.25.3', { cookies });
    expect([preview.status, preview.headers['content-type'], preview.bytes.toString()]).toEqual([
      200,
      'image/webp',
      `preview of ${STUDY}`,
    ]);
    expect((await call('GET', '/api/contact-sheet', { cookies })).bytes.toString()).toBe(`sheet of ${STUDY}`);
  });

  it('is scrolled through by the sprite of a series', async () => {
    const { create, cookieOf, call } = await opened();
    const cookies = await cookieOf((await create()).token);
    const sprite = await call('GET', `/api/sprites/2.25.2/${SPRITE}`, { cookies });
    expect([sprite.status, sprite.headers['content-type'], sprite.bytes.toString()]).toEqual([
      200,
      'image/webp',
      'sprite',
    ]);
    expect(sprite.headers['cache-control']).toBe('private, no-cache');
  });

  it('stands still where nothing is to move', async () => {
    const { create, cookieOf, call } = await opened();
    const cookies = await cookieOf((await create()).token);
    const path = '/api/previews/2.25.2/2.25.5';
    const [moving, still] = await Promise.all(
      [path, `${path}?still`].map(async (one) => (await call('GET', one, { cookies })).bytes),
    );
    expect((await sharp(moving).metadata()).pages).toBe(3);
    expect((await sharp(still).metadata()).pages).toBeUndefined();
    expect((await sharp(still).stats()).channels[0]?.mean).toBeCloseTo(200, -1);
  });

  it('is read as text where it is a report, and nothing but its content', async () => {
    const { create, cookieOf, call } = await opened();
    const cookies = await cookieOf((await create()).token);
    const report = await call('GET', '/api/reports/2.25.2/2.25.6', { cookies });
    expect(ReportText.parse(report.json)).toEqual({
      lines: [
        { depth: 0, name: 'Report' },
        { depth: 1, name: 'Finding', value: 'A <b>mass</b>' },
      ],
    });
    expect(report.headers['cache-control']).toBe('private, no-cache');
    expect(report.headers['content-type']).toMatch(/^application\/json/);
  });

  it('is sent compressed to who takes it, and not again to who has it', async () => {
    const { create, cookieOf, call } = await opened();
    const cookies = await cookieOf((await create()).token);
    const packed = await call('GET', '/api/study', { cookies, headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    const again = await call('GET', '/api/study', {
      cookies,
      headers: { 'if-none-match': packed.headers.etag },
    });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it.each([
    ['/api/previews/2.25.2/2.25.4', 404],
    ['/api/previews/2.25.2/2.25.9', 404],
    ['/api/previews/..%2F2.25.99/2.25.4', 400],
    ['/api/previews/x/y', 400],
    [`/api/sprites/2.25.9/${SPRITE}`, 404],
    ['/api/sprites/2.25.2/..%2Fsummary', 404],
    [`/api/sprites/x/${SPRITE}`, 400],
    ['/api/reports/2.25.2/2.25.9', 404],
    ['/api/reports/x/y', 400],
    // No report; too long for a page.
    ['/api/reports/2.25.2/2.25.3', 404],
    ['/api/reports/2.25.2/2.25.7', 404],
  ])('is nothing of %s', async (path, status) => {
    const { create, cookieOf, call } = await opened();
    const cookies = await cookieOf((await create()).token);
    expect((await call('GET', path, { cookies })).status).toBe(status);
  });

  it.each([
    '/api/study',
    '/api/contact-sheet',
    '/api/previews/2.25.2/2.25.3',
    `/api/sprites/2.25.2/${SPRITE}`,
    '/api/reports/2.25.2/2.25.6',
  ])('is nothing at %s without a session, or after its end', async (path) => {
    const { create, cookieOf, call, pass } = await opened();
    const { token, link } = await create();
    const cookies = await cookieOf(token);
    expect((await call('GET', path)).status).toBe(401);
    expect((await call('GET', path, { cookies: ['__Host-filmroom=guess'] })).status).toBe(401);
    expect((await call('GET', path, { cookies })).status).toBe(200);
    await call('DELETE', `/links/${link}`);
    expect((await call('GET', path, { cookies })).status).toBe(401);
    const other = await cookieOf((await create()).token);
    pass(15 * 60 + 1);
    expect((await call('GET', path, { cookies: other })).status).toBe(401);
  });

  it('leaves no token, session or passcode in the log', async () => {
    const { create, open, lines } = await opened();
    const { token } = await create({ passcode: 'geheim' });
    const { cookies } = await open(token, 'geheim');
    const session = /=([\w-]{43});/.exec(cookies[0]!)![1]!;
    const logged = JSON.stringify(lines);
    for (const secret of [token, token.slice(26), session, 'geheim']) expect(logged).not.toContain(secret);
  });
});
