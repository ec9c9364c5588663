/**
 * What FHIR R4 and the patterns of IHE BALP ask of an AuditEvent, as schemas that refuse what they do not name: R4 4.0.1 AuditEvent;
 * BALP 1.1 PatientRead, PatientCreate, PatientUpdate and PrivacyDisclosure.Source with their slices.
 */
import { z } from 'zod';

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const text = z.string().min(1);
const coding = z.strictObject({ system: z.url(), code: text, display: text.optional() });
const reference = z
  .strictObject({
    type: z.enum(['Patient', 'ImagingStudy']).optional(),
    identifier: z.strictObject({ system: z.url(), value: text }).optional(),
    display: text.optional(),
  })
  .refine(({ identifier, display }) => identifier !== undefined || display !== undefined);
const agent = z.strictObject({
  type: z.strictObject({ coding: z.array(coding).min(1) }),
  who: reference,
  requestor: z.boolean(),
  network: z.strictObject({ address: text, type: z.enum(['1', '2', '3', '4', '5']) }).optional(),
});
const entity = z.strictObject({
  what: reference,
  type: coding,
  role: coding.optional(),
  detail: z.array(z.strictObject({ type: text, valueString: text })).optional(),
});

/** FHIR R4 AuditEvent, of the elements that are used here. */
export const R4AuditEvent = z
  .strictObject({
    resourceType: z.literal('AuditEvent'),
    meta: z.strictObject({ profile: z.array(z.url()).length(1) }).optional(),
    type: coding,
    subtype: z.array(coding).min(1),
    action: z.enum(['C', 'R', 'U', 'D', 'E']),
    recorded: z.iso.datetime(),
    outcome: z.enum(['0', '4', '8', '12']),
    outcomeDesc: text.optional(),
    agent: z.array(agent).min(1),
    source: z.strictObject({ site: text, observer: reference, type: z.array(coding).length(1) }),
    entity: z.array(entity),
  })
  .refine(({ agent: agents }) => agents.filter(({ requestor }) => requestor).length === 1, 'one requestor');
export type R4AuditEvent = z.infer<typeof R4AuditEvent>;

const SOURCE = '110153';
const DESTINATION = '110152';
const PATTERNS: Readonly<
  Record<string, { type: [string, string]; subtype: [string, string]; action: string; client: string }>
> = {
  'IHE.BasicAudit.PatientRead': {
    type: [`${TERMINOLOGY}/audit-event-type`, 'rest'],
    subtype: ['http://hl7.org/fhir/restful-interaction', 'read'],
    action: 'R',
    client: DESTINATION,
  },
  'IHE.BasicAudit.PatientCreate': {
    type: [`${TERMINOLOGY}/audit-event-type`, 'rest'],
    subtype: ['http://hl7.org/fhir/restful-interaction', 'create'],
    action: 'C',
    client: SOURCE,
  },
  'IHE.BasicAudit.PatientUpdate': {
    type: [`${TERMINOLOGY}/audit-event-type`, 'rest'],
    subtype: ['http://hl7.org/fhir/restful-interaction', 'update'],
    action: 'U',
    client: SOURCE,
  },
  'IHE.BasicAudit.PrivacyDisclosure.Source': {
    type: [DCM, '110106'],
    subtype: [`${TERMINOLOGY}/iso-21089-lifecycle`, 'disclose'],
    action: 'R',
    client: DESTINATION,
  },
};

/** What is wrong with an event by the profile that it names; nothing where it names none. */
export function balpFaults(event: R4AuditEvent): string[] {
  const profile = event.meta?.profile[0]?.split('/').at(-1);
  if (profile === undefined) return [];
  const pattern = PATTERNS[profile];
  if (!pattern) return [`${profile} is no pattern`];
  const agentOf = (code: string) =>
    event.agent.filter(({ type }) => type.coding.some((one) => one.system === DCM && one.code === code));
  const entitiesOf = (code: string) =>
    event.entity.filter(
      ({ type }) => type.system === `${TERMINOLOGY}/audit-entity-type` && type.code === code,
    );
  const is = (one: { system: string; code: string }, [system, code]: [string, string]) =>
    one.system === system && one.code === code;
  const server = agentOf(pattern.client === SOURCE ? DESTINATION : SOURCE);
  const [patient] = entitiesOf('1');
  const [data] = entitiesOf('2');
  const checks: [boolean, string][] = [
    [is(event.type, pattern.type), 'type'],
    [event.subtype.filter((one) => is(one, pattern.subtype)).length === 1, 'subtype'],
    [event.action === pattern.action, 'action'],
    [event.outcome === '0', 'outcome'],
    [agentOf(pattern.client).length === 1 && server.length === 1, 'one client and one server'],
    [[...agentOf(pattern.client), ...server].every(({ network }) => network !== undefined), 'networks'],
    // val-audit-source: who recorded it is the server itself.
    [JSON.stringify(server[0]?.who) === JSON.stringify(event.source.observer), 'source is the server'],
    [entitiesOf('1').length === 1 && entitiesOf('2').length === 1, 'one patient and one object'],
    [patient?.what.type === 'Patient' && patient.role?.code === '1', 'patient'],
    [['3', '4', '20'].includes(data?.role?.code ?? ''), 'role of the object'],
  ];
  return checks.filter(([holds]) => !holds).map(([, what]) => what);
}
