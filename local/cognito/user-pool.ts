/**
 * A user pool of one run: its users, groups and clients, and the codes and tokens between them (OAuth 2.0 with PKCE, OpenID
 * Connect). Users live as long as the process and sign in once with each password, which is drawn here: nothing of them stands in a
 * template, so nothing of them can be deployed.
 */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { type Claims, createTokenSigner, type TokenSigner } from './token-signer.ts';

export interface PoolClient {
  readonly id: string;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly scopes: readonly string[];
  readonly flows: readonly string[];
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly rotates: boolean;
}

export interface PoolUser {
  readonly sub: string;
  readonly username: string;
  readonly groups: Set<string>;
  /** Hash of the password that signs in once. */
  password: Buffer | undefined;
}

/** What was asked for at the authorization endpoint. */
export interface Authorization {
  readonly client: PoolClient;
  readonly redirectUri: string;
  readonly scope: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

export interface UserPool {
  readonly id: string;
  readonly logicalId: string;
  /** As tokens name it. */
  readonly issuer: string;
  readonly groups: Set<string>;
  readonly clients: Map<string, PoolClient>;
  readonly keySet: TokenSigner['keySet'];
  /** Signs any claims: for tests, which forge with the true key. */
  readonly sign: TokenSigner['sign'];
  createUser(username: string): PoolUser;
  user(username: string): PoolUser | undefined;
  /** Draws a password that signs in once; one before it is good no more. */
  newPassword(user: PoolUser): string;
  /** The session of who knows the password. */
  signIn(username: string, password: string): string | undefined;
  userOfSession(session: string): PoolUser | undefined;
  signOut(session: string): void;
  /** A code that is good once, for minutes. */
  authorize(user: PoolUser, asked: Authorization): string;
  redeem(given: {
    code: string;
    client: string;
    redirectUri: string;
    verifier: string;
  }): Promise<Tokens | undefined>;
  refresh(given: { token: string; client: string }): Promise<Tokens | undefined>;
}

const CODE_SECONDS = 5 * 60;
const SESSION_SECONDS = 60 * 60;

interface Granted {
  readonly user: PoolUser;
  readonly asked: Authorization;
  readonly authTime: number;
  readonly endsAt: number;
}

/** A pool without users. */
export function createUserPool(
  facts: { readonly id: string; readonly logicalId: string; readonly issuer: string },
  now: () => number = () => Math.floor(Date.now() / 1000),
): UserPool {
  const signer = createTokenSigner();
  const users = new Map<string, PoolUser>();
  const sessions = new Map<string, { readonly user: PoolUser; readonly endsAt: number }>();
  const codes = new Map<string, Granted>();
  const refreshTokens = new Map<string, Granted>();

  const tokensOf = async ({ user, asked, authTime }: Granted): Promise<Omit<Tokens, 'refresh_token'>> => {
    const { client, scope, nonce } = asked;
    const issued = now();
    const shared: Claims = {
      sub: user.sub,
      ...(user.groups.size > 0 ? { 'cognito:groups': [...user.groups] } : {}),
      iss: facts.issuer,
      origin_jti: randomUUID(),
      auth_time: authTime,
      iat: issued,
      jti: randomUUID(),
    };
    const access = { version: 2, client_id: client.id, token_use: 'access', scope, username: user.username };
    const id = {
      aud: client.id,
      token_use: 'id',
      'cognito:username': user.username,
      ...(nonce ? { nonce } : {}),
    };
    return {
      access_token: await signer.sign({ ...shared, ...access, exp: issued + client.accessTokenSeconds }),
      id_token: await signer.sign({ ...shared, ...id, exp: issued + client.idTokenSeconds }),
      token_type: 'Bearer',
      expires_in: client.accessTokenSeconds,
    };
  };
  const withRefresh = async (granted: Granted): Promise<Tokens> => {
    const refreshToken = draw();
    const endsAt = now() + granted.asked.client.refreshTokenSeconds;
    refreshTokens.set(refreshToken, { ...granted, endsAt });
    return { ...(await tokensOf(granted)), refresh_token: refreshToken };
  };

  return {
    ...facts,
    groups: new Set(),
    clients: new Map(),
    keySet: signer.keySet,
    sign: signer.sign,
    createUser: (username) => {
      const user: PoolUser = { sub: randomUUID(), username, groups: new Set(), password: undefined };
      users.set(username, user);
      return user;
    },
    user: (username) => users.get(username),
    newPassword: (user) => {
      const password = draw();
      user.password = hash(password);
      return password;
    },
    signIn: (username, password) => {
      const user = users.get(username);
      if (user?.password === undefined || !timingSafeEqual(user.password, hash(password))) return undefined;
      user.password = undefined;
      const session = draw();
      sessions.set(session, { user, endsAt: now() + SESSION_SECONDS });
      return session;
    },
    userOfSession: (session) => {
      const found = sessions.get(session);
      return found && found.endsAt > now() ? found.user : undefined;
    },
    signOut: (session) => {
      sessions.delete(session);
    },
    authorize: (user, asked) => {
      const code = draw();
      codes.set(code, { user, asked, authTime: now(), endsAt: now() + CODE_SECONDS });
      return code;
    },
    redeem: async ({ code, client, redirectUri, verifier }) => {
      const granted = codes.get(code);
      // A code that came once comes from two places when it comes again.
      codes.delete(code);
      if (granted === undefined || granted.endsAt <= now()) return undefined;
      const { asked } = granted;
      const proof = createHash('sha256').update(verifier).digest('base64url');
      if (asked.client.id !== client || asked.redirectUri !== redirectUri || asked.challenge !== proof)
        return undefined;
      return withRefresh(granted);
    },
    refresh: async ({ token, client }) => {
      const granted = refreshTokens.get(token);
      if (granted === undefined || granted.endsAt <= now() || granted.asked.client.id !== client)
        return undefined;
      if (!granted.asked.client.rotates) return tokensOf(granted);
      refreshTokens.delete(token);
      return withRefresh(granted);
    },
  };
}

function draw(): string {
  return randomBytes(20).toString('base64url');
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
