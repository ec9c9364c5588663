import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCrosswalk, openIdentities } from '../../../shared/aws/crosswalk.ts';
import { type LinksTable, openLinksTable } from '../../../shared/aws/links-table.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { type LocalAws, startLocalAws } from '../../helpers/local-aws.ts';
import { memoryLinks } from '../../helpers/memory-links.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  await aws.createTable('links', 'byStudy');
  await aws.createTable('crosswalk');
});
afterAll(() => aws.close());

describe.each<[string, () => LinksTable]>([
  ['in memory', memoryLinks],
  ['over the wire', () => openLinksTable('links')],
])('a table of links %s', (_, open) => {
  const row = (study: string, createdAt = '2026-01-01T00:00:00.000Z') => ({
    link: newOpaqueId(),
    study,
    patient: 'P1',
    priors: true,
    identified: false,
    tokenHash: 'h',
    createdAt,
    expiresAt: '2026-02-01T00:00:00.000Z',
    passcode: undefined,
    note: undefined,
  });

  it('keeps a link with all that belongs to it', async () => {
    const links = open();
    const full = { ...row('1.1'), passcode: { salt: Uint8Array.of(1), hash: Uint8Array.of(2) }, note: 'ü' };
    await links.create(full);
    expect(await links.link(full.link)).toEqual({
      ...full,
      revokedAt: undefined,
      lockedUntil: undefined,
      locks: 0,
      opened: 0,
    });
    expect(await links.link('none')).toBeUndefined();
  });

  it('lists the links of a study, and of all studies', async () => {
    const links = open();
    const study = `2.25.${Date.now()}`;
    const [one, two] = [row(study), row(`${study}.1`)];
    await links.create(one);
    await links.create(two);
    const listed = async (of?: string) => (await links.linksOf(of)).links.map(({ link }) => link);
    expect(await listed(study)).toEqual([one.link]);
    expect(await listed()).toEqual(expect.arrayContaining([one.link, two.link]));
  });

  it('lists many links a hundred at a time, each of them once and the last first', async () => {
    const links = open();
    const study = `2.25.${Date.now()}.2`;
    const made = Array.from({ length: 130 }, (_, at) =>
      row(study, new Date(Date.UTC(2026, 0, 1, 0, 0, at >> 1)).toISOString()),
    );
    for (const one of made) await links.create(one);
    for (const of of [study, undefined]) {
      const found: string[] = [];
      let page = await links.linksOf(of);
      for (; page.next; page = await links.linksOf(of, page.next))
        found.push(...page.links.map(({ link }) => link));
      found.push(...page.links.map(({ link }) => link));
      const ours = found.filter((link) => made.some((one) => one.link === link));
      expect(new Set(ours).size).toBe(130);
      expect(ours).toHaveLength(130);
      expect(made.slice(-2).map(({ link }) => link)).toContain(ours[0]);
    }
  });

  it('revokes once, and keeps when', async () => {
    const links = open();
    const one = row('1.2');
    await links.create(one);
    expect(await links.revoke(one.link, '2026-01-05')).toBe(true);
    expect(await links.revoke(one.link, '2026-01-06')).toBe(true);
    expect((await links.link(one.link))?.revokedAt).toBe('2026-01-05');
    expect(await links.revoke('none', '2026')).toBe(false);
    expect(await links.link('none')).toBeUndefined();
  });

  it('counts tries, one for each of those made at once, and none while it is locked', async () => {
    const links = open();
    const one = row('1.3');
    await links.create(one);
    const tries = await Promise.all(
      Array.from({ length: 4 }, () => links.takeTry(one.link, '2026-01-01T00:00')),
    );
    expect(tries.sort()).toEqual([1, 2, 3, 4]);
    const lock = () => links.lock(one.link, '2026-01-01T00:00', '2026-01-01T00:15');
    await Promise.all([lock(), lock(), lock()]);
    expect((await links.link(one.link))?.locks).toBe(1);
    expect(await links.takeTry(one.link, '2026-01-01T00:14')).toBeUndefined();
    expect(await links.takeTry(one.link, '2026-01-01T00:16')).toBe(1);
    expect(await links.countOpened(one.link, '2026-01-01T00:16', 2)).toBe(true);
    expect(await links.takeTry(one.link, '2026-01-01T00:16')).toBe(1);
    expect((await links.link(one.link))?.opened).toBe(1);
    expect(await links.takeTry('none', '2026')).toBeUndefined();
  });

  it('counts openings of a minute, and takes no more than so many', async () => {
    const links = open();
    const one = row('1.5');
    await links.create(one);
    const counted = (minute: string) =>
      Promise.all(Array.from({ length: 5 }, () => links.countOpened(one.link, minute, 3)));
    expect((await counted('2026-01-01T00:16')).filter(Boolean)).toHaveLength(3);
    expect((await counted('2026-01-01T00:17')).filter(Boolean)).toHaveLength(3);
    expect((await links.link(one.link))?.opened).toBe(6);
  });

  it('keeps sessions', async () => {
    const links = open();
    const session = {
      link: 'l',
      study: '1.2',
      studies: ['1.2', '1.1'],
      patient: 'P1',
      identified: true,
      expiresAt: '2026-01-01T00:15:00.000Z',
    };
    await links.openSession('hash', session);
    expect(await links.session('hash')).toEqual(session);
    expect(await links.session('other')).toBeUndefined();
  });
});

describe('the crosswalk', () => {
  it('is written once for each study and never over', async () => {
    const entry = (patientName: string) => ({
      study: '2.25.5',
      patient: 'P',
      original: {
        studyInstanceUid: '1.2',
        patientId: '4711',
        issuerOfPatientId: '',
        patientName,
        patientBirthDate: '19700101',
      },
    });
    await openCrosswalk('crosswalk')(entry('first'));
    await openCrosswalk('crosswalk')(entry('second'));
    const identityOf = openIdentities('crosswalk');
    expect(await identityOf('2.25.5')).toEqual({ patientName: 'first', patientBirthDate: '19700101' });
    expect(await identityOf('2.25.6')).toBeUndefined();
  });

  it('is asked once per container for the slices of a series', async () => {
    let asked = 0;
    const write = openCrosswalk('crosswalk', { putNew: async () => ++asked > 0 });
    const original = {
      studyInstanceUid: '1.2',
      patientId: '',
      issuerOfPatientId: '',
      patientName: '',
      patientBirthDate: '',
    };
    for (let slice = 0; slice < 5; slice++) await write({ study: '2.25.6', patient: 'P', original });
    expect(asked).toBe(1);
  });
});
