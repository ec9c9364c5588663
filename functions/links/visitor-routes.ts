/**
 * What who holds a link may do: open it, then see the studies that it grants. Every request is checked against session and link;
 * what is handed out may be kept by the browser alone, and is asked for again each time.
 */

import { gunzipSync } from 'node:zlib';
import { isMissingObject } from '../../shared/aws/errors.ts';
import { OpenLink, Printed } from '../../shared/contract/api.ts';
import {
  contactSheetKey,
  previewKey,
  SPRITE_NAME,
  seriesSpriteKey,
  studySummaryKey,
} from '../../shared/contract/names.ts';
import { isValidUid } from '../../shared/dicom/index.ts';
import { firstFrame } from '../../shared/pixels/first-frame.ts';
import {
  type HttpAnswer,
  HttpRefusal,
  type HttpRequest,
  type Route,
} from '../../shared/runtime/http-handler.ts';
import { SESSION_COOKIE, type SessionPorts, setSessionCookie } from '../../shared/runtime/link-session.ts';
import { factsOf, mustComeFromThePage, visit } from '../../shared/runtime/visit.ts';
import { mintSegment } from './mint-segment.ts';
import { type OpenPorts, openLink } from './open-link.ts';
import { type ReportPorts, readReport } from './read-report.ts';

export interface VisitorPorts extends OpenPorts, ReportPorts {
  readonly links: OpenPorts['links'] & Pick<SessionPorts, 'session' | 'link'>;
  /** An object of the library; throws where there is none. */
  read(key: string): Promise<{ readonly bytes: Uint8Array; readonly revision: string }>;
}

/** The routes over the ports. */
export function visitorRoutes(ports: VisitorPorts): Route[] {
  const visiting = { sessions: { ...ports.links, now: ports.now }, audit: ports.audit };
  const studyOf = async (request: HttpRequest) => (await visit(request, visiting)).study;
  const answerObject = async (
    request: HttpRequest,
    key: string,
    contentType: string,
    shown: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
  ): Promise<HttpAnswer> => {
    const { bytes, revision } = await readOrRefuse(ports, key);
    const headers = { 'content-type': contentType, etag: revision, 'cache-control': 'private, no-cache' };
    if (request.header('if-none-match') === revision) return { status: 304, headers };
    if (!key.endsWith('.gz')) return { status: 200, headers, body: shown(bytes) };
    return /\bgzip\b/.test(request.header('accept-encoding') ?? '')
      ? {
          status: 200,
          headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
          body: bytes,
        }
      : { status: 200, headers, body: gunzipSync(bytes) };
  };
  return [
    {
      method: 'POST',
      path: '/api/open',
      answer: async (request) => {
        mustComeFromThePage(request);
        const { address, run } = request;
        const held = request.cookie(SESSION_COOKIE);
        const opening = await openLink(request.body(OpenLink), ports, { address, run }, held);
        if ('failure' in opening) return { status: 401, body: { error: opening.failure } };
        return { status: 200, cookies: [setSessionCookie(opening.session)], body: opening.opened };
      },
    },
    {
      method: 'POST',
      path: '/api/segment',
      answer: async (request) => {
        mustComeFromThePage(request);
        const { session } = await visit(request, visiting);
        return { status: 200, body: await mintSegment(session, ports) };
      },
    },
    {
      method: 'GET',
      path: '/api/study',
      answer: async (request) =>
        answerObject(request, studySummaryKey(await studyOf(request)), 'application/json'),
    },
    {
      method: 'GET',
      path: '/api/previews/{series}/{instance}',
      answer: async (request) => {
        const study = await studyOf(request);
        const key = previewKey({ study, ...instanceOf(request) });
        return answerObject(request, key, 'image/webp', request.query.has('still') ? firstFrame : undefined);
      },
    },
    {
      method: 'GET',
      path: '/api/sprites/{series}/{sprite}',
      answer: async (request) => {
        const study = await studyOf(request);
        const { series = '', sprite = '' } = request.parameters;
        if (!isValidUid(series)) throw new HttpRefusal(400, 'invalid-uid');
        if (!SPRITE_NAME.test(sprite)) throw new HttpRefusal(404, 'not-found');
        return answerObject(request, seriesSpriteKey(study, series, sprite), 'image/webp');
      },
    },
    {
      method: 'GET',
      path: '/api/reports/{series}/{instance}',
      answer: async (request) => {
        const study = await studyOf(request);
        const body = await readReport({ study, ...instanceOf(request) }, ports);
        return { status: 200, headers: { 'cache-control': 'private, no-cache' }, body };
      },
    },
    {
      method: 'POST',
      path: '/api/printed',
      answer: async (request) => {
        mustComeFromThePage(request);
        request.body(Printed);
        const { session, study } = await visit(request, visiting);
        await ports.audit({ ...factsOf(session, request), kind: 'print', study });
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      path: '/api/contact-sheet',
      answer: async (request) => answerObject(request, contactSheetKey(await studyOf(request)), 'image/webp'),
    },
  ];
}

function instanceOf({ parameters }: HttpRequest): { series: string; instance: string } {
  const { series = '', instance = '' } = parameters;
  if (!isValidUid(series) || !isValidUid(instance)) throw new HttpRefusal(400, 'invalid-uid');
  return { series, instance };
}

async function readOrRefuse(ports: VisitorPorts, key: string): ReturnType<VisitorPorts['read']> {
  try {
    return await ports.read(key);
  } catch (error) {
    if (isMissingObject(error)) throw new HttpRefusal(404, 'not-found');
    throw error;
  }
}
