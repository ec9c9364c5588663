import { describe, expect, it } from 'vitest';
import { MAXIMUM_PRIORS, priorsOf } from '../../../functions/links/find-priors.ts';
import { readableName } from '../../../functions/show-grant/person-name.ts';
import { GrantAnswer, LinkList } from '../../../shared/contract/api.ts';
import { complete, ELSEWHERE, LATER, linksApi, PATIENT, PRIOR, STUDY } from '../../helpers/links-api.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';

const NAMED = { patientName: 'Müller^Anna^Maria^Dr.', patientBirthDate: '19500102' };

describe('a grant', () => {
  it('is the study of the link alone, under a pseudonym, unless more was granted', async () => {
    const { create, cookieOf, call, asked, identities } = await linksApi();
    identities.set(STUDY, NAMED);
    const cookies = await cookieOf((await create()).token);
    const answer = await call('GET', '/api/grant', { cookies });
    expect(GrantAnswer.strict().parse(answer.json)).toEqual({
      study: STUDY,
      studies: [
        { studyInstanceUid: STUDY, studyDate: '20250601', studyDescription: 'Thorax', modalities: ['CT'] },
      ],
      identified: false,
      linkExpiresAt: '2026-01-15T00:00:00.000Z',
      sessionExpiresAt: '2026-01-01T00:15:00.000Z',
    });
    expect(answer.headers['cache-control']).toBe('private, no-store');
    expect(asked).toEqual([]);
  });

  it('holds the priors of the patient, which are shown like the study itself, and nothing of anybody else', async () => {
    const { create, cookieOf, call } = await linksApi();
    const cookies = await cookieOf((await create({ priors: true })).token);
    const { json } = await call('GET', '/api/grant', { cookies });
    expect(GrantAnswer.parse(json).studies.map((study) => study.studyInstanceUid)).toEqual([STUDY, PRIOR]);
    const prior = await call('GET', `/api/study?study=${PRIOR}`, { cookies });
    expect(prior.json).toEqual({ study: PRIOR });
    const preview = await call('GET', `/api/previews/2.25.2/2.25.3?study=${PRIOR}`, { cookies });
    expect(preview.bytes.toString()).toBe(`preview of ${PRIOR}`);
    for (const outside of [LATER, ELSEWHERE])
      expect((await call('GET', `/api/study?study=${outside}`, { cookies })).status).toBe(404);
  });

  it('holds at each opening what is there then', async () => {
    const { create, cookieOf, call, index } = await linksApi();
    const { token } = await create({ priors: true });
    const before = await cookieOf(token);
    await complete(index, {
      study: '2.25.1003',
      patient: PATIENT,
      date: '20230101',
      description: '',
      modalities: [],
    });
    const studiesOf = async (cookies: string[]) =>
      (await call('GET', '/api/grant', { cookies })).json.studies.map(
        (study: { studyInstanceUid: string }) => study.studyInstanceUid,
      );
    expect(await studiesOf(before)).toEqual([STUDY, PRIOR]);
    expect(await studiesOf(await cookieOf(token))).toEqual([STUDY, PRIOR, '2.25.1003']);
  });

  it('ends with its link at once', async () => {
    const { create, cookieOf, call } = await linksApi();
    const { token, link } = await create({ identified: true });
    const cookies = await cookieOf(token);
    await call('DELETE', `/links/${link}`);
    expect((await call('GET', '/api/grant', { cookies })).status).toBe(401);
  });

  it('is listed with the link', async () => {
    const { create, call } = await linksApi();
    await create({ priors: true, identified: true });
    const { links } = LinkList.parse((await call('GET', '/links')).json);
    expect(links).toMatchObject([{ priors: true, identified: true }]);
  });
});

describe('an identified link', () => {
  it('shows name and birth date, in an answer that nobody keeps, and says so', async () => {
    const { create, cookieOf, call, identities, asked, lines, table } = await linksApi();
    identities.set(STUDY, NAMED);
    const cookies = await cookieOf((await create({ identified: true })).token);
    const answer = await call('GET', '/api/grant', { cookies });
    expect(answer.json).toMatchObject({
      identified: true,
      patient: { name: 'Müller, Dr. Anna Maria', birthDate: '19500102' },
    });
    expect(answer.headers['cache-control']).toBe('private, no-store');
    expect(asked).toEqual([STUDY]);
    expect(JSON.stringify(lines) + table.dump()).not.toMatch(/Müller|Anna|1950/);
  });

  it('shows nulls where the crosswalk does not know, rather than nothing', async () => {
    const { create, cookieOf, call } = await linksApi();
    const cookies = await cookieOf((await create({ identified: true })).token);
    const { json } = await call('GET', '/api/grant', { cookies });
    expect(GrantAnswer.parse(json).patient).toEqual({ name: null, birthDate: null });
  });

  it('is made by its own route alone, whatever the body says', async () => {
    const { call, table } = await linksApi();
    const refused = await call('POST', '/links', { body: { study: STUDY, identified: true } });
    expect([refused.status, refused.json]).toEqual([403, { error: 'identified-links-only' }]);
    await call('POST', '/identified-links', { body: { study: STUDY, identified: false } });
    expect(table.dump()).toContain('"identified":true');
  });
});

describe('a name', () => {
  it.each([
    ['Müller^Anna^Maria^Prof. Dr.^MD', 'Müller, Prof. Dr. Anna Maria, MD'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎)'],
    ['=山田^太郎', '山田, 太郎'],
    ['Doe', 'Doe'],
    ['^Jane', 'Jane'],
    ['^^^^', null],
    ['', null],
  ])('of %s is %s', (value, expected) => {
    expect(readableName(value)).toBe(expected);
  });
});

describe('a prior', () => {
  const own = { study: STUDY, patient: PATIENT, date: '20250601', description: '', modalities: [] };
  const priors = async (...others: { study: string; date: string; patient?: string }[]) => {
    const index = memoryIndex();
    await complete(index, own);
    for (const other of others) await complete(index, { ...own, ...other });
    return priorsOf(STUDY, index);
  };

  it('is of the same day or earlier, the latest first', async () => {
    expect(
      await priors(
        { study: '2.25.2', date: '20250601' },
        { study: '2.25.3', date: '20250602' },
        { study: '2.25.4', date: '19990101' },
        { study: '2.25.5', date: '20200101' },
      ),
    ).toEqual(['2.25.2', '2.25.5', '2.25.4']);
  });

  it('is none without a date, nor of somebody else', async () => {
    expect(await priors({ study: '2.25.2', date: '' })).toEqual([]);
    expect(await priors({ study: '2.25.2', date: '19990101', patient: 'P2' })).toEqual([]);
  });

  it('is one of fifty at most', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ study: `2.25.${at + 10}`, date: '20240101' }));
    expect(await priors(...many)).toHaveLength(MAXIMUM_PRIORS);
  });
});
