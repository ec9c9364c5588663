/** The one route of `render`: a picture of the study that the visitor's session is for; what lies outside is not there. */
import { isValidUid } from '../../shared/dicom/index.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../shared/runtime/http-handler.ts';
import { SESSION_SECONDS } from '../../shared/runtime/link-session.ts';
import { type VisitPorts, visit } from '../../shared/runtime/visit.ts';
import { type PictureLibrary, pictureOf } from './render-picture.ts';
import { askedView } from './view.ts';

export interface RenderPorts extends VisitPorts {
  readonly library: PictureLibrary;
}

/** The routes over the ports. */
export function renderRoutes(ports: RenderPorts): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/pictures/{series}/{instance}',
      answer: async (request) => {
        const { study } = await visit(request, ports);
        const { series = '', instance = '' } = request.parameters;
        if (!isValidUid(series) || !isValidUid(instance)) throw new HttpRefusal(400, 'invalid-uid');
        const known = request.header('if-none-match');
        const picture = await pictureOf(
          {
            instance: { study, series, instance },
            view: askedView(request.query),
            format: formatFor(request),
            has: (etag) => etag === known,
          },
          ports.library,
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
