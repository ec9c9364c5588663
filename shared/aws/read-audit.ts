/** Reads the audit: a listing, then each event by itself, since none is ever written over or put together. */
import { type ObjectStore, openObjectStore } from '../../shared/aws/object-store.ts';
import type { FhirAuditEvent } from '../../shared/contract/fhir-audit-event.ts';
import { auditFolder } from '../../shared/contract/names.ts';

/** Events of a study or of a link of the patient, or those of tokens that belong to no link. */
export type AuditScope =
  | { readonly patient: string; readonly study: string }
  | { readonly patient: string; readonly link: string }
  | 'nobody';

/** Events that are read at once. */
const WIDTH = 16;

/** The events of a scope in the order in which they were recorded. */
export async function readAudit(
  bucket: string,
  scope: AuditScope,
  store: Pick<ObjectStore, 'list' | 'read'> = openObjectStore(bucket),
): Promise<FhirAuditEvent[]> {
  const keys: string[] = [];
  for await (const key of store.list(auditFolder(scope === 'nobody' ? {} : scope)))
    if (scope === 'nobody' || !('link' in scope) || key.split('/').at(-2) === scope.link) keys.push(key);
  const events: FhirAuditEvent[] = [];
  for (let at = 0; at < keys.length; at += WIDTH)
    events.push(
      ...(await Promise.all(
        keys.slice(at, at + WIDTH).map(async (key) => {
          const { bytes } = await store.read({ key });
          return JSON.parse(Buffer.from(bytes).toString('utf8')) as FhirAuditEvent;
        }),
      )),
    );
  return events.sort((a, b) => (a.recorded < b.recorded ? -1 : 1));
}
