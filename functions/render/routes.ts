/** The one route of `render`: a picture of the study that the visitor's session is for; what lies outside is not there. */
import { isValidUid } from '../../shared/dicom/index.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../shared/runtime/http-handler.ts';
import { SESSION_SECONDS } from '../../shared/runtime/link-session.ts';
import { factsOf, type VisitPorts, visit } from '../../shared/runtime/visit.ts';
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
        const { session, study } = await visit(request, ports);
        const { series = '', instance = '' } = request.parameters;
        if (!isValidUid(series) || !isValidUid(instance)) throw new HttpRefusal(400, 'invalid-uid');
        const saved = savedFormat(request.query);
        if (saved !== undefined) await ports.audit({ ...factsOf(session, request), kind: 'download', study });
        const known = request.header('if-none-match');
        const picture = await pictureOf(
          {
            instance: { study, series, instance },
            view: askedView(request.query),
            format: saved ?? formatFor(request),
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
          ...(saved === undefined ? {} : savedHeaders(saved)),
        };
        if (picture.bytes === undefined) return { status: 304, headers };
        return { status: 200, headers, body: picture.bytes };
      },
    },
  ];
}

/** The format that a picture is to be saved in; undefined where it is to be shown. */
function savedFormat(query: URLSearchParams): 'png' | 'jpeg' | undefined {
  const asked = query.get('download');
  if (asked === null || asked === 'png' || asked === 'jpeg') return asked ?? undefined;
  throw new HttpRefusal(400, 'invalid-format');
}

/** The same name for every picture, as one could be an identifier; a file of its own is kept by nobody on the way. */
function savedHeaders(format: 'png' | 'jpeg'): Record<string, string> {
  const ending = format === 'jpeg' ? 'jpg' : 'png';
  return {
    'content-disposition': `attachment; filename="image.${ending}"`,
    'cache-control': 'private, no-store',
  };
}

/** WebP for all but those who ask for JPEG and do not know WebP. */
function formatFor(request: HttpRequest): 'webp' | 'jpeg' {
  const accept = request.header('accept') ?? '';
  return accept.includes('image/jpeg') && !accept.includes('image/webp') ? 'jpeg' : 'webp';
}
