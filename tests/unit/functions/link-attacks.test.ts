import { describe, expect, it } from 'vitest';
import {
  LOCK_SECONDS,
  LONGEST_LOCK_SECONDS,
  OPENINGS_A_MINUTE,
  TRIES,
} from '../../../functions/links/open-link.ts';
import { ELSEWHERE, LATER, linksApi, STUDY } from '../../helpers/links-api.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const ROUTES = [
  '/api/study',
  '/api/grant',
  '/api/contact-sheet',
  '/api/previews/2.25.2/2.25.3',
  '/api/sprites/2.25.2/0123456789abcdef',
  '/api/reports/2.25.2/2.25.3',
];
const OF_A_STUDY = ROUTES.filter((path) => path !== '/api/grant');

describe('a token', () => {
  it.each<[string, (token: string) => string]>([
    ['cut short', (token) => token.slice(0, -1)],
    ['cut to its id', (token) => token.slice(0, 26)],
    ['with more behind it', (token) => `${token}A`],
    ['in other letters', (token) => token.toUpperCase()],
    ['with the secret of another link', (token) => token.slice(0, 26) + 'A'.repeat(43)],
    ['with the id of another link', (token) => '0'.repeat(26) + token.slice(26)],
    ['with a blank', (token) => ` ${token}`],
    ['with an end of line', (token) => `${token}\r\nset-cookie: a=b`],
    ['of another key of the table', () => 'listed'],
    ['that is empty', () => ''],
  ])('%s opens nothing, and the answer says no more than that', async (_, change) => {
    const { create, open } = await linksApi();
    const answer = await open(change((await create()).token));
    expect([answer.status, answer.json, answer.cookies]).toEqual([401, { error: 'unknown-link' }, []]);
  });

  it('of no link costs what a wrong one of a link costs: a read, a comparison, an event', async () => {
    const { create, open, audits, table } = await linksApi();
    const { token, link } = await create();
    const reads: string[] = [];
    const read = table.link;
    Object.assign(table, {
      link: async (id: string) => {
        reads.push(id);
        return read(id);
      },
    });
    const answers = [
      await open(`${link}${'A'.repeat(43)}`),
      await open(`${'0'.repeat(26)}${token.slice(26)}`),
    ];
    expect(reads).toHaveLength(2);
    expect(audits.slice(1).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['deny', 'unknown-link'],
      ['deny', 'unknown-link'],
    ]);
    expect(answers[0]?.bytes).toEqual(answers[1]?.bytes);
    expect(answers[0]?.headers).toEqual(answers[1]?.headers);
  });

  it.each([
    ['a number', { token: 1 }],
    ['an array', { token: ['a'] }],
    ['an object', { token: { $ne: '' } }],
    ['too long', { token: 'a'.repeat(201) }],
    ['absent', {}],
    ['with a passcode too long to be hashed', { token: 'a', passcode: 'b'.repeat(65) }],
  ])('that is %s is no request', async (_, body) => {
    const { call } = await linksApi();
    const answer = await call('POST', '/api/open', { headers: JSON_BODY, body });
    expect([answer.status, answer.json]).toEqual([400, { error: 'invalid-body' }]);
  });
});

describe('a passcode', () => {
  it('costs twice the time at each lock, so that ninety days are too few for four digits', async () => {
    const { create, open, pass } = await linksApi();
    const { token } = await create({ passcode: '4711', expiresInSeconds: 89 * 86_400 });
    const locks: number[] = [];
    for (let round = 0; round < 9; round++) {
      for (let attempt = 0; attempt < TRIES; attempt++) await open(token, '0000');
      let waited = 0;
      for (; (await open(token, '0000')).json.error === 'locked'; waited += LOCK_SECONDS)
        pass(LOCK_SECONDS + 1);
      locks.push(waited);
      // The one that was let in took a try: the next round has the others.
      for (let attempt = 1; attempt < TRIES; attempt++) await open(token, '0000');
      pass(LONGEST_LOCK_SECONDS + 1);
    }
    expect(locks[0]).toBe(LOCK_SECONDS);
    expect(locks.at(-1)).toBeGreaterThan(23 * 3600);
  }, 60_000);

  it('that is right is not said to be so while the link is locked', async () => {
    const { create, open } = await linksApi();
    const { token } = await create({ passcode: '4711' });
    await Promise.all(Array.from({ length: 20 }, () => open(token, '0000')));
    expect((await open(token, '4711')).json).toEqual({ error: 'locked' });
  });
});

describe('openings of one link', () => {
  it('are so many a minute, and no more, also with the right token', async () => {
    const { create, open, pass, audits } = await linksApi();
    const { token } = await create();
    const answers = await Promise.all(Array.from({ length: OPENINGS_A_MINUTE + 5 }, () => open(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(OPENINGS_A_MINUTE);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
    expect(audits.filter(({ reason }) => reason === 'too-many-openings')).toHaveLength(5);
    pass(60);
    expect((await open(token)).status).toBe(200);
  });
});

describe('another study', () => {
  const NOTHING = '2.25.404';

  it.each(OF_A_STUDY)('is at %s what does not exist, whether it exists or not', async (path) => {
    const { create, cookieOf, call } = await linksApi();
    const cookies = await cookieOf((await create({ priors: true })).token);
    const ask = async (query: string) => {
      const { status, bytes, headers } = await call('GET', `${path}?${query}`, { cookies });
      return { status, body: bytes.toString(), headers };
    };
    const absent = await ask(`study=${NOTHING}`);
    expect(absent.status).toBe(404);
    for (const query of [
      `study=${ELSEWHERE}`,
      `study=${LATER}`,
      `study=${STUDY}&study=${ELSEWHERE}`,
      `study=${ELSEWHERE}&study=${STUDY}`,
      `study=${STUDY}&study=${STUDY}`,
      `study=${ELSEWHERE}%00`,
      `study=${STUDY}/../${ELSEWHERE}`,
      `study=${STUDY}%2F..%2F${ELSEWHERE}`,
      `study=${STUDY},${ELSEWHERE}`,
      `study=${STUDY}%0d%0aset-cookie:a=b`,
      'study=',
      'study',
      'study=*',
      `%73tudy=${ELSEWHERE}`,
      `study=${encodeURIComponent(ELSEWHERE).replaceAll('.', '%2E')}`,
    ])
      expect([query, await ask(query)]).toEqual([query, absent]);
  });

  it.each(['study[]', 'study[0]', 'Study', 'STUDY', 'StudyInstanceUID', '0020000D'])(
    'is not meant by %s: the own one is shown',
    async (name) => {
      const { create, cookieOf, call } = await linksApi();
      const cookies = await cookieOf((await create()).token);
      const answer = await call('GET', `/api/study?${name}=${ELSEWHERE}`, { cookies });
      expect(answer.json).toEqual({ study: STUDY });
    },
  );

  it.each([
    `/api/previews/2.25.2/..%2F..%2F${ELSEWHERE}%2F2.25.2%2F2.25.4`,
    `/api/previews/..%2f${ELSEWHERE}%2f2.25.2/2.25.4`,
    '/api/previews/%2e%2e/2.25.4',
    '/api/previews/2.25.2/2.25.4%00',
    '/api/previews/2.25.2/%ff',
    `/api/sprites/..%2F..%2F${ELSEWHERE}/0123456789abcdef`,
    '/api/reports/2.25.2/2.25.4%2F..',
    `/api/study/../../studies/${ELSEWHERE}/summary.json.gz`,
    '/api//study',
    `/api/study;study=${ELSEWHERE}`,
  ])('is not reached by the path %s', async (path) => {
    const { create, cookieOf, call } = await linksApi();
    const cookies = await cookieOf((await create()).token);
    const { status, bytes } = await call('GET', path, { cookies });
    expect([400, 404]).toContain(status);
    expect(bytes.toString()).toMatch(/^\{"error":"[a-z-]+"\}$/);
  });

  it('that was asked for is kept once a session', async () => {
    const { create, cookieOf, call, audits } = await linksApi();
    const cookies = await cookieOf((await create()).token);
    await call('GET', `/api/study?study=${ELSEWHERE}`, { cookies });
    expect(audits.at(-1)).toMatchObject({ kind: 'deny', reason: 'outside-grant', study: STUDY });
    expect(JSON.stringify(audits)).not.toContain(ELSEWHERE);
  });
});

describe('a session', () => {
  it('is never the one that was brought along', async () => {
    const { create, open, call } = await linksApi();
    const { token } = await create();
    const first = await open(token);
    const planted = first.cookies[0]!.split(';')[0]!;
    const again = await call('POST', '/api/open', {
      headers: JSON_BODY,
      cookies: [planted],
      body: { token },
    });
    expect(again.cookies[0]!.split(';')[0]).not.toBe(planted);
    const fixed = ['__Host-filmroom=fixed'];
    await call('POST', '/api/open', { headers: JSON_BODY, cookies: fixed, body: { token } });
    expect((await call('GET', '/api/study', { cookies: fixed })).status).toBe(401);
  });

  it('goes on as its page stays open, which is no opening, costs no try and ends with the link', async () => {
    const { create, open, call, pass, audits, table } = await linksApi();
    const { token, link } = await create({ passcode: '4711', expiresInSeconds: 20 * 60 });
    const cookies = [(await open(token, '4711')).cookies[0]!.split(';')[0]!];
    const renew = () =>
      call('POST', '/api/open', { headers: JSON_BODY, cookies, body: { token, renew: true } });
    pass(14 * 60);
    // Guesses that lock the link meanwhile close nothing that is open.
    for (let guess = 0; guess < TRIES; guess++) await open(token, '0000');
    const renewed = await renew();
    expect([renewed.status, renewed.cookies[0]?.split(';')[0]]).toEqual([200, cookies[0]]);
    expect(renewed.json.sessionExpiresAt).toBe('2026-01-01T00:20:00.000Z');
    pass(5 * 60);
    expect((await call('GET', '/api/study', { cookies })).status).toBe(200);
    expect(audits.map(({ kind }) => kind).filter((kind) => kind !== 'deny')).toEqual([
      'mint',
      'open',
      'renew',
      'view',
    ]);
    expect((await table.link(link))?.opened).toBe(1);
    pass(60);
    expect((await call('GET', '/api/study', { cookies })).status).toBe(401);
    expect((await renew()).json).toEqual({ error: 'expired' });
  });

  it.each<[string, (made: { own: string; other: string }) => string[]]>([
    ['none', () => []],
    ['one of another link', ({ other }) => [other]],
    ['one that was made up', () => ['__Host-filmroom=fixed']],
    ['two at once', ({ own, other }) => [own, other]],
  ])('does not go on by %s: the passcode is asked for as ever', async (_, choose) => {
    const { create, open, call, cookieOf } = await linksApi();
    const [other = ''] = await cookieOf((await create({ study: ELSEWHERE })).token);
    const { token } = await create({ passcode: '4711' });
    const own = (await open(token, '4711')).cookies[0]!.split(';')[0]!;
    const cookies = choose({ own, other });
    const answer = await call('POST', '/api/open', {
      headers: JSON_BODY,
      cookies,
      body: { token, renew: true },
    });
    expect([answer.status, answer.json]).toEqual([401, { error: 'passcode-required' }]);
  });

  it('of one link shows nothing of another, whose cookie a page may find in its place', async () => {
    const { create, cookieOf, call } = await linksApi();
    const one = await cookieOf((await create()).token);
    const other = await cookieOf((await create({ study: ELSEWHERE })).token);
    expect((await call('GET', `/api/study?study=${STUDY}`, { cookies: other })).status).toBe(404);
    expect((await call('GET', `/api/study?study=${STUDY}`, { cookies: one })).status).toBe(200);
  });

  it('is none where two cookies of its name are there, or one of another name', async () => {
    const { create, cookieOf, call } = await linksApi();
    const [good = ''] = await cookieOf((await create()).token);
    const value = good.slice(good.indexOf('=') + 1);
    for (const cookies of [
      [good, '__Host-filmroom=tossed'],
      ['__Host-filmroom=tossed', good],
      [`filmroom=${value}`],
      [`__host-filmroom=${value}`],
      [` __Host-filmroom=${value}`],
      [`__Host-filmroom="${value}"`],
    ])
      expect([cookies, (await call('GET', '/api/study', { cookies })).status]).toEqual([cookies, 401]);
  });

  it.each(ROUTES)('ends for %s when its link is revoked, expires, or its minutes are over', async (path) => {
    for (const end of ['revoked', 'link', 'minutes']) {
      const { create, cookieOf, call, pass } = await linksApi();
      const { token, link } = await create({ expiresInSeconds: end === 'link' ? 60 : 86_400 });
      const cookies = await cookieOf(token);
      expect((await call('GET', path, { cookies })).status).not.toBe(401);
      if (end === 'revoked') await call('DELETE', `/links/${link}`);
      else pass(end === 'link' ? 61 : 15 * 60 + 1);
      expect([end, (await call('GET', path, { cookies })).status]).toEqual([end, 401]);
    }
  });
});

describe('a request from elsewhere', () => {
  const POSTS = [
    ['/api/open', { token: 'a' }],
    ['/api/printed', { pages: 1 }],
    ['/api/segment', {}],
  ] as const;

  it.each(POSTS)('%s is refused as another site sends it', async (path, body) => {
    const { call, audits } = await linksApi();
    for (const site of ['cross-site', 'same-site', 'none']) {
      const headers = { ...JSON_BODY, 'sec-fetch-site': site, origin: 'https://evil.example' };
      expect((await call('POST', path, { headers, body })).json).toEqual({ error: 'cross-site' });
    }
    expect(audits).toEqual([]);
  });

  it.each(POSTS)('%s is refused as a form of any page can send it', async (path, body) => {
    const { call } = await linksApi();
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'text/plain; application/json',
    ])
      expect((await call('POST', path, { headers: { 'content-type': type }, body })).status).toBe(415);
  });

  it('is answered as the page sends it', async () => {
    const { create, call } = await linksApi();
    const { token } = await create();
    const headers = { 'content-type': 'application/json; charset=utf-8', 'sec-fetch-site': 'same-origin' };
    expect((await call('POST', '/api/open', { headers, body: { token } })).status).toBe(200);
  });
});
