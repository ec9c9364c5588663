/**
 * The two faces of a user pool: the issuer with its discovery document and keys (OpenID Connect Discovery 1.0), and the domain where
 * people sign in and pages redeem codes (RFC 6749, 7636). Stricter than Cognito in one thing: a code is given to S256 alone.
 * What a browser is sent to is one of the client's own addresses, letter by letter.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http/read-body.ts';
import { signInPage } from './sign-in-page.ts';
import type { Authorization, PoolClient, UserPool } from './user-pool.ts';

const COOKIE = 'filmroom-local-issuer';
const BODY_LIMIT = 64 * 1024;

/** Serves `/<pool>/.well-known/…` of all pools. */
export function serveIssuers(pools: ReadonlyMap<string, UserPool>, domainOf: (pool: UserPool) => string) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, id = '', folder, document] = (request.url ?? '/').split('?')[0]?.split('/') ?? [];
    const pool = pools.get(id);
    if (request.method !== 'GET' || pool === undefined || folder !== '.well-known')
      return json(response, 404, { message: 'Not Found' });
    if (document === 'jwks.json') return json(response, 200, await pool.keySet());
    if (document !== 'openid-configuration') return json(response, 404, { message: 'Not Found' });
    const at = domainOf(pool);
    json(response, 200, {
      issuer: pool.issuer,
      jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
      authorization_endpoint: `${at}/oauth2/authorize`,
      token_endpoint: `${at}/oauth2/token`,
      end_session_endpoint: `${at}/logout`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['none'],
    });
  };
}

/** Serves the domain of one pool. */
export function serveDomain(pool: UserPool) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = new URLSearchParams((await readBody(request, BODY_LIMIT))?.toString() ?? '');
    const route = `${request.method} ${url.pathname}`;
    if (route === 'GET /oauth2/authorize') return authorize(pool, url.searchParams, request, response);
    if (route === 'POST /login') return signIn(pool, url.searchParams, body, request, response);
    if (route === 'POST /oauth2/token') return token(pool, body, response);
    if (route === 'GET /logout') return signOut(pool, url.searchParams, request, response);
    json(response, 404, { message: 'Not Found' });
  };
}

type Asked = { readonly authorization: Authorization; readonly state: string | null };

/** What is asked for, or an answer that refuses it: by a page where the client is not known, else at the client's address. */
function askedFor(pool: UserPool, query: URLSearchParams, response: ServerResponse): Asked | undefined {
  const client = pool.clients.get(query.get('client_id') ?? '');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (client === undefined || !client.callbackUrls.includes(redirectUri)) {
    html(response, 400, signInPage({ problem: 'This client or its address is not known here.' }));
    return undefined;
  }
  const scope = query.get('scope') ?? client.scopes.join(' ');
  const challenge = query.get('code_challenge') ?? '';
  const state = query.get('state');
  const error = problemOf(query, client, scope, challenge);
  if (error !== undefined) {
    redirect(response, redirectUri, { error, ...(state === null ? {} : { state }) });
    return undefined;
  }
  const nonce = query.get('nonce') ?? undefined;
  return { authorization: { client, redirectUri, scope, challenge, nonce }, state };
}

function problemOf(query: URLSearchParams, client: PoolClient, scope: string, challenge: string) {
  if (query.get('response_type') !== 'code' || !client.flows.includes('code'))
    return 'unsupported_response_type';
  if (scope.split(' ').some((one) => !client.scopes.includes(one))) return 'invalid_scope';
  return query.get('code_challenge_method') === 'S256' && /^[\w-]{43}$/.test(challenge)
    ? undefined
    : 'invalid_request';
}

function authorize(
  pool: UserPool,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const asked = askedFor(pool, query, response);
  if (asked === undefined) return;
  const user = pool.userOfSession(cookieOf(request));
  if (user === undefined) return html(response, 200, signInPage({ action: `/login?${query}` }));
  const code = pool.authorize(user, asked.authorization);
  redirect(response, asked.authorization.redirectUri, {
    code,
    ...(asked.state === null ? {} : { state: asked.state }),
  });
}

function signIn(
  pool: UserPool,
  query: URLSearchParams,
  form: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (askedFor(pool, query, response) === undefined) return;
  const session = pool.signIn((form.get('username') ?? '').trim(), (form.get('password') ?? '').trim());
  if (session === undefined) {
    const problem = 'That name and password do not go together, or the password was used before.';
    return html(response, 401, signInPage({ action: `/login?${query}`, problem }));
  }
  response.setHeader('set-cookie', `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Lax`);
  // Whoever was signed in before is no more.
  pool.signOut(cookieOf(request));
  response.writeHead(303, { location: `/oauth2/authorize?${query}` }).end();
}

async function token(pool: UserPool, form: URLSearchParams, response: ServerResponse): Promise<void> {
  // A page of another origin asks, without credentials.
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('cache-control', 'no-store');
  const given = (name: string) => form.get(name) ?? '';
  const client = given('client_id');
  if (!pool.clients.has(client)) return json(response, 400, { error: 'invalid_client' });
  const grant = given('grant_type');
  if (grant !== 'authorization_code' && grant !== 'refresh_token')
    return json(response, 400, { error: 'unsupported_grant_type' });
  const tokens =
    grant === 'refresh_token'
      ? await pool.refresh({ token: given('refresh_token'), client })
      : await pool.redeem({
          code: given('code'),
          client,
          redirectUri: given('redirect_uri'),
          verifier: given('code_verifier'),
        });
  if (tokens === undefined) return json(response, 400, { error: 'invalid_grant' });
  json(response, 200, tokens);
}

function signOut(pool: UserPool, query: URLSearchParams, request: IncomingMessage, response: ServerResponse) {
  pool.signOut(cookieOf(request));
  const client = pool.clients.get(query.get('client_id') ?? '');
  const to = query.get('logout_uri') ?? '';
  if (client === undefined || !client.logoutUrls.includes(to))
    return html(response, 400, signInPage({ problem: 'This client or its address is not known here.' }));
  response.setHeader('set-cookie', `${COOKIE}=; Path=/; Max-Age=0`);
  response.writeHead(302, { location: to }).end();
}

function cookieOf(request: IncomingMessage): string {
  const pairs = (request.headers.cookie ?? '').split(/; */);
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
}

function redirect(response: ServerResponse, to: string, query: Readonly<Record<string, string>>): void {
  response
    .writeHead(302, { location: `${to}?${new URLSearchParams(query)}`, 'cache-control': 'no-store' })
    .end();
}

function html(response: ServerResponse, status: number, page: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    })
    .end(page);
}

function json(response: ServerResponse, status: number, answer: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
    .end(JSON.stringify(answer));
}
