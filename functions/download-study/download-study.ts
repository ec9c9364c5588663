/** Answers the download of the study that a session is for: session and link are checked, the download is kept in the audit. */
import { gunzipSync } from 'node:zlib';
import type { Audit, AuditFacts } from '../../shared/contract/audit.ts';
import { studySummaryKey } from '../../shared/contract/names.ts';
import type { StudySummary } from '../../shared/contract/study-summary.ts';
import { checkSession, type SessionPorts } from '../../shared/runtime/link-session.ts';
import { factsOf } from '../../shared/runtime/visit.ts';
import { archiveEntries } from './archive-entries.ts';
import { type EntryReader, readAhead } from './read-ahead.ts';
import { type ZippedStudy, zipStudy } from './zip-study.ts';

export interface DownloadPorts {
  readonly sessions: SessionPorts;
  readonly library: EntryReader;
  readonly audit: Audit;
}

export type Download =
  | {
      readonly status: 200;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: ZippedStudy['stream'];
    }
  | { readonly status: 401; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const HEADERS = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };

/** The archive of the session's study, or the answer that there is no session. */
export async function downloadStudy(
  cookie: string | undefined,
  ports: DownloadPorts,
  by: Pick<AuditFacts, 'run' | 'address'>,
): Promise<Download> {
  const session = await checkSession(cookie, ports.sessions);
  if (!session)
    return {
      status: 401,
      headers: { ...HEADERS, 'content-type': 'application/json' },
      body: JSON.stringify({ error: 'no-session' }),
    };
  const { bytes } = await ports.library.read(studySummaryKey(session.study));
  const summary = JSON.parse(gunzipSync(bytes).toString('utf8')) as StudySummary;
  const entries = archiveEntries(summary);
  const { length, stream } = await zipStudy(entries, readAhead(entries, ports.library));
  await ports.audit({ ...factsOf(session, by), kind: 'download', study: session.study });
  return {
    status: 200,
    headers: {
      ...HEADERS,
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="study.zip"',
      'content-length': String(length),
    },
    body: stream,
  };
}
