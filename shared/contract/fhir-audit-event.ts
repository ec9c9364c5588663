/**
 * An event of the audit as FHIR R4 has it, after the Basic Audit Log Patterns of IHE (BALP 1.1): reading and making after
 * PatientRead, PatientCreate and PatientUpdate, taking away after PrivacyDisclosure.Source; for an opening and for a refusal BALP
 * has no pattern, they are events of DICOM PS3.15 A.5. Whoever is named is named by a pseudonym or an id.
 */
import type { AuditFacts, AuditKind } from './audit.ts';

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}
interface Reference {
  readonly type?: string;
  readonly identifier?: { readonly system: string; readonly value: string };
  readonly display?: string;
}
interface Agent {
  readonly type: { readonly coding: readonly Coding[] };
  readonly who: Reference;
  readonly requestor: boolean;
  readonly network?: { readonly address: string; readonly type: '1' | '2' };
}
interface Entity {
  readonly what: Reference;
  readonly type: Coding;
  readonly role?: Coding;
  readonly detail?: readonly { readonly type: string; readonly valueString: string }[];
}
export interface FhirAuditEvent {
  readonly resourceType: 'AuditEvent';
  readonly meta?: { readonly profile: readonly string[] };
  readonly type: Coding;
  readonly subtype: readonly Coding[];
  readonly action: 'C' | 'R' | 'U' | 'E';
  readonly recorded: string;
  readonly outcome: '0' | '8';
  readonly outcomeDesc?: string;
  readonly agent: readonly Agent[];
  readonly source: { readonly site: string; readonly observer: Reference; readonly type: readonly Coding[] };
  readonly entity: readonly Entity[];
}

/** Our own names; the last part says of what. */
export const SYSTEM = {
  kind: 'urn:filmroom:audit-kind',
  patient: 'urn:filmroom:patient',
  link: 'urn:filmroom:link',
  session: 'urn:filmroom:session',
  staff: 'urn:filmroom:staff',
  function: 'urn:filmroom:function',
  run: 'urn:filmroom:run',
  /** How FHIR writes a Study Instance UID. */
  uid: 'urn:dicom:uid',
} as const;

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const BALP = 'https://profiles.ihe.net/ITI/BALP';
const REST: Coding = {
  system: `${TERMINOLOGY}/audit-event-type`,
  code: 'rest',
  display: 'Restful Operation',
};
const EXPORT: Coding = { system: DCM, code: '110106', display: 'Export' };
const AUTHENTICATION: Coding = { system: DCM, code: '110114', display: 'User Authentication' };
const LOGIN: Coding = { system: DCM, code: '110122', display: 'Login' };
const DISCLOSE: Coding = {
  system: `${TERMINOLOGY}/iso-21089-lifecycle`,
  code: 'disclose',
  display: 'Disclose Record Lifecycle Event',
};
const interaction = (code: string): Coding => ({
  system: 'http://hl7.org/fhir/restful-interaction',
  code,
  display: code,
});
const SOURCE: Coding = { system: DCM, code: '110153', display: 'Source Role ID' };
const DESTINATION: Coding = { system: DCM, code: '110152', display: 'Destination Role ID' };

interface Pattern {
  readonly profile?: string;
  readonly type: Coding;
  readonly subtype: Coding;
  readonly action: FhirAuditEvent['action'];
  /** The side that data comes from. */
  readonly from: 'server' | 'client';
}

const READ: Pattern = {
  profile: 'IHE.BasicAudit.PatientRead',
  type: REST,
  subtype: interaction('read'),
  action: 'R',
  from: 'server',
};
const DISCLOSURE: Pattern = {
  profile: 'IHE.BasicAudit.PrivacyDisclosure.Source',
  type: EXPORT,
  subtype: DISCLOSE,
  action: 'R',
  from: 'server',
};
const OPENING: Pattern = { type: AUTHENTICATION, subtype: LOGIN, action: 'E', from: 'client' };
const PATTERNS: Readonly<Record<AuditKind, Pattern>> = {
  mint: {
    profile: 'IHE.BasicAudit.PatientCreate',
    type: REST,
    subtype: interaction('create'),
    action: 'C',
    from: 'client',
  },
  revoke: {
    profile: 'IHE.BasicAudit.PatientUpdate',
    type: REST,
    subtype: interaction('update'),
    action: 'U',
    from: 'client',
  },
  open: OPENING,
  renew: OPENING,
  deny: OPENING,
  view: READ,
  download: DISCLOSURE,
  print: DISCLOSURE,
};

/** The event; `source` is the function that acts. */
export function fhirAuditEvent(facts: AuditFacts, source: string, recorded: Date): FhirAuditEvent {
  const { kind, reason } = facts;
  const { profile, type, subtype, action, from } = PATTERNS[kind];
  const observer = { identifier: { system: SYSTEM.function, value: source } };
  return {
    resourceType: 'AuditEvent',
    ...(profile ? { meta: { profile: [`${BALP}/StructureDefinition/${profile}`] } } : {}),
    type,
    subtype: [subtype, { system: SYSTEM.kind, code: kind }],
    action,
    recorded: recorded.toISOString(),
    outcome: kind === 'deny' ? '8' : '0',
    ...(reason ? { outcomeDesc: reason } : {}),
    agent: [
      {
        type: { coding: [from === 'server' ? DESTINATION : SOURCE] },
        who: clientOf(facts),
        requestor: facts.staff === undefined,
        network: networkOf(facts.address),
      },
      {
        type: { coding: [from === 'server' ? SOURCE : DESTINATION] },
        who: observer,
        requestor: false,
        network: { address: source, type: '1' },
      },
      ...(facts.staff === undefined ? [] : [author(facts.staff)]),
    ],
    source: {
      site: 'filmroom',
      observer,
      type: [{ system: `${TERMINOLOGY}/security-source-type`, code: '4', display: 'Application Server' }],
    },
    entity: [...subjects(facts), transaction(facts.run)],
  };
}

function clientOf({ session, staff }: AuditFacts): Reference {
  if (session !== undefined) return { identifier: { system: SYSTEM.session, value: session } };
  return { display: staff === undefined ? 'who holds the address of a link' : 'a client of staff' };
}

function networkOf(address = 'unknown'): NonNullable<Agent['network']> {
  return { address, type: /^[\d.]+$|:/.test(address) ? '2' : '1' };
}

function author(staff: string): Agent {
  return {
    type: { coding: [{ system: `${TERMINOLOGY}/v3-ParticipationType`, code: 'AUT', display: 'author' }] },
    who: { identifier: { system: SYSTEM.staff, value: staff } },
    requestor: true,
  };
}

/** What it is about: the link where one is made, opened or closed, the study where one is looked at; and the patient. */
function subjects({ kind, link, study, patient, identified }: AuditFacts): Entity[] {
  const entity = (what: Reference, of: Pick<Entity, 'type' | 'role' | 'detail'>) => ({ what, ...of });
  const object: Coding = { system: `${TERMINOLOGY}/audit-entity-type`, code: '2', display: 'System Object' };
  const domain: Coding = { system: `${TERMINOLOGY}/object-role`, code: '4', display: 'Domain Resource' };
  const isOfStudy = kind === 'view' || kind === 'download' || kind === 'print';
  const detail = [
    ...(link === undefined ? [] : [{ type: 'link', valueString: link }]),
    ...(study === undefined ? [] : [{ type: 'study', valueString: study }]),
    ...(identified === undefined ? [] : [{ type: 'identified', valueString: String(identified) }]),
  ];
  const ofStudy = { type: 'ImagingStudy', identifier: { system: SYSTEM.uid, value: `urn:oid:${study}` } };
  const ofLink =
    link === undefined
      ? { display: 'a token that belongs to no link' }
      : { identifier: { system: SYSTEM.link, value: link } };
  return [
    entity(isOfStudy ? ofStudy : ofLink, {
      type: object,
      role: domain,
      ...(detail.length > 0 ? { detail } : {}),
    }),
    ...(patient === undefined
      ? []
      : [
          entity(
            { type: 'Patient', identifier: { system: SYSTEM.patient, value: patient } },
            {
              type: { system: `${TERMINOLOGY}/audit-entity-type`, code: '1', display: 'Person' },
              role: { system: `${TERMINOLOGY}/object-role`, code: '1', display: 'Patient' },
            },
          ),
        ]),
  ];
}

function transaction(run: string): Entity {
  return {
    what: { identifier: { system: SYSTEM.run, value: run } },
    type: { system: `${BALP}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
  };
}
