/**
 * Answers the download of a study that a session may see: session and link are checked, the download is kept in the audit before its
 * first byte. The link is asked again while bytes flow: a download under way ends when it is revoked.
 */
import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { Audit, AuditFacts } from '../../shared/contract/audit.ts';
import { studySummaryKey } from '../../shared/contract/names.ts';
import type { StudySummary } from '../../shared/contract/study-summary.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';
import {
  checkSession,
  type OpenSession,
  openUntil,
  type SessionPorts,
} from '../../shared/runtime/link-session.ts';
import { factsOf, studyIn } from '../../shared/runtime/visit.ts';
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
  | { readonly status: 401 | 404; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const HEADERS = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };

/** How long a download goes on after its link was revoked, and the one entry that is being sent. */
const ASKED_AGAIN_MS = 5_000;

export interface DownloadRequest extends Pick<AuditFacts, 'run' | 'address'> {
  /** The session's. */
  readonly cookie: string | undefined;
  readonly query: URLSearchParams;
}

/** The archive of the study that is asked for, or the answer that there is no session or no such study. */
export async function downloadStudy(request: DownloadRequest, ports: DownloadPorts): Promise<Download> {
  try {
    const session = await checkSession(request.cookie, ports.sessions);
    return await granted(session, request, ports);
  } catch (error) {
    if (!(error instanceof HttpRefusal)) throw error;
    return {
      status: error.status === 401 ? 401 : 404,
      headers: { ...HEADERS, 'content-type': 'application/json' },
      body: JSON.stringify({ error: error.error }),
    };
  }
}

async function granted(
  given: OpenSession | undefined,
  request: DownloadRequest,
  ports: DownloadPorts,
): Promise<Download> {
  const { session, study } = await studyIn(given, request, ports);
  const { bytes } = await ports.library.read(studySummaryKey(study));
  const summary = JSON.parse(gunzipSync(bytes).toString('utf8')) as StudySummary;
  const entries = archiveEntries(summary);
  const open = readAhead(entries, ports.library);
  const { length, stream } = await zipStudy(entries, whileOpen(session.link, ports.sessions, open));
  await ports.audit({ ...factsOf(session, request), kind: 'download', study });
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

/** Opens entries while the link is open; a stream that breaks off is how the visitor learns that it is not. */
function whileOpen(
  link: string,
  sessions: SessionPorts,
  open: (index: number) => Promise<Readable>,
): (index: number) => Promise<Readable> {
  let asked = sessions.now().getTime();
  return async (index) => {
    if (sessions.now().getTime() - asked >= ASKED_AGAIN_MS) {
      if ((await openUntil(link, sessions)) === undefined) throw new Error('the link is closed');
      asked = sessions.now().getTime();
    }
    return open(index);
  };
}
