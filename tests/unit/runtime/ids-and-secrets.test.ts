import { describe, expect, it } from 'vitest';
import { OPAQUE_ID } from '../../../shared/contract/names.ts';
import {
  askedStudy,
  checkSession,
  type SessionPorts,
  sessionCookieOf,
  setSessionCookie,
} from '../../../shared/runtime/link-session.ts';
import { itemIdOf, newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { readConfig, wholeNumber } from '../../../shared/runtime/read-config.ts';
import {
  hashPasscode,
  hashToken,
  isPasscode,
  isSameHash,
  newToken,
} from '../../../shared/runtime/secrets.ts';

describe('an opaque id', () => {
  it('has the form that the contract names, and another value each time', () => {
    const ids = Array.from({ length: 200 }, newOpaqueId);
    for (const id of ids) expect(id).toMatch(OPAQUE_ID);
    expect(new Set(ids).size).toBe(200);
  });

  it('is the same for the same version of the same key, and for no other', () => {
    const id = itemIdOf('uploads/x/a.dcm', 'v1');
    expect(id).toMatch(OPAQUE_ID);
    expect(itemIdOf('uploads/x/a.dcm', 'v1')).toBe(id);
    const others = [
      itemIdOf('uploads/x/a.dcm', 'v2'),
      itemIdOf('uploads/x/b.dcm', 'v1'),
      itemIdOf('uploads/x/a.dcmv', '1'),
    ];
    expect(others).not.toContain(id);
  });
});

describe('a passcode', () => {
  it('is known again, in either normal form, and no other one is', async () => {
    const hash = await hashPasscode('Zürich');
    expect(await isPasscode('Zürich', hash)).toBe(true);
    expect(await isPasscode('Zu\u0308rich', hash)).toBe(true);
    expect(await isPasscode('zürich', hash)).toBe(false);
    expect(Buffer.from((await hashPasscode('Zürich')).hash)).not.toEqual(Buffer.from(hash.hash));
  });
});

describe('a token', () => {
  it('has 256 bits and is compared by its hash', () => {
    const token = newToken();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(isSameHash(hashToken(token), hashToken(token))).toBe(true);
    expect(isSameHash(hashToken(token), hashToken(newToken()))).toBe(false);
    expect(isSameHash(hashToken(token), 'short')).toBe(false);
  });
});

const GRANT = { link: 'l', study: '1.2', studies: ['1.2', '1.1'], patient: 'P1', identified: false };

describe('a session', () => {
  const cookie = newToken();
  const now = new Date('2026-01-01T12:00:00Z');
  const later = '2026-01-01T12:10:00.000Z';
  const earlier = '2026-01-01T11:59:59.000Z';
  const ports = (session: object | undefined, link: object | undefined): SessionPorts => ({
    session: async (hash) =>
      hash === hashToken(cookie) && session ? { ...GRANT, expiresAt: later, ...session } : undefined,
    link: async (id) =>
      id === 'l' && link ? { expiresAt: later, revokedAt: undefined, ...link } : undefined,
    now: () => now,
  });

  it('is good for its study while it and its link last', async () => {
    expect(await checkSession(cookie, ports({}, {}))).toEqual({
      ...GRANT,
      session: hashToken(cookie),
      expiresAt: later,
      linkExpiresAt: later,
    });
  });

  it.each<[string, string | undefined, object | undefined, object | undefined]>([
    ['there is no cookie', undefined, {}, {}],
    ['the cookie is another', newToken(), {}, {}],
    ['it has expired', cookie, { expiresAt: earlier }, {}],
    ['its link has expired', cookie, {}, { expiresAt: earlier }],
    ['its link was revoked', cookie, {}, { revokedAt: earlier }],
    ['its link is gone', cookie, {}, undefined],
  ])('is no good when %s', async (_, given, session, link) => {
    expect(await checkSession(given, ports(session, link))).toBeUndefined();
  });

  it('travels in a cookie that scripts, other hosts and other sites never see', () => {
    const set = setSessionCookie('abc');
    expect(set).toMatch(/^__Host-filmroom=abc; Path=\/; Max-Age=900; Secure; HttpOnly; SameSite=Strict$/);
    expect(sessionCookieOf(['a=1', '__Host-filmroom=abc'])).toBe('abc');
    expect(sessionCookieOf(['filmroom=abc'])).toBeUndefined();
  });
});

describe('the study that is asked for', () => {
  it('is the own one of the link, or another of its grant', () => {
    expect(askedStudy(GRANT, new URLSearchParams(''))).toBe('1.2');
    expect(askedStudy(GRANT, new URLSearchParams('study=1.1'))).toBe('1.1');
    expect(askedStudy(GRANT, new URLSearchParams('study=1%2E1'))).toBe('1.1');
  });

  it.each([
    'study=1.3',
    'study=',
    'study=1.1&study=1.2',
    'study=1.2&study=1.3',
    'study=1.1,1.2',
    'study=1.1/',
    'study=%31.1%00',
  ])('is not found at %s', (query) => {
    expect(() => askedStudy(GRANT, new URLSearchParams(query))).toThrow('404 not-found');
  });
});

describe('the configuration', () => {
  it('is what the contract lists for the function', () => {
    const environment = { VAULT_BUCKET: 'v', LEDGER_TABLE: 'l', UNPACK_QUEUE_URL: 'q', OTHER: 'x' };
    expect(readConfig('unpack', environment)).toEqual({
      vaultBucket: 'v',
      ledgerTable: 'l',
      unpackQueueUrl: 'q',
    });
  });

  it('fails at once, naming what is missing', () => {
    expect(() => readConfig('unpack', { VAULT_BUCKET: '' })).toThrow(
      'the environment of unpack lacks VAULT_BUCKET, LEDGER_TABLE, UNPACK_QUEUE_URL',
    );
  });

  it('takes whole numbers only', () => {
    expect(wholeNumber('quietSeconds', '30')).toBe(30);
    for (const text of ['', '-1', '1.5', '1e3', 'x'])
      expect(() => wholeNumber('quietSeconds', text)).toThrow('QUIET_SECONDS');
  });
});
