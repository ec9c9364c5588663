/** The user pool and the JWT authorizer of the local run: the way in, and every way that must not be one. */
import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserPool } from '../../../local/cognito/user-pool.ts';
import {
  authorizeUrl,
  draw,
  enter,
  type Issuer,
  redeem,
  signIn,
  type TokenAnswer,
} from '../../helpers/sign-in.ts';
import { COGNITO_ASSETS, COGNITO_OUTPUTS, cognitoApp, REDIRECT } from './cognito-app.ts';
import { type Running, run } from './fixture.ts';

let running: Running;
let pool: UserPool;
let issuer: Issuer;
let apiUrl: string;

beforeAll(async () => {
  running = await run({ Resources: cognitoApp, Outputs: COGNITO_OUTPUTS }, COGNITO_ASSETS);
  const { outputs, userPools } = running.stack;
  pool = userPools.get(outputs.PoolId ?? '') as UserPool;
  apiUrl = outputs.ApiUrl ?? '';
  issuer = {
    authorizationEndpoint: `${outputs.Domain}/oauth2/authorize`,
    tokenEndpoint: `${outputs.Domain}/oauth2/token`,
    clientId: outputs.ClientId ?? '',
    redirectUri: REDIRECT,
  };
});
afterAll(() => running.stop());

let users = 0;
function newUser(...groups: string[]) {
  const user = pool.createUser(`user-${++users}`);
  for (const group of groups) user.groups.add(group);
  return { sub: user.sub, username: user.username, password: pool.newPassword(user) };
}
const ask = (authorization: string | undefined, path = '/staff') =>
  fetch(`${apiUrl}${path}`, authorization === undefined ? {} : { headers: { authorization } });
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const open = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((one) => JSON.parse(Buffer.from(one, 'base64url').toString()));

describe('signing in with a code and PKCE', () => {
  it('gives an access token by which the function learns who it is, as API Gateway writes claims', async () => {
    const user = newUser('read', 'share');
    const { access_token: token, expires_in: seconds } = await signIn(issuer, user);
    expect(seconds).toBe(30 * 60);
    const answer = await ask(`Bearer ${token}`);
    expect(answer.status).toBe(200);
    const { jwt } = (await answer.json()) as { jwt: { claims: Record<string, string>; scopes: null } };
    expect(jwt.scopes).toBeNull();
    expect(jwt.claims).toMatchObject({
      sub: user.sub,
      'cognito:groups': '[read share]',
      iss: pool.issuer,
      client_id: issuer.clientId,
      token_use: 'access',
      scope: 'openid',
      version: '2',
      exp: expect.stringMatching(/^\d{10}$/),
    });
    expect(jwt.claims).not.toHaveProperty('aud');
  });

  it('takes a token without the word Bearer too, and its letters in any case', async () => {
    const { access_token: token } = await signIn(issuer, newUser());
    expect((await ask(token)).status).toBe(200);
    expect((await ask(`bearer ${token}`)).status).toBe(200);
  });

  it('is described by the discovery document of the issuer, whose keys are public alone', async () => {
    const document = (await (
      await fetch(`${pool.issuer}/.well-known/openid-configuration`)
    ).json()) as Record<string, string>;
    expect(document).toMatchObject({
      issuer: pool.issuer,
      authorization_endpoint: issuer.authorizationEndpoint,
      token_endpoint: issuer.tokenEndpoint,
    });
    const { keys } = (await (await fetch(document.jwks_uri ?? '')).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('returns to the very address of the client with the state, and with no token in it', async () => {
    const back = await enter(authorizeUrl(issuer, draw()), newUser());
    expect(`${back?.origin}${back?.pathname}`).toBe(REDIRECT);
    expect([...(back?.searchParams.keys() ?? [])].sort()).toEqual(['code', 'state']);
    expect(back?.searchParams.get('state')).toBe('the-state');
  });

  it('takes each password once, and no wrong one', async () => {
    const user = newUser();
    expect(await enter(authorizeUrl(issuer, draw()), { ...user, password: draw() })).toBeUndefined();
    expect(await enter(authorizeUrl(issuer, draw()), user)).toBeDefined();
    expect(await enter(authorizeUrl(issuer, draw()), user)).toBeUndefined();
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without PKCE', { code_challenge: undefined }, 'invalid_request'],
    ['with a challenge in the clear', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['by the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['for more than the client may', { scope: 'openid aws.cognito.signin.user.admin' }, 'invalid_scope'],
  ])('is refused at the address of the client %s', async (_, changes, error) => {
    const { status, headers } = await fetch(authorizeUrl(issuer, draw(), changes), { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, `${REDIRECT}?error=${error}&state=the-state`]);
  });

  it.each([
    ['another address', { redirect_uri: 'https://films.example.org.evil.example/staff' }],
    ['an address below the client’s', { redirect_uri: `${REDIRECT}/elsewhere` }],
    ['a client that there is not', { client_id: 'nobody' }],
  ])('sends nobody to %s', async (_, changes) => {
    const answer = await fetch(authorizeUrl(issuer, draw(), changes), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it('gives no tokens for a code with another verifier, for another address, or a second time', async () => {
    const code = async (verifier: string) =>
      (await enter(authorizeUrl(issuer, verifier), newUser()))?.searchParams.get('code') ?? '';
    const verifier = draw();
    const grant = async (changes: Record<string, string>) => {
      const form = { grant_type: 'authorization_code', code: await code(verifier), code_verifier: verifier };
      return (await redeem(issuer, { ...form, ...changes })).status;
    };
    expect(await grant({ code_verifier: draw() })).toBe(400);
    expect(await grant({ redirect_uri: 'https://evil.example/' })).toBe(400);
    expect(await grant({ client_id: 'nobody' })).toBe(400);
    const form = { grant_type: 'authorization_code', code: await code(verifier), code_verifier: verifier };
    expect((await redeem(issuer, form)).status).toBe(200);
    expect((await redeem(issuer, form)).status).toBe(400);
  });

  it('renews with a refresh token that is good once', async () => {
    const { refresh_token: token } = await signIn(issuer, newUser('read'));
    const renew = (refresh: string) =>
      redeem(issuer, { grant_type: 'refresh_token', refresh_token: refresh });
    const renewed = (await (await renew(token)).json()) as TokenAnswer;
    expect((await ask(`Bearer ${renewed.access_token}`)).status).toBe(200);
    expect((await renew(token)).status).toBe(400);
    expect((await renew(renewed.refresh_token)).status).toBe(200);
  });
});

describe('the authorizer refuses', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const good = () => ({
    sub: newUser().sub,
    iss: pool.issuer,
    client_id: issuer.clientId,
    token_use: 'access',
    'cognito:groups': ['read'],
    iat: now(),
    exp: now() + 600,
  });
  const ownKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rs256 = (header: object, claims: object, key = ownKey.privateKey) => {
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  };
  const kid = async () => String((await pool.keySet()).keys[0]?.kid);

  it('nothing of what is made here without a fault, so that what follows is refused for its fault', async () => {
    expect((await ask(`Bearer ${await pool.sign(good())}`)).status).toBe(200);
  });

  it.each<[string, () => string | undefined | Promise<string | undefined>]>([
    ['no token', () => undefined],
    ['an empty one', () => 'Bearer '],
    ['what is none', () => 'Bearer not.a.token'],
    [
      'a signature of AWS in its place',
      () => 'AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=0',
    ],
    ['the algorithm none', async () => `Bearer ${part({ alg: 'none', kid: await kid() })}.${part(good())}.`],
    [
      'the algorithm none with something signed',
      async () => `Bearer ${part({ alg: 'none', kid: await kid() })}.${part(good())}.AAAA`,
    ],
    [
      'HS256 with the public key for its secret',
      async () => {
        const key = createPublicKey({ key: (await pool.keySet()).keys[0] as JsonWebKey, format: 'jwk' });
        const secret = key.export({ type: 'spki', format: 'pem' });
        const signed = `${part({ alg: 'HS256', kid: await kid() })}.${part(good())}`;
        return `Bearer ${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      },
    ],
    [
      'an own key under the id of the true one',
      async () => rs256({ alg: 'RS256', kid: await kid() }, good()),
    ],
    [
      'an own key that comes along',
      () => rs256({ alg: 'RS256', kid: 'mine', jwk: ownKey.publicKey.export({ format: 'jwk' }) }, good()),
    ],
    ['a key id that is not in the set', () => rs256({ alg: 'RS256', kid: 'another' }, good())],
    ['no key id', () => rs256({ alg: 'RS256' }, good())],
    ['another issuer', () => pool.sign({ ...good(), iss: 'https://issuer.example' })],
    ['an issuer that begins like it', () => pool.sign({ ...good(), iss: `${pool.issuer}0` })],
    ['another client', () => pool.sign({ ...good(), client_id: 'another' })],
    ['another audience, whatever the client', () => pool.sign({ ...good(), aud: 'another' })],
    ['no audience and no client', () => pool.sign({ ...good(), client_id: undefined })],
    ['one that has expired', () => pool.sign({ ...good(), exp: now() - 1 })],
    ['one that never expires', () => pool.sign({ ...good(), exp: undefined })],
    ['one that is not valid yet', () => pool.sign({ ...good(), nbf: now() + 60 })],
    ['one of the future', () => pool.sign({ ...good(), iat: now() + 60 })],
    ['times that are text', () => pool.sign({ ...good(), exp: String(now() + 600) })],
    [
      'claims that were changed after they were signed',
      async () => {
        const token = await pool.sign(good());
        const [head, , signature] = token.split('.');
        const [, claims] = open(token);
        return `${head}.${part({ ...claims, 'cognito:groups': ['read', 'administer'] })}.${signature}`;
      },
    ],
    ['a signature cut short', async () => (await pool.sign(good())).slice(0, -8)],
    [
      'a critical header that nobody knows',
      async () => rs256({ alg: 'RS256', kid: await kid(), crit: ['b64'] }, good()),
    ],
  ])('%s', async (_, make) => {
    const made = await make();
    const answer = await ask(made === undefined || / /.test(made) ? made : `Bearer ${made}`);
    expect([answer.status, await answer.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  it('a token without the scope of the route, and takes one that has it', async () => {
    expect((await ask(`Bearer ${await pool.sign({ ...good(), scope: 'openid' })}`, '/scoped')).status).toBe(
      403,
    );
    const scoped = await pool.sign({ ...good(), scope: 'openid films/administer' });
    const answer = await ask(`Bearer ${scoped}`, '/scoped');
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { jwt: { scopes: string[] } }).jwt.scopes).toEqual(['films/administer']);
  });
});
