import { describe, expect, it } from 'vitest';
import { LOCK_SECONDS, TRIES } from '../../../functions/links/open-link.ts';
import { LinkList, OpenedLink } from '../../../shared/contract/api.ts';
import { DAY, linksApi, PATIENT, STUDY } from '../../helpers/links-api.ts';

describe('a link', () => {
  it('is created with a token that is shown once and stored nowhere', async () => {
    const { create, table, audits } = await linksApi();
    const created = await create({ passcode: '1234', note: 'for Dr. Who' });
    expect(created.token).toMatch(/^[A-Za-z0-9_-]{69}$/);
    expect(created.path).toBe(`/#${created.token}`);
    expect(created.expiresAt).toBe('2026-01-15T00:00:00.000Z');
    expect(table.dump()).not.toContain(created.token);
    expect(table.dump()).not.toContain('1234');
    expect(audits).toMatchObject([
      { kind: 'mint', link: created.link, study: STUDY, patient: PATIENT, identified: false },
    ]);
  });

  it.each([
    [{ study: '2.25.7' }, 404, 'unknown-study'],
    [{ study: STUDY, identified: true }, 403, 'identified-links-only'],
    [{ study: STUDY, expiresInSeconds: 91 * DAY }, 400, 'expires-too-late'],
    [{ study: STUDY, passcode: '123' }, 400, 'invalid-body'],
    [{ study: '../x' }, 400, 'invalid-body'],
    [{}, 400, 'invalid-body'],
  ])('is not created by %j', async (body, status, error) => {
    const { call } = await linksApi();
    const answer = await call('POST', '/links', { body });
    expect([answer.status, answer.json]).toEqual([status, { error }]);
  });

  it('opens a session of minutes that ends with the link at the latest', async () => {
    const { create, open } = await linksApi();
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
    const { create, open, audits } = await linksApi();
    const answer = await open(change((await create()).token));
    expect([answer.status, answer.json, answer.cookies]).toEqual([401, { error: 'unknown-link' }, []]);
    expect(audits.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['mint', undefined],
      ['deny', 'unknown-link'],
    ]);
  });

  it('does not open when it has expired or was revoked, and keeps that it was tried', async () => {
    const { create, open, call, pass, audits } = await linksApi();
    const expiring = await create({ expiresInSeconds: 10 });
    const revoked = await create();
    expect((await call('DELETE', `/links/${revoked.link}`)).status).toBe(204);
    pass(11);
    expect((await open(expiring.token)).json).toEqual({ error: 'expired' });
    expect((await open(revoked.token)).json).toEqual({ error: 'revoked' });
    expect(audits.slice(2).map(({ kind, link, reason }) => [kind, link, reason])).toEqual([
      ['revoke', revoked.link, undefined],
      ['deny', expiring.link, 'expired'],
      ['deny', revoked.link, 'revoked'],
    ]);
    expect((await call('DELETE', '/links/none')).status).toBe(404);
  });

  it('is listed with how often it was opened, never with its token', async () => {
    const { create, open, call, pass } = await linksApi();
    const one = await create({ note: 'n', passcode: 'abcd' });
    pass(1);
    const two = await create();
    await open(two.token);
    await open(two.token);
    const list = await call('GET', `/links?study=${STUDY}`);
    expect(LinkList.parse(list.json).links).toMatchObject([
      { link: two.link, hasPasscode: false, note: null, opened: 2 },
      { link: one.link, hasPasscode: true, note: 'n', opened: 0 },
    ]);
    expect(list.bytes.toString()).not.toContain(one.token);
    expect((await call('GET', '/links?study=2.25.7')).json).toEqual({ links: [], next: null });
    expect((await call('GET', '/links')).json.links).toHaveLength(2);
  });
});

describe('a passcode', () => {
  it('is asked for, and opens the link', async () => {
    const { create, open, audits } = await linksApi();
    const { token } = await create({ passcode: 'geheim' });
    expect((await open(token)).json).toEqual({ error: 'passcode-required' });
    expect((await open(token, 'falsch')).json).toEqual({ error: 'passcode-wrong' });
    expect((await open(token, 'geheim')).status).toBe(200);
    expect(audits.map(({ kind }) => kind)).toEqual(['mint', 'deny', 'deny', 'open']);
  });

  it('has five tries, then the link is locked for a while, to the right one too', async () => {
    const { create, open, pass } = await linksApi();
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
    const { create, open } = await linksApi();
    const { token } = await create({ passcode: 'geheim' });
    const answers = await Promise.all(Array.from({ length: 12 }, () => open(token, 'falsch')));
    const errors = answers.map(({ json }) => json.error).sort();
    expect(errors.filter((error) => error === 'passcode-wrong')).toHaveLength(TRIES);
    expect(errors.filter((error) => error === 'locked')).toHaveLength(12 - TRIES);
  });

  it('has its tries again after it was right', async () => {
    const { create, open } = await linksApi();
    const { token } = await create({ passcode: 'geheim' });
    for (let round = 0; round < 2; round++) {
      for (let attempt = 0; attempt < TRIES - 1; attempt++) await open(token, 'falsch');
      expect((await open(token, 'geheim')).status).toBe(200);
    }
  });
});
