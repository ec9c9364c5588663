/**
 * What was done with a link, for who shares: rows of its audit without addresses. It is the one function that may read the audit, and
 * it can write nothing.
 */
import type { LinksTable } from '../../shared/aws/links-table.ts';
import type { AuditScope } from '../../shared/aws/read-audit.ts';
import type { LinkEvents } from '../../shared/contract/api.ts';
import { auditRow } from '../../shared/contract/audit-row.ts';
import type { FhirAuditEvent } from '../../shared/contract/fhir-audit-event.ts';
import { OPAQUE_ID } from '../../shared/contract/names.ts';
import { HttpRefusal, needing, type Route } from '../../shared/runtime/http-handler.ts';

export interface ReadAuditPorts {
  readonly links: Pick<LinksTable, 'link'>;
  /** The events of a scope, the latest of them at most. */
  read(scope: AuditScope, most: number): Promise<readonly FhirAuditEvent[]>;
}

/** Events of one answer; default 200: a list that a person reads. */
export const MOST_EVENTS = 200;
/** Of the hash of a session, enough to tell visits apart. */
const SESSION_SIGNS = 8;

/** The route over the ports. */
export function readAuditRoutes({ links, read }: ReadAuditPorts): Route[] {
  return needing('share', [
    {
      method: 'GET',
      path: '/links/{link}/events',
      answer: async ({ parameters }) => {
        const { link: id = '' } = parameters;
        const link = OPAQUE_ID.test(id) ? await links.link(id) : undefined;
        if (!link) throw new HttpRefusal(404, 'unknown-link');
        const found = await read({ patient: link.patient, link: id }, MOST_EVENTS + 1);
        const rows = found.map(auditRow).map(({ recorded, kind, study, session, staff, reason }) => ({
          recorded,
          kind,
          study,
          session: session?.slice(0, SESSION_SIGNS) ?? null,
          staff,
          reason,
        }));
        const body: LinkEvents = { events: rows.slice(-MOST_EVENTS), isMore: rows.length > MOST_EVENTS };
        return { status: 200, body };
      },
    },
  ]);
}
