/**
 * DICOMweb for who holds a link: the resources of the staff root, of the studies of the grant and no others. One root goes by the
 * session's cookie, for the page; one by a segment of the path, for viewers that cannot carry a cookie. Nothing is stored here.
 */
import type { Audit } from '../../shared/contract/audit.ts';
import { begun, type DicomwebAnswer, rootOf } from '../../shared/dicomweb/answer.ts';
import { readingRoutes } from '../../shared/dicomweb/routes/reading.ts';
import type { SearchPorts } from '../../shared/dicomweb/routes/search.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../shared/runtime/http-handler.ts';
import {
  checkSegment,
  checkSession,
  type OpenSession,
  SESSION_COOKIE,
  type SessionPorts,
} from '../../shared/runtime/link-session.ts';
import { factsOf } from '../../shared/runtime/visit.ts';
import { compressed } from './compressed.ts';
import { grantedIndex, grantedLibrary } from './granted.ts';

export const COOKIE_ROOT = '/api/dicomweb';
export const SEGMENT_ROOT = '/api/s/{segment}/dicomweb';

export interface LinkDicomwebPorts {
  readonly index: Pick<SearchPorts['index'], 'studies'>;
  readonly library: SearchPorts['library'];
  readonly sessions: SessionPorts;
  readonly audit: Audit;
}

/** What takes a study away, or a part of it, as objects; all else is looking at it. */
const TAKEN_AWAY = new Set(['/studies/{study}', '/studies/{study}/series/{series}']);

/** The routes of both roots. */
export function linkDicomwebRoutes(ports: LinkDicomwebPorts): Route<DicomwebAnswer>[] {
  return [
    ...routesBelow(COOKIE_ROOT, ports, (request) =>
      checkSession(request.cookie(SESSION_COOKIE), ports.sessions),
    ),
    ...routesBelow(SEGMENT_ROOT, ports, ({ parameters }) => checkSegment(parameters.segment, ports.sessions)),
  ];
}

function routesBelow(
  root: string,
  ports: LinkDicomwebPorts,
  sessionOf: (request: HttpRequest) => Promise<OpenSession | undefined>,
): Route<DicomwebAnswer>[] {
  return grantedRoutes(root, ports, []).map(({ method, path }, at) => ({
    method,
    path: `${root}${path}`,
    answer: async (sent) => {
      const session = await sessionOf(sent);
      if (!session) throw new HttpRefusal(401, 'no-session');
      await keep(session, sent, TAKEN_AWAY.has(path), ports.audit);
      const request = behindDistribution(sent);
      const called = rootOf(request, root.replace('{segment}', sent.parameters.segment ?? ''));
      const route = grantedRoutes(called, ports, session.studies)[at] as Route<DicomwebAnswer>;
      return compressed(request, async (asked) => begun(asked, await route.answer(asked)));
    },
  }));
}

/** Tells the audit before anything is read; it hears no more of a study that is not there than of one that is outside of the grant. */
async function keep(session: OpenSession, request: HttpRequest, isTakenAway: boolean, audit: Audit) {
  const facts = factsOf(session, request);
  const { study = session.study } = request.parameters;
  if (!session.studies.includes(study))
    return audit({ ...facts, kind: 'deny', study: session.study, reason: 'outside-grant' });
  await audit({ ...facts, kind: 'view', study });
  if (isTakenAway && request.method !== 'HEAD') await audit({ ...facts, kind: 'download', study });
}

/** The same list for whatever grant: what differs is what it sees. */
function grantedRoutes(root: string, { index, library }: LinkDicomwebPorts, studies: readonly string[]) {
  return readingRoutes(root, {
    index: grantedIndex(index, studies),
    library: grantedLibrary(library, studies),
  });
}

/** The host that the visitor asked: the distribution tells it, and sends its own to the function. */
function behindDistribution(request: HttpRequest): HttpRequest {
  return {
    ...request,
    header: (name) => (name === 'host' ? request.header('filmroom-host') : request.header(name)),
  };
}
