/** Calls routes as API Gateway does. */
import { type HttpEvent, httpHandler, type Route } from '../../shared/runtime/http-handler.ts';
import { lambdaContext } from './lambda.ts';
import { recorder } from './recorder.ts';

export interface Called {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it expects
  readonly json: any;
}

const PUBLIC = /^\/(api|download)\//;

/** A function that calls the routes; `lines` is what was logged. */
export function caller(routes: readonly Route[]) {
  const { ports, lines } = recorder();
  // Some lists of routes are mounted for staff by the function that wires them: here they are for who reads.
  const mounted = routes.map((route) =>
    route.role === undefined && !PUBLIC.test(route.path) ? { ...route, role: 'read' as const } : route,
  );
  const handler = httpHandler(mounted, ports.log);
  const call = async (
    method: string,
    path: string,
    { body, ...event }: Partial<Omit<HttpEvent, 'body'>> & { body?: object } = {},
  ): Promise<Called> => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const result = await handler(
      {
        rawPath,
        rawQueryString,
        // As the gateway deploys them: what is not for who holds a link or a token asks for a signature.
        requestContext: {
          http: { method },
          ...(PUBLIC.test(rawPath) ? {} : { authorizer: { iam: { userId: 'AIDAOPERATOR' } } }),
        },
        ...(body instanceof Uint8Array
          ? { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
          : body
            ? { body: JSON.stringify(body) }
            : {}),
        ...event,
      },
      lambdaContext,
    );
    const bytes = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
    return {
      status: result.statusCode,
      headers: result.headers,
      cookies: result.cookies ?? [],
      bytes,
      get json() {
        return JSON.parse(bytes.toString('utf8'));
      },
    };
  };
  return { call, lines };
}
