import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { LOCK_SECONDS, TRIES } from '../../../functions/links/open-link.ts';
import { staffRoutes } from '../../../functions/links/staff-routes.ts';
import { visitorRoutes } from '../../../functions/links/visitor-routes.ts';
import { CreatedLink, LinkList, OpenedLink, ReportText } from '../../../shared/contract/api.ts';
import {
  contactSheetKey,
  instanceKey,
  previewKey,
  seriesSpriteKey,
  studySummaryKey,
} from '../../../shared/contract/names.ts';
import { encodeText, type VR } from '../../../shared/dicom/index.ts';
import { encodeAnimation } from '../../../shared/pixels/raster.ts';
import { caller } from '../../helpers/http.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { memoryLinks } from '../../helpers/memory-links.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const STUDY = '2.25.1';
const DAY = 86_400;
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

async function links() {
  const table = memoryLinks();
  const library = memoryStore('library');
  await library.put(studySummaryKey(STUDY), gzipSync('{"study":1}'));
  await library.put(contactSheetKey(STUDY), Buffer.from('sheet'));
  await library.put(
    previewKey({ study: STUDY, series: '2.25.2', instance: '2.25.3' }),
    Buffer.from('preview'),
  );
  await library.put(
    previewKey({ study: '2.25.99', series: '2.25.2', instance: '2.25.4' }),
    Buffer.from('another study'),
  );
  const ofInstance = (instance: string) => ({ study: STUDY, series: '2.25.2', instance });
  await library.put(seriesSpriteKey(STUDY, '2.25.2', SPRITE), Buffer.from('sprite'));
  await library.put(previewKey(ofInstance('2.25.5')), await movingPreview());
  await library.put(instanceKey(ofInstance('2.25.6')), makeReport());
  await library.put(instanceKey(ofInstance('2.25.3')), makeInstance());
  await library.put(
    instanceKey(ofInstance('2.25.7')),
    Buffer.concat([makeReport(), Buffer.alloc(5_000_000)]),
  );
  let time = Date.parse('2026-01-01T00:00:00Z');
  const now = () => new Date(time);
  const { call, lines } = caller([
    ...staffRoutes({
      links: table,
      isStudy: async (study) => study === STUDY,
      now,
      defaultSeconds: 14 * DAY,
      maximumSeconds: 90 * DAY,
    }),
    ...visitorRoutes({
      links: table,
      now,
      read: (key) => library.read({ key }),
      readBeginning: (key, length) => library.read({ key }, { start: 0, length }),
    }),
  ]);
  const create = async (more: object = {}) =>
    CreatedLink.parse((await call('POST', '/links', { body: { study: STUDY, ...more } })).json);
  const open = (token: string, passcode?: string) =>
    call('POST', '/api/open', { body: { token, ...(passcode === undefined ? {} : { passcode }) } });
  const cookieOf = async (token: string) => [(await open(token)).cookies[0]!.split(';')[0]!];
  return {
    table,
    call,
    lines,
    create,
    open,
    cookieOf,
    pass: (seconds: number) => {
      time += seconds * 1_000;
    },
  };
}

describe('a link', () => {
  it('is created with a token that is shown once and stored nowhere', async () => {
    const { create, table } = await links();
    const created = await create({ passcode: '1234', note: 'for Dr. Who' });
    expect(created.token).toMatch(/^[A-Za-z0-9_-]{69}$/);
    expect(created.path).toBe(`/#${created.token}`);
    expect(created.expiresAt).toBe('2026-01-15T00:00:00.000Z');
    expect(table.dump()).not.toContain(created.token);
    expect(table.dump()).not.toContain('1234');
    expect(table.audits).toEqual([{ link: created.link, event: 'created' }]);
  });

  it.each([
    [{ study: '2.25.7' }, 404, 'unknown-study'],
    [{ study: STUDY, expiresInSeconds: 91 * DAY }, 400, 'expires-too-late'],
    [{ study: STUDY, passcode: '123' }, 400, 'invalid-body'],
    [{ study: '../x' }, 400, 'invalid-body'],
    [{}, 400, 'invalid-body'],
  ])('is not created by %j', async (body, status, error) => {
    const { call } = await links();
    const answer = await call('POST', '/links', { body });
    expect([answer.status, answer.json]).toEqual([status, { error }]);
  });

  it('opens a session of minutes that ends with the link at the latest', async () => {
    const { create, open } = await links();
    const long = await open((await create()).token);
    expect(long.status).toBe(200);
    expect(long.cookies).toEqual([
      expect.stringMatching(/^__Host-filmroom=[\w-]{43}; .*Secure; HttpOnly; SameSite=Strict$/),
    ]);
    expect(OpenedLink.parse(long.json).sessionExpiresAt).toBe('2026-01-01T00:15:00.000Z');
    const short = await open((await create({ expiresInSeconds: 60 })).token);
    expect(short.json.sessionExpiresAt).toBe('2026-01-01T00:01:00.000Z');
  });

  it.each<[string, (token: string) => string]>([
    ['another', (token) => token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')],
    ['of no link', () => 'x'.repeat(69)],
    ['empty', () => ''],
    ['the id alone', (token) => token.slice(0, 26)],
  ])('does not open with a token that is %s, and says nothing of why', async (_, change) => {
    const { create, open, table } = await links();
    const answer = await open(change((await create()).token));
    expect([answer.status, answer.json, answer.cookies]).toEqual([401, { error: 'unknown-link' }, []]);
    expect(table.audits.map(({ event }) => event)).toEqual(['created']);
  });

  it('does not open when it has expired or was revoked, and keeps that it was tried', async () => {
    const { create, open, call, pass, table } = await links();
    const expiring = await create({ expiresInSeconds: 10 });
    const revoked = await create();
    expect((await call('DELETE', `/links/${revoked.link}`)).status).toBe(204);
    pass(11);
    expect((await open(expiring.token)).json).toEqual({ error: 'expired' });
    expect((await open(revoked.token)).json).toEqual({ error: 'revoked' });
    expect(table.audits.slice(2)).toEqual([
      { link: revoked.link, event: 'revoked' },
      { link: expiring.link, event: 'denied', reason: 'expired' },
      { link: revoked.link, event: 'denied', reason: 'revoked' },
    ]);
    expect((await call('DELETE', '/links/none')).status).toBe(404);
  });

  it('is listed with how often it was opened, never with its token', async () => {
    const { create, open, call } = await links();
    const one = await create({ note: 'n', passcode: 'abcd' });
    const two = await create();
    await open(two.token);
    await open(two.token);
    const list = await call('GET', `/links?study=${STUDY}`);
    expect(LinkList.parse(list.json).links).toMatchObject([
      { link: one.link, hasPasscode: true, note: 'n', opened: 0 },
      { link: two.link, hasPasscode: false, note: null, opened: 2 },
    ]);
    expect(list.bytes.toString()).not.toContain(one.token);
    expect((await call('GET', '/links?study=2.25.7')).json).toEqual({ links: [] });
    expect((await call('GET', '/links')).json.links).toHaveLength(2);
  });
});

describe('a passcode', () => {
  it('is asked for, and opens the link', async () => {
    const { create, open, table } = await links();
    const { token } = await create({ passcode: 'geheim' });
    expect((await open(token)).json).toEqual({ error: 'passcode-required' });
    expect((await open(token, 'falsch')).json).toEqual({ error: 'passcode-wrong' });
    expect((await open(token, 'geheim')).status).toBe(200);
    expect(table.audits.map(({ event }) => event)).toEqual(['created', 'denied', 'denied', 'opened']);
  });

  it('has five tries, then the link is locked for a while, to the right one too', async () => {
    const { create, open, pass } = await links();
    const { token } = await create({ passcode: 'geheim' });
    for (let attempt = 0; attempt < TRIES; attempt++)
      expect((await open(token, 'falsch')).json.error).toBe('passcode-wrong');
    expect((await open(token, 'geheim')).json).toEqual({ error: 'locked' });
    pass(LOCK_SECONDS - 1);
    expect((await open(token, 'geheim')).json).toEqual({ error: 'locked' });
    pass(2);
    expect((await open(token, 'geheim')).status).toBe(200);
  });

  it('has five tries even when they are all made at once', async () => {
    const { create, open } = await links();
    const { token } = await create({ passcode: 'geheim' });
    const answers = await Promise.all(Array.from({ length: 12 }, () => open(token, 'falsch')));
    const errors = answers.map(({ json }) => json.error).sort();
    expect(errors.filter((error) => error === 'passcode-wrong')).toHaveLength(TRIES);
    expect(errors.filter((error) => error === 'locked')).toHaveLength(12 - TRIES);
  });

  it('has its tries again after it was right', async () => {
    const { create, open } = await links();
    const { token } = await create({ passcode: 'geheim' });
    for (let round = 0; round < 2; round++) {
      for (let attempt = 0; attempt < TRIES - 1; attempt++) await open(token, 'falsch');
      expect((await open(token, 'geheim')).status).toBe(200);
    }
  });
});

describe('what a session shows', () => {
  it('is the summary, the previews and the contact sheet of its study', async () => {
    const { create, cookieOf, call } = await links();
    const cookies = await cookieOf((await create()).token);
    const study = await call('GET', '/api/study', { cookies });
    expect(study.json).toEqual({ study: 1 });
    expect(study.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-cache',
    });
    const preview = await call('GET', '/api/previews/2.25.2/2.25.3', { cookies });
    expect([preview.status, preview.headers['content-type'], preview.bytes.toString()]).toEqual([
      200,
      'image/webp',
      'preview',
    ]);
    expect((await call('GET', '/api/contact-sheet', { cookies })).bytes.toString()).toBe('sheet');
  });

  it('is scrolled through by the sprite of a series', async () => {
    const { create, cookieOf, call } = await links();
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
    const { create, cookieOf, call } = await links();
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
    const { create, cookieOf, call } = await links();
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
    const { create, cookieOf, call } = await links();
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
    const { create, cookieOf, call } = await links();
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
    const { create, cookieOf, call, pass } = await links();
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
    const { create, open, lines } = await links();
    const { token } = await create({ passcode: 'geheim' });
    const { cookies } = await open(token, 'geheim');
    const session = /=([\w-]{43});/.exec(cookies[0]!)![1]!;
    const logged = JSON.stringify(lines);
    for (const secret of [token, token.slice(26), session, 'geheim']) expect(logged).not.toContain(secret);
  });
});
