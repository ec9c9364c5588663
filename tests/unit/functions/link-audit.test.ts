import { describe, expect, it } from 'vitest';
import { linksApi, PRIOR, STUDY } from '../../helpers/links-api.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const ROUTES = [
  '/api/study',
  '/api/grant',
  '/api/contact-sheet',
  '/api/previews/2.25.2/2.25.3',
  '/api/sprites/2.25.2/0123456789abcdef',
  '/api/reports/2.25.2/2.25.3',
];

describe('the audit', () => {
  it('comes before what it is about: what cannot be kept is not handed out', async () => {
    const { create, cookieOf, call, open, loseAudit, table, asked } = await linksApi();
    const { token, link } = await create({ identified: true });
    const cookies = await cookieOf(token);
    loseAudit();
    const before = table.dump();
    for (const path of ROUTES) expect((await call('GET', path, { cookies })).status).toBe(500);
    expect(asked).toEqual([]);
    const opening = await open(token);
    expect([opening.status, opening.cookies]).toEqual([500, []]);
    expect((await call('POST', '/links', { body: { study: STUDY } })).status).toBe(500);
    expect(
      (await call('POST', '/api/printed', { headers: JSON_BODY, cookies, body: { pages: 1 } })).status,
    ).toBe(500);
    expect(table.dump().replace(/"opened":\d+/g, '')).toBe(before.replace(/"opened":\d+/g, ''));
    // A link is closed all the same.
    await call('DELETE', `/links/${link}`);
    expect(table.dump()).toContain('"revokedAt":"2026');
  });

  it('says of a whole visit what was done, and no more than that', async () => {
    const { create, cookieOf, call, audits } = await linksApi();
    const { token, link } = await create({ priors: true, identified: true });
    const cookies = await cookieOf(token);
    for (let time = 0; time < 3; time++) {
      await call('GET', '/api/grant', { cookies });
      await call('GET', `/api/previews/2.25.2/2.25.3`, { cookies });
      await call('GET', `/api/study?study=${PRIOR}`, { cookies });
    }
    await call('POST', '/api/printed', { headers: JSON_BODY, cookies, body: { pages: 2 } });
    await call('DELETE', `/links/${link}`);
    const kinds = [
      ...new Set(audits.map(({ kind, study, identified }) => `${kind} ${study} ${identified ?? ''}`)),
    ];
    expect(kinds).toEqual([
      `mint ${STUDY} true`,
      `open ${STUDY} true`,
      `view ${STUDY} true`,
      `view ${STUDY} `,
      `view ${PRIOR} `,
      `print ${STUDY} `,
      `revoke ${STUDY} `,
    ]);
  });
});
