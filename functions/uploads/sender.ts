/**
 * Who asks: staff, whose signature API Gateway has checked, or the holder of an upload token, which is looked up at each
 * request, so that a revoked one is refused at once. The secret stands in a header alone and is known here as a hash.
 */
import type { UploadToken, UploadTokens } from '../../shared/aws/upload-tokens.ts';
import type { Checked, TokenFailure } from '../../shared/contract/api.ts';
import { HttpRefusal, type HttpRequest } from '../../shared/runtime/http-handler.ts';
import { hashToken } from '../../shared/runtime/secrets.ts';

export type Sender =
  | { readonly isStaff: true }
  | { readonly isStaff: false; readonly token: UploadToken; readonly hash: string };

export interface TokenPorts {
  readonly tokens: Pick<UploadTokens, 'find' | 'spend'>;
  now(): Date;
}

/** A token's id and 256 bits in base64url, as `createUploadToken` makes them. */
export const SECRET = /^[0-9a-z]{26}[A-Za-z0-9_-]{43}$/;

/** The holder of the token that the request bears; anything else is answered with 401. */
export async function senderOf(request: HttpRequest, { tokens, now }: TokenPorts): Promise<Sender> {
  const [, secret = ''] = /^Bearer (\S+)$/.exec(request.header('authorization') ?? '') ?? [];
  if (!SECRET.test(secret)) throw refusal('unknown-token');
  // Found by the hash of 256 random bits: how long that takes tells nothing of the secret.
  const hash = hashToken(secret);
  const token = await tokens.find(hash);
  if (!token) throw refusal('unknown-token');
  if (token.revokedAt !== undefined) throw refusal('revoked');
  if (token.expiresAt <= now().toISOString()) throw refusal('expired');
  return { isStaff: false, token, hash };
}

/** Counts what addresses are handed out for against the token's limit. */
export async function spend(
  sender: Sender,
  objects: readonly Checked[],
  { tokens }: Pick<TokenPorts, 'tokens'>,
): Promise<void> {
  if (sender.isStaff) return;
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  if (!(await tokens.spend(sender.hash, bytes, sender.token.maximumBytes)))
    throw new HttpRefusal(403, 'token-limit');
}

function refusal(failure: TokenFailure): HttpRefusal {
  return new HttpRefusal(401, failure);
}
