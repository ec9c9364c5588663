/** `filmroom link audit`: what was done with a link, or with a study through whichever link. */
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { type AuditScope, readAudit } from '../../shared/aws/read-audit.ts';
import { type AuditRow, auditRow } from '../../shared/contract/audit-row.ts';
import { OPAQUE_ID } from '../../shared/contract/names.ts';
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { printJson } from '../report/json-output.ts';
import { type ResourceOptions, type StackResources, withResources } from '../stack/resources.ts';
import { columns } from '../terminal/printable.ts';

export interface AuditOptions extends ResourceOptions {
  readonly json?: boolean;
  readonly fhir?: boolean;
}

export function auditLink(what: string, options: AuditOptions): Promise<ExitCode> {
  return withResources(options, async (resources) => {
    const events = await readAudit(resources.auditBucket, await scopeOf(what, resources));
    if (options.fhir === true) for (const event of events) console.log(JSON.stringify(event));
    else if (options.json === true) printJson({ events: events.map(auditRow) });
    else if (events.length === 0) console.log('no events');
    else console.log(columns(events.map(auditRow).map(printed), '').join('\n'));
    return EXIT.ok;
  });
}

/** An event is kept under its patient, whom the link's row or the study's names. */
async function scopeOf(what: string, { linksTable, indexTable }: StackResources): Promise<AuditScope> {
  if (what === 'nobody') return 'nobody';
  if (OPAQUE_ID.test(what)) {
    const link = await openLinksTable(linksTable).link(what);
    if (!link) throw new Failure(`there is no link ${what}`);
    return { patient: link.patient, link: what };
  }
  const row = await openIndexTable(indexTable).study(what);
  if (!row) throw new Failure(`${what} is neither a link nor a study that is known here`);
  return { patient: row.rollUp?.patientId ?? row.patientId, study: what };
}

function printed(row: AuditRow): string[] {
  const who =
    row.staff !== null
      ? `staff ${row.staff}`
      : row.session !== null
        ? `session ${row.session.slice(0, 8)}`
        : '';
  const what = [...(row.identified ? ['identified'] : []), ...(row.reason === null ? [] : [row.reason])];
  return [row.recorded, row.kind, what.join(', '), row.link ?? '', row.study ?? '', who, row.address ?? ''];
}
