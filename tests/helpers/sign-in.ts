/** Signs a user in as the staff page does: authorization code with PKCE, each step by its address. */
import { createHash, randomBytes } from 'node:crypto';

export interface Issuer {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

export const draw = () => randomBytes(32).toString('base64url');

/** The address of the authorization endpoint; what is given overrides or, undefined, leaves out. */
export function authorizeUrl(
  issuer: Issuer,
  verifier: string,
  changes: Record<string, string | undefined> = {},
) {
  const query = {
    response_type: 'code',
    client_id: issuer.clientId,
    redirect_uri: issuer.redirectUri,
    scope: 'openid',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  const url = new URL(issuer.authorizationEndpoint);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** Fills the form of the sign-in page; answers with where the browser is sent then. */
export async function enter(
  at: URL,
  user: { readonly username: string; readonly password: string },
): Promise<URL | undefined> {
  const page = await (await fetch(at)).text();
  const action = /action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#38;', '&');
  if (action === undefined) return undefined;
  const { username, password } = user;
  const entered = await fetch(new URL(action, at), {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
    redirect: 'manual',
  });
  if (entered.status !== 303) return undefined;
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const next = new URL(entered.headers.get('location') ?? '', at);
  const sent = await fetch(next, { headers: { cookie }, redirect: 'manual' });
  return new URL(sent.headers.get('location') ?? '');
}

export async function redeem(issuer: Issuer, form: Record<string, string>): Promise<Response> {
  return fetch(issuer.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: issuer.clientId, redirect_uri: issuer.redirectUri, ...form }),
  });
}

/** The whole way; throws where it does not lead to tokens. */
export async function signIn(
  issuer: Issuer,
  user: { readonly username: string; readonly password: string },
): Promise<TokenAnswer> {
  const verifier = draw();
  const back = await enter(authorizeUrl(issuer, verifier), user);
  const code = back?.searchParams.get('code') ?? '';
  const answer = await redeem(issuer, { grant_type: 'authorization_code', code, code_verifier: verifier });
  if (!answer.ok) throw new Error(`no tokens: ${await answer.text()}`);
  return (await answer.json()) as TokenAnswer;
}
