/** Reads the audit: a listing, then each event by itself, since none is ever written over or put together. */
import type { FhirAuditEvent } from '../contract/fhir-audit-event.ts';
import { auditFolder } from '../contract/names.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';

/** Events of a study or of a link of the patient, or those of tokens that belong to no link. */
export type AuditScope =
  | { readonly patient: string; readonly study: string }
  | { readonly patient: string; readonly link: string }
  | 'nobody';

/** Events that are read at once. */
const WIDTH = 16;

/** The events of a scope in the order in which they were recorded; with `most` no more than so many, the latest and first looks before others. */
export async function readAudit(
  bucket: string,
  scope: AuditScope,
  store: Pick<ObjectStore, 'list' | 'read'> = openObjectStore(bucket),
  most = Number.POSITIVE_INFINITY,
): Promise<FhirAuditEvent[]> {
  const keys: string[] = [];
  for await (const key of store.list(auditFolder(scope === 'nobody' ? {} : scope)))
    if (scope === 'nobody' || !('link' in scope) || key.split('/').at(-2) === scope.link) keys.push(key);
  // Names begin with a time, or with the kind of what is kept once a session: those stand last.
  if (keys.length > most) keys.splice(0, keys.length - most);
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
