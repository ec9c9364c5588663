/**
 * Signs staff in at the issuer: authorization code with PKCE (RFC 6749, 7636). Tokens are held in this module's memory alone; what has
 * to outlive the way to the issuer and back stands in `sessionStorage` and is good for nothing once that way is gone.
 */

/** What the deployment says of its issuer: endpoints, or where they can be read. */
interface SignInConfig {
  readonly issuer?: string;
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly logoutEndpoint?: string;
  readonly clientId: string;
  readonly scope: string;
  readonly rolesClaim: string;
  /** Days that a link lives. */
  readonly linkDays: { readonly usual: number; readonly longest: number };
}

interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly logout: string | undefined;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
}

/** Kept over the way to the issuer and back. */
const PENDING = 'filmroom-sign-in';
/** That this tab was signed in: a reload goes the same way again, and the issuer knows its session. */
const WAS_SIGNED_IN = 'filmroom-signed-in';

let config: SignInConfig | undefined;
let endpoints: Endpoints | undefined;
let tokens: Tokens | undefined;
let renewing: Promise<boolean> | undefined;

const pageAddress = () => `${location.origin}/staff`;

/** Whether there is a token now; a reason where the issuer has refused one. May leave the page for the issuer. */
export async function begin(): Promise<'signed-in' | 'signed-out' | 'refused' | 'leaving'> {
  config = (await get('/staff/sign-in.json')) as SignInConfig;
  endpoints = await endpointsOf(config);
  const answer = new URLSearchParams(location.search);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as Pending | null;
  sessionStorage.removeItem(PENDING);
  if (answer.has('code') || answer.has('error')) {
    // At once, so that no code stays in the address bar or in the history.
    history.replaceState(null, '', `/staff${pending?.hash ?? ''}`);
    const isOurs = pending !== null && answer.get('state') === pending.state;
    const code = answer.get('code');
    if (!isOurs || code === null) return 'refused';
    return (await redeem({ grant_type: 'authorization_code', code, code_verifier: pending.verifier }))
      ? 'signed-in'
      : 'refused';
  }
  if (sessionStorage.getItem(WAS_SIGNED_IN) === null) return 'signed-out';
  await leaveForIssuer();
  return 'leaving';
}

interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly hash: string;
}

/** Sends the browser to the issuer, which sends it back. */
export async function leaveForIssuer(): Promise<void> {
  if (config === undefined || endpoints === undefined) return;
  const pending: Pending = { state: draw(), verifier: draw(), hash: location.hash };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const url = new URL(endpoints.authorize);
  const query = {
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: pageAddress(),
    scope: config.scope,
    state: pending.state,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
}

/** Forgets the tokens, and the issuer's session where it can be ended. */
export function signOut(): void {
  tokens = undefined;
  sessionStorage.removeItem(WAS_SIGNED_IN);
  const url = new URL(endpoints?.logout ?? pageAddress());
  // Cognito calls it `logout_uri`, OpenID Connect `post_logout_redirect_uri`.
  for (const name of ['logout_uri', 'post_logout_redirect_uri']) url.searchParams.set(name, pageAddress());
  url.searchParams.set('client_id', config?.clientId ?? '');
  location.assign(endpoints?.logout === undefined ? pageAddress() : url);
}

/** The token for a request. */
export function accessToken(): string | undefined {
  return tokens?.access_token;
}

/** Asks for new tokens once, however many requests wait for them. */
export function renew(): Promise<boolean> {
  const refresh = tokens?.refresh_token;
  if (refresh === undefined) return Promise.resolve(false);
  renewing ??= redeem({ grant_type: 'refresh_token', refresh_token: refresh }).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** The roles that the token names: for what the page offers. What is allowed is judged by the API. */
export function roles(): ReadonlySet<string> {
  const body = tokens?.access_token.split('.')[1];
  if (body === undefined || config === undefined) return new Set();
  try {
    const bytes = Uint8Array.from(atob(body.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const claim: unknown = JSON.parse(new TextDecoder().decode(bytes))[config.rolesClaim];
    return new Set([claim ?? []].flat().flatMap((text) => String(text).split(/[\s,]+/)));
  } catch {
    return new Set();
  }
}

/** How long links live where the deployment says nothing else, and at most. */
export function linkDays(): SignInConfig['linkDays'] {
  return config?.linkDays ?? { usual: 14, longest: 14 };
}

async function redeem(form: Readonly<Record<string, string>>): Promise<boolean> {
  if (config === undefined || endpoints === undefined) return false;
  const body = new URLSearchParams({ client_id: config.clientId, redirect_uri: pageAddress(), ...form });
  const answer = await fetch(endpoints.token, { method: 'POST', body, credentials: 'omit' }).catch(
    () => undefined,
  );
  if (!answer?.ok) {
    tokens = undefined;
    sessionStorage.removeItem(WAS_SIGNED_IN);
    return false;
  }
  // An issuer that does not rotate refresh tokens sends none again.
  tokens = { ...tokens, ...((await answer.json()) as Tokens) };
  sessionStorage.setItem(WAS_SIGNED_IN, 'yes');
  return true;
}

async function endpointsOf(given: SignInConfig): Promise<Endpoints> {
  const { authorizationEndpoint: authorize, tokenEndpoint: token, logoutEndpoint: logout } = given;
  if (authorize !== undefined && token !== undefined) return { authorize, token, logout };
  const document = (await get(
    `${(given.issuer ?? '').replace(/\/$/, '')}/.well-known/openid-configuration`,
  )) as Record<string, string | undefined>;
  return {
    authorize: document.authorization_endpoint ?? '',
    token: document.token_endpoint ?? '',
    logout: document.end_session_endpoint,
  };
}

async function get(address: string): Promise<unknown> {
  const answer = await fetch(address, { credentials: 'omit' });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function draw(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  return base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
