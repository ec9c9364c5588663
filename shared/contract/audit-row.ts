/** An event of the audit as a row that a person reads. */
import { type FhirAuditEvent, SYSTEM } from './fhir-audit-event.ts';

export interface AuditRow {
  readonly recorded: string;
  readonly kind: string;
  readonly study: string | null;
  readonly link: string | null;
  readonly session: string | null;
  readonly staff: string | null;
  readonly address: string | null;
  readonly identified: boolean;
  readonly reason: string | null;
}

/** What a row says of an event. */
export function auditRow(event: FhirAuditEvent): AuditRow {
  const [data] = event.entity;
  const detail = (type: string) => data?.detail?.find((one) => one.type === type)?.valueString ?? null;
  const named = (system: string) =>
    event.agent.find(({ who }) => who.identifier?.system === system)?.who.identifier?.value ?? null;
  return {
    recorded: event.recorded,
    kind: event.subtype.find(({ system }) => system === SYSTEM.kind)?.code ?? 'other',
    study: detail('study'),
    link: detail('link'),
    session: named(SYSTEM.session),
    staff: named(SYSTEM.staff),
    address: event.agent[0]?.network?.address ?? null,
    identified: detail('identified') === 'true',
    reason: event.outcomeDesc ?? null,
  };
}
