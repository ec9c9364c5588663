/** Answers across origins as HTTP APIs and function URLs give them: by their configuration, before anything is judged. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface CorsSettings {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAge: number | undefined;
}

/** Sets the headers of a cross-origin answer; true when the request was a preflight and is answered. */
export function applyCors(cors: CorsSettings, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  const isPreflight =
    request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (cors.allowOrigins.includes('*') || cors.allowOrigins.includes(origin)) {
    response.setHeader('access-control-allow-origin', cors.allowOrigins.includes('*') ? '*' : origin);
    if (cors.allowCredentials) response.setHeader('access-control-allow-credentials', 'true');
    setList(response, 'access-control-expose-headers', cors.exposeHeaders);
    if (isPreflight) {
      setList(response, 'access-control-allow-methods', cors.allowMethods);
      setList(response, 'access-control-allow-headers', cors.allowHeaders);
      if (cors.maxAge !== undefined) response.setHeader('access-control-max-age', cors.maxAge);
    }
  }
  if (isPreflight) response.writeHead(204).end();
  return isPreflight;
}

function setList(response: ServerResponse, name: string, values: readonly string[]): void {
  if (values.length > 0) response.setHeader(name, values.join(','));
}
