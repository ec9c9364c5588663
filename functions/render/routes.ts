/** The one route of `render`: a picture of the study that the visitor's session is for; what lies outside is not there. */
import { isValidUid } from '../../shared/dicom/index.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../shared/runtime/http-handler.ts';
import {
  askedStudy,
  checkSession,
  SESSION_COOKIE,
  SESSION_SECONDS,
  type SessionPorts,
} from '../../shared/runtime/link-session.ts';
import { type PictureLibrary, pictureOf } from './render-picture.ts';
import { askedView } from './view.ts';

export interface RenderPorts {
  readonly sessions: SessionPorts;
  readonly library: PictureLibrary;
}

/** The routes over the ports. */
export function renderRoutes({ sessions, library }: RenderPorts): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/pictures/{series}/{instance}',
      answer: async (request) => {
        const session = await checkSession(request.cookie(SESSION_COOKIE), sessions);
        if (!session) throw new HttpRefusal(401, 'no-session');
        const { series = '', instance = '' } = request.parameters;
        if (!isValidUid(series) || !isValidUid(instance)) throw new HttpRefusal(400, 'invalid-uid');
        const known = request.header('if-none-match');
        const picture = await pictureOf(
          {
            instance: { study: askedStudy(session, request.query), series, instance },
            view: askedView(request.query),
            format: formatFor(request),
            has: (etag) => etag === known,
          },
          library,
          request.run,
        );
        const headers = {
          'content-type': picture.contentType,
          etag: picture.etag,
          // What a session may see may be seen again without asking for as long as a session lasts.
          'cache-control': `private, max-age=${SESSION_SECONDS}`,
          vary: 'accept, cookie',
          ...(picture.window === undefined ? {} : { 'filmroom-window': picture.window }),
        };
        if (picture.bytes === undefined) return { status: 304, headers };
        return { status: 200, headers, body: picture.bytes };
      },
    },
  ];
}

/** WebP for all but those who ask for JPEG and do not know WebP. */
function formatFor(request: HttpRequest): 'webp' | 'jpeg' {
  const accept = request.header('accept') ?? '';
  return accept.includes('image/jpeg') && !accept.includes('image/webp') ? 'jpeg' : 'webp';
}
