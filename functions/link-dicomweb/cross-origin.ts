/**
 * CORS of the root that goes by a segment: a viewer of any origin may ask, as what it may see is in the address it was given and
 * in nothing that a browser adds. Credentials are not taken, so no page can use the session of who looks at it.
 */
import type { HttpEvent } from '../../shared/runtime/http-handler.ts';
import type { StreamedAnswer } from '../../shared/runtime/streaming-handler.ts';

const SEGMENTS = '/api/s/';

const PREFLIGHT: StreamedAnswer = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'accept, content-type, if-none-match, if-range, range, x-requested-with',
    'access-control-max-age': '600',
  },
};

/** Answers by `answer`; what is asked below a segment may be read by a page of any origin. */
export function crossOrigin<Context>(
  answer: (event: HttpEvent, context: Context) => Promise<StreamedAnswer>,
): (event: HttpEvent, context: Context) => Promise<StreamedAnswer> {
  return async (event, context) => {
    if (!event.rawPath.startsWith(SEGMENTS)) return answer(event, context);
    const isPreflight = event.requestContext.http.method === 'OPTIONS';
    const answered = isPreflight ? PREFLIGHT : await answer(event, context);
    return {
      ...answered,
      headers: {
        ...answered.headers,
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'accept-ranges, content-range, etag, warning',
        'cross-origin-resource-policy': 'cross-origin',
      },
    };
  };
}
