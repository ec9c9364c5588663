/**
 * The check of a JWT authorizer of an HTTP API, step by step as API Gateway documents it: an RSA signature by a key of the issuer's
 * set, `iss`, `aud` (or `client_id` where there is none), `exp`, `nbf`, `iat`, and one of the route's scopes. The key is found by
 * `kid` in the set that the issuer's discovery document points to, never taken from the token.
 */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export type TokenClaims = Readonly<Record<string, unknown>>;

/** The token opens nothing; `message` is what API Gateway says in `www-authenticate`. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly status: 401 | 403;

  constructor(message: string, status: 401 | 403 = 401) {
    super(message);
    this.status = status;
  }
}

type Jwk = JsonWebKey & { readonly kid?: string; readonly alg?: string; readonly use?: string };

/** RSASSA-PKCS1-v1_5, the only family that HTTP APIs take. */
const DIGESTS: Readonly<Record<string, string>> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' };
/** What API Gateway waits for an issuer. */
const ISSUER_TIMEOUT_MS = 1_500;

/** A check by the rules; keys are fetched when they are first needed, and again when a token names one that is not known. */
export function createTokenCheck(rules: TokenRules, now: () => number = () => Date.now() / 1000) {
  let known: readonly Jwk[] = [];
  const keyFor = async (kid: string): Promise<Jwk> => {
    const find = () => known.find((key) => key.kid === kid);
    if (find() === undefined) known = await fetchKeys(rules.issuer);
    const key = find();
    if (key === undefined) throw new TokenRefused('signing method or key is invalid');
    return key;
  };

  return async (authorization: string | undefined, scopes: readonly string[] = []): Promise<TokenClaims> => {
    const token = (authorization ?? '').replace(/^Bearer /i, '');
    const [head = '', body = '', signature = '', ...rest] = token.split('.');
    if (token === '' || signature === '' || rest.length > 0) throw new TokenRefused('the token is malformed');
    const { alg, kid, crit } = decode(head);
    const digest = DIGESTS[String(alg)];
    if (
      digest === undefined ||
      !Object.hasOwn(DIGESTS, String(alg)) ||
      typeof kid !== 'string' ||
      crit !== undefined
    )
      throw new TokenRefused('signing method or key is invalid');
    const key = await keyFor(kid);
    if (key.kty !== 'RSA' || (key.use ?? 'sig') !== 'sig' || (key.alg ?? alg) !== alg)
      throw new TokenRefused('signing method or key is invalid');
    const isSigned = verify(
      digest,
      Buffer.from(`${head}.${body}`),
      createPublicKey({ key, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    );
    if (!isSigned) throw new TokenRefused('the signature is invalid');
    const claims = decode(body);
    checkClaims(claims, rules, now());
    if (scopes.length > 0 && !scopes.some((scope) => scopesOf(claims).includes(scope)))
      throw new TokenRefused('insufficient_scope', 403);
    return claims;
  };
}

export type TokenCheck = ReturnType<typeof createTokenCheck>;

function checkClaims(claims: TokenClaims, { issuer, audience }: TokenRules, now: number): void {
  if (claims.iss !== issuer) throw new TokenRefused('the issuer is invalid');
  const named = claims.aud === undefined ? claims.client_id : claims.aud;
  if (![named].flat().some((one) => audience.includes(String(one))))
    throw new TokenRefused('the audience is invalid');
  const { exp, nbf, iat } = claims;
  if (typeof exp !== 'number' || exp <= now) throw new TokenRefused('the token has expired');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now))
    throw new TokenRefused('the token is not valid yet');
  // Whole seconds: what was signed in this one is not of the future.
  if (iat !== undefined && !(typeof iat === 'number' && iat <= Math.ceil(now)))
    throw new TokenRefused('the token is from the future');
}

function scopesOf({ scope, scp }: TokenClaims): string[] {
  return [scope ?? scp ?? ''].flat().flatMap((text) => String(text).split(' '));
}

async function fetchKeys(issuer: string): Promise<readonly Jwk[]> {
  try {
    const { issuer: named, jwks_uri: at } = await get(
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    );
    if (named !== issuer) throw new Error('the discovery document is another issuer’s');
    return ((await get(String(at))).keys ?? []) as Jwk[];
  } catch {
    throw new TokenRefused('the issuer cannot be reached');
  }
}

async function get(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = /^[\w-]+$/.test(part)
      ? JSON.parse(Buffer.from(part, 'base64url').toString())
      : undefined;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new TokenRefused('the token is malformed');
}

/** Claims as a function is given them: every value is text, a list is `[a b]`. */
export function claimsInEvent(claims: TokenClaims): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, written(value)]));
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([name, one]) => `${name}:${written(one)}`);
  return `map[${entries.join(' ')}]`;
}
