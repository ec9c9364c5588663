/** The key of a user pool and what it signs: JWTs by RS256 (RFC 7515, 7518), and the key set that they are checked by (RFC 7517). */
import { createHash, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';

export type Claims = Readonly<Record<string, unknown>>;

export interface TokenSigner {
  sign(claims: Claims): Promise<string>;
  keySet(): Promise<{ readonly keys: readonly Claims[] }>;
}

/** A key is drawn when the first token or the key set is asked for, and is gone with the process: tokens do not outlive a run. */
export function createTokenSigner(): TokenSigner {
  let drawn:
    | Promise<{ readonly privateKey: KeyObject; readonly jwk: Claims; readonly id: string }>
    | undefined;
  const key = () => {
    drawn ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(({ publicKey, privateKey }) => {
      const { n, e } = publicKey.export({ format: 'jwk' });
      const id = createHash('sha256').update(String(n)).digest('base64url');
      return { privateKey, id, jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid: id, n, e } };
    });
    return drawn;
  };
  return {
    sign: async (claims) => {
      const { privateKey, id } = await key();
      const signed = `${encode({ alg: 'RS256', kid: id, typ: 'JWT' })}.${encode(claims)}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    keySet: async () => ({ keys: [(await key()).jwk] }),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
