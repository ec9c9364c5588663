/** The routes of links over a library in memory: staff, who create a link, and a visitor, who opens it. */
import { gzipSync } from 'node:zlib';
import { patientOf, priorsOf } from '../../functions/links/find-priors.ts';
import { staffRoutes } from '../../functions/links/staff-routes.ts';
import { visitorRoutes } from '../../functions/links/visitor-routes.ts';
import { showGrantRoutes } from '../../functions/show-grant/routes.ts';
import type { Identity } from '../../shared/aws/crosswalk.ts';
import { CreatedLink } from '../../shared/contract/api.ts';
import type { AuditFacts } from '../../shared/contract/audit.ts';
import { contactSheetKey, previewKey, studySummaryKey } from '../../shared/contract/names.ts';
import { caller } from './http.ts';
import { memoryIndex } from './memory-index.ts';
import { memoryLinks } from './memory-links.ts';
import { memoryStore } from './memory-store.ts';

export const PATIENT = 'P1';
/** What a link is made for; then another of the patient before it, one after it, and one of somebody else. */
export const STUDY = '2.25.1';
export const PRIOR = '2.25.1001';
export const LATER = '2.25.1002';
export const ELSEWHERE = '2.25.99';
export const DAY = 86_400;

const STUDIES = [
  { study: STUDY, patient: PATIENT, date: '20250601', description: 'Thorax', modalities: ['CT'] },
  { study: PRIOR, patient: PATIENT, date: '20240601', description: 'Thorax before', modalities: ['CR'] },
  { study: LATER, patient: PATIENT, date: '20250602', description: 'Thorax after', modalities: ['CT'] },
  { study: ELSEWHERE, patient: 'P2', date: '20240601', description: 'Knee', modalities: ['MR'] },
];

/** Completes a study in the index. */
export async function complete(
  index: ReturnType<typeof memoryIndex>,
  { study, patient, date, description, modalities }: (typeof STUDIES)[number],
): Promise<void> {
  await index.markChanged(study, 'token', patient);
  await index.complete(study, 'token', {
    completedAt: '2026-01-01T00:00:00Z',
    patientId: patient,
    series: 1,
    instances: 1,
    bytes: 1,
    attributes: JSON.stringify({
      ...(date === '' ? {} : { '00080020': { vr: 'DA', Value: [date] } }),
      '00081030': { vr: 'LO', Value: [description] },
      '00080061': { vr: 'CS', Value: modalities },
    }),
  });
}

export async function linksApi() {
  const table = memoryLinks();
  const index = memoryIndex();
  const library = memoryStore('library');
  const asked: string[] = [];
  const identities = new Map<string, Identity>();
  for (const one of STUDIES) {
    await complete(index, one);
    await library.put(studySummaryKey(one.study), gzipSync(JSON.stringify({ study: one.study })));
    await library.put(contactSheetKey(one.study), Buffer.from(`sheet of ${one.study}`));
    const image = { study: one.study, series: '2.25.2', instance: '2.25.3' };
    await library.put(previewKey(image), Buffer.from(`preview of ${one.study}`));
  }
  await library.put(
    previewKey({ study: ELSEWHERE, series: '2.25.2', instance: '2.25.4' }),
    Buffer.from('another study'),
  );
  let time = Date.parse('2026-01-01T00:00:00Z');
  const now = () => new Date(time);
  const audits: AuditFacts[] = [];
  let isDown = false;
  const audit = async (facts: AuditFacts) => {
    if (isDown) throw new Error('the audit is down');
    audits.push(facts);
  };
  const { call, lines } = caller([
    ...staffRoutes({
      links: table,
      audit,
      patientOf: (study) => patientOf(study, index),
      now,
      defaultSeconds: 14 * DAY,
      maximumSeconds: 90 * DAY,
    }),
    ...visitorRoutes({
      links: table,
      audit,
      now,
      priorsOf: (study) => priorsOf(study, index),
      read: (key) => library.read({ key }),
      readBeginning: (key, length) => library.read({ key }, { start: 0, length }),
    }),
    ...showGrantRoutes({
      sessions: { ...table, now },
      audit,
      index,
      identityOf: async (study) => {
        asked.push(study);
        return identities.get(study);
      },
    }),
  ]);
  const create = async ({
    identified = false,
    ...more
  }: { identified?: boolean } & Record<string, unknown> = {}) =>
    CreatedLink.parse(
      (await call('POST', identified ? '/identified-links' : '/links', { body: { study: STUDY, ...more } }))
        .json,
    );
  const open = (token: string, passcode?: string) =>
    call('POST', '/api/open', {
      headers: { 'content-type': 'application/json' },
      body: { token, ...(passcode === undefined ? {} : { passcode }) },
    });
  const cookieOf = async (token: string) => [(await open(token)).cookies[0]!.split(';')[0]!];
  return {
    table,
    audits,
    /** From now on nothing can be kept. */
    loseAudit: () => {
      isDown = true;
    },
    index,
    library,
    identities,
    /** Studies whose patient was looked up. */
    asked,
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
