/**
 * The audit: an object for each event in a bucket that functions can only add to (`infra/constructs/audit-trail.ts`). Its key says
 * whom and what it is about, so that what happened to a patient, a study or a link is one listing.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Audit, AuditFacts } from '../contract/audit.ts';
import { fhirAuditEvent } from '../contract/fhir-audit-event.ts';
import { auditFolder } from '../contract/names.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';

/** What was kept lately by this container, so that what is kept once is asked for once; default 10,000. */
const REMEMBERED = 10_000;

/** Adds events to the audit in the bucket; `source` is the function that acts. */
export function openAudit(
  bucket: string,
  source: string,
  {
    store = openObjectStore(bucket),
    now = () => new Date(),
  }: { readonly store?: Pick<ObjectStore, 'put'>; readonly now?: () => Date } = {},
): Audit {
  const kept = new Map<string, Promise<void>>();
  const write = async (key: string, facts: AuditFacts) => {
    const event = JSON.stringify(fhirAuditEvent(facts, source, now()));
    // One that stands there already says the same of the same session.
    await store.put(key, Buffer.from(event), { contentType: 'application/fhir+json', onlyIf: 'absent' });
  };
  return async (facts) => {
    const once = onceName(facts);
    const folder = auditFolder(facts);
    if (once === undefined)
      return write(
        `${folder}${now().toISOString()}-${facts.kind}-${randomBytes(8).toString('hex')}.json`,
        facts,
      );
    const key = `${folder}${once}.json`;
    const known = kept.get(key);
    // Whoever asks meanwhile waits for the same write.
    if (known) return known;
    if (kept.size >= REMEMBERED) kept.clear();
    const writing = write(key, facts);
    kept.set(key, writing);
    return writing.catch((error: unknown) => {
      kept.delete(key);
      throw error;
    });
  };
}

/** The name of what is kept once a session: a first look at a study, a kind of refusal. */
function onceName({ kind, session, study, reason, identified }: AuditFacts): string | undefined {
  if (session === undefined || (kind !== 'view' && kind !== 'deny')) return undefined;
  const facts = JSON.stringify([session, study, reason ?? '', identified ?? false]);
  return `${kind}-${createHash('sha256').update(facts).digest('hex').slice(0, 32)}`;
}
