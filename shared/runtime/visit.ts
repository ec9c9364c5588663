/**
 * What every route of a link asks first: a session that is good, a study that it may see, and that the audit has kept it. Nothing is
 * handed out before all three hold.
 */
import type { Audit, AuditFacts } from '../contract/audit.ts';
import { HttpRefusal, type HttpRequest } from './http-handler.ts';
import {
  askedStudy,
  checkSession,
  type OpenSession,
  SESSION_COOKIE,
  type SessionPorts,
} from './link-session.ts';

export interface VisitPorts {
  readonly sessions: SessionPorts;
  readonly audit: Audit;
}

export interface Visit {
  readonly session: OpenSession;
  /** The one that is asked for. */
  readonly study: string;
}

type Asking = Pick<HttpRequest, 'cookie' | 'query' | 'run' | 'address'>;

/** The visit of who bears the session's cookie: 401 without a session, 404 outside of its grant. */
export async function visit(request: Asking, ports: VisitPorts): Promise<Visit> {
  const found = await checkSession(request.cookie(SESSION_COOKIE), ports.sessions);
  const { session, study } = await studyIn(found, request, ports);
  await ports.audit({ ...factsOf(session, request), kind: 'view', study });
  return { session, study };
}

/** The study that a session asks for, which it has not looked at yet; that it may not see it is kept. */
export async function studyIn(
  session: OpenSession | undefined,
  request: Pick<HttpRequest, 'query'> & Pick<AuditFacts, 'run' | 'address'>,
  { audit }: Pick<VisitPorts, 'audit'>,
): Promise<Visit> {
  if (!session) throw new HttpRefusal(401, 'no-session');
  try {
    return { session, study: askedStudy(session, request.query) };
  } catch (error) {
    const facts = factsOf(session, request);
    await audit({ ...facts, kind: 'deny', study: session.study, reason: 'outside-grant' });
    throw error;
  }
}

/** What an event of a session says of it. */
export function factsOf(
  { link, patient, session }: OpenSession,
  { run, address }: Pick<AuditFacts, 'run' | 'address'>,
): Omit<AuditFacts, 'kind'> {
  return { link, patient, session, run, address };
}

/**
 * Refuses what another site's page sends in the visitor's name: browsers say where a request comes from, and a body of JSON is sent
 * to another origin only after a question that nothing here answers.
 */
export function mustComeFromThePage(request: Pick<HttpRequest, 'header'>): void {
  const site = request.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') throw new HttpRefusal(403, 'cross-site');
  if (!/^application\/json\s*(;|$)/i.test(request.header('content-type') ?? ''))
    throw new HttpRefusal(415, 'not-json');
}
