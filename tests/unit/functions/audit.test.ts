import { describe, expect, it } from 'vitest';
import { MOST_EVENTS, readAuditRoutes } from '../../../functions/read-audit/routes.ts';
import { openAudit } from '../../../shared/aws/audit-log.ts';
import type { Link } from '../../../shared/aws/links-table.ts';
import { readAudit } from '../../../shared/aws/read-audit.ts';
import { AUDIT_KINDS, type AuditFacts, type AuditKind } from '../../../shared/contract/audit.ts';
import { auditRow } from '../../../shared/contract/audit-row.ts';
import { fhirAuditEvent } from '../../../shared/contract/fhir-audit-event.ts';
import { balpFaults, R4AuditEvent } from '../../helpers/balp.ts';
import { caller } from '../../helpers/http.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const FACTS = { link: 'l1', study: '2.25.1', patient: 'P1', run: 'r', address: '198.51.100.7' };
const at = new Date('2026-01-01T00:00:00Z');
const factsOf = (kind: AuditFacts['kind']): AuditFacts => ({
  ...FACTS,
  kind,
  ...(kind === 'mint' || kind === 'revoke' ? { staff: 'aws:AIDA' } : { session: 's1' }),
  ...(kind === 'deny' ? { reason: 'expired' } : {}),
});

describe('an event of the audit', () => {
  it.each(AUDIT_KINDS)('%s is an AuditEvent of FHIR R4, and of the pattern of BALP that it names', (kind) => {
    const event = R4AuditEvent.parse(fhirAuditEvent(factsOf(kind), 'links', at));
    expect(balpFaults(event)).toEqual([]);
    expect(event.meta !== undefined).toBe(!['open', 'renew', 'deny'].includes(kind));
    expect(event.outcome).toBe(kind === 'deny' ? '8' : '0');
  });

  it('says of whom, of what, by whom, from where and how it ended', () => {
    const row = auditRow(fhirAuditEvent({ ...factsOf('view'), identified: true }, 'render', at));
    expect(row).toEqual({
      recorded: '2026-01-01T00:00:00.000Z',
      kind: 'view',
      study: '2.25.1',
      link: 'l1',
      session: 's1',
      staff: null,
      address: '198.51.100.7',
      identified: true,
      reason: null,
    });
    expect(auditRow(fhirAuditEvent(factsOf('deny'), 'links', at)).reason).toBe('expired');
    expect(auditRow(fhirAuditEvent(factsOf('mint'), 'links', at)).staff).toBe('aws:AIDA');
  });

  it('is whole without a link: a token that belongs to none was refused', () => {
    const event = fhirAuditEvent({ kind: 'deny', reason: 'unknown-link', run: 'r' }, 'links', at);
    expect(R4AuditEvent.parse(event).entity[0]?.what.display).toBe('a token that belongs to no link');
  });
});

describe('the audit', () => {
  const opened = () => {
    const store = memoryStore('audit');
    return { store, audit: openAudit('audit', 'links', { store, now: () => at }) };
  };

  it('keeps what happens each time it happens, and a first look once a session and study', async () => {
    const { store, audit } = opened();
    for (let time = 0; time < 3; time++) {
      await audit(factsOf('open'));
      await audit(factsOf('view'));
      await audit({ ...factsOf('view'), session: 's2' });
      await audit({ ...factsOf('view'), study: '2.25.2' });
      await audit({ ...factsOf('view'), identified: true });
      await audit({ ...factsOf('deny'), reason: 'outside-grant' });
    }
    const kinds = (await readAudit('audit', { patient: 'P1', link: 'l1' }, store)).map(
      (event) => auditRow(event).kind,
    );
    expect(kinds.filter((kind) => kind === 'open')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'view')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'deny')).toHaveLength(1);
    expect(store.requests.filter((request) => request.startsWith('put '))).toHaveLength(8);
  });

  it('is asked once for what is looked at many times at once, and by another container never changes what stands', async () => {
    const { store, audit } = opened();
    await Promise.all(Array.from({ length: 20 }, () => audit(factsOf('view'))));
    await openAudit('audit', 'render', { store, now: () => new Date('2027-01-01') })(factsOf('view'));
    const events = await readAudit('audit', { patient: 'P1', study: '2.25.1' }, store);
    expect(events.map(({ recorded, source }) => [recorded, source.observer.identifier?.value])).toEqual([
      [at.toISOString(), 'links'],
    ]);
  });

  it('fails where it cannot be kept, and tries again at the next look', async () => {
    const { store } = opened();
    let isDown = true;
    const put: typeof store.put = async (...args) => {
      if (isDown) throw new Error('down');
      return store.put(...args);
    };
    const audit = openAudit('audit', 'links', { store: { put }, now: () => at });
    await expect(audit(factsOf('view'))).rejects.toThrow('down');
    isDown = false;
    await audit(factsOf('view'));
    expect(await readAudit('audit', { patient: 'P1', link: 'l1' }, store)).toHaveLength(1);
  });

  it('finds a study through whichever link, a link over all its studies, and nobody’s tokens', async () => {
    const { store, audit } = opened();
    await audit({ ...factsOf('view'), link: 'l2' });
    await audit({ ...factsOf('view'), study: '2.25.2' });
    await audit({ ...factsOf('view'), patient: 'P2', study: '2.25.3', link: 'l3' });
    await audit({ kind: 'deny', reason: 'unknown-link', run: 'r' });
    const found = async (scope: Parameters<typeof readAudit>[1]) =>
      (await readAudit('audit', scope, store)).map((event) => {
        const { study, link } = auditRow(event);
        return `${study} ${link}`;
      });
    expect(await found({ patient: 'P1', study: '2.25.1' })).toEqual(['2.25.1 l2']);
    expect(await found({ patient: 'P1', link: 'l1' })).toEqual(['2.25.2 l1']);
    expect(await found('nobody')).toEqual(['null null']);
  });
});

describe('what staff are shown of a link', () => {
  const LINK = '0123456789abcdefghjkmnpqrs';
  const shown = async () => {
    const store = memoryStore('audit');
    const audit = openAudit('audit', 'links', { store, now: () => at });
    const { call } = caller(
      readAuditRoutes({
        links: { link: async (id) => (id === LINK ? ({ link: LINK, patient: 'P1' } as Link) : undefined) },
        read: (scope, most) => readAudit('audit', scope, store, most),
      }),
    );
    return { audit, call, store };
  };
  const own = (kind: AuditKind): AuditFacts => ({ ...factsOf(kind), link: LINK, session: 'f'.repeat(64) });

  it('is what was done with it, without addresses and whole names of sessions, and nothing of another link', async () => {
    const { audit, call } = await shown();
    await audit(own('open'));
    await audit(own('view'));
    await audit({ ...own('view'), link: '0'.repeat(26) });
    const { status, json } = await call('GET', `/links/${LINK}/events`);
    const row = {
      recorded: at.toISOString(),
      study: '2.25.1',
      session: 'ffffffff',
      staff: null,
      reason: null,
    };
    expect([status, json.isMore]).toEqual([200, false]);
    expect(json.events).toEqual([
      { ...row, kind: 'open' },
      { ...row, kind: 'view' },
    ]);
    expect(JSON.stringify(json)).not.toContain(factsOf('open').address);
  });

  it('is the last events where there are many, and says so', async () => {
    const { audit, call } = await shown();
    for (let time = 0; time < MOST_EVENTS + 3; time++) await audit(own('open'));
    await audit(own('view'));
    const { json } = await call('GET', `/links/${LINK}/events`);
    expect([json.events.length, json.isMore]).toEqual([MOST_EVENTS, true]);
    expect(json.events.filter(({ kind }: { kind: string }) => kind === 'view')).toHaveLength(1);
  });

  it.each(['nobody', '..%2Fnobody', '0'.repeat(26), '%00'])('is nothing of the link %s', async (link) => {
    const { call, store } = await shown();
    const { status, json } = await call('GET', `/links/${link}/events`);
    expect([status, json]).toEqual([404, { error: 'unknown-link' }]);
    expect(store.requests).toEqual([]);
  });
});
