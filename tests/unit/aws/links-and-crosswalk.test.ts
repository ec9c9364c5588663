import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCrosswalk, openIdentities } from '../../../shared/aws/crosswalk.ts';
import { type LinksTable, openLinksTable } from '../../../shared/aws/links-table.ts';
import { openTable } from '../../../shared/aws/table.ts';
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

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}
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
    expect((await all(links.linksOf(study))).map(({ link }) => link)).toEqual([one.link]);
    expect((await all(links.linksOf(undefined))).map(({ link }) => link)).toEqual(
      expect.arrayContaining([one.link, two.link]),
    );
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
    await links.lock(one.link, '2026-01-01T00:15');
    expect(await links.takeTry(one.link, '2026-01-01T00:14')).toBeUndefined();
    expect(await links.takeTry(one.link, '2026-01-01T00:16')).toBe(1);
    await links.countOpened(one.link);
    expect(await links.takeTry(one.link, '2026-01-01T00:16')).toBe(1);
    expect((await links.link(one.link))?.opened).toBe(1);
    expect(await links.takeTry('none', '2026')).toBeUndefined();
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

describe('the audit of a link', () => {
  it('keeps every event, in order, beside the link', async () => {
    const links = openLinksTable('links');
    for (const event of ['created', 'opened', 'opened'] as const)
      await links.audit('audited', event, { run: 'r' });
    await links.audit('audited', 'denied', { reason: 'locked', run: 'r' });
    const { rows } = await openTable('links').page({
      KeyConditionExpression: 'pk = :pk',
      values: { ':pk': 'link#audited' },
    });
    expect(rows.map((row) => row.text('event'))).toEqual(['created', 'opened', 'opened', 'denied']);
    expect(rows.at(-1)?.text('reason')).toBe('locked');
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
