/** What staff do with upload tokens: make one, list them, revoke one. A secret leaves once and is kept as a hash. */

import type { z } from 'zod';
import type { UploadToken, UploadTokens } from '../../shared/aws/upload-tokens.ts';
import { CreateUploadToken, type UploadTokenEntry } from '../../shared/contract/api.ts';
import { HttpRefusal, needing, type Route } from '../../shared/runtime/http-handler.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { hashToken, newToken } from '../../shared/runtime/secrets.ts';

export interface TokenRoutePorts {
  readonly tokens: Pick<UploadTokens, 'create' | 'all' | 'revoke'>;
  now(): Date;
}

/** A token is for one delivery; whoever loses a list of old ones must not lose a way in. */
export const LONGEST_TOKEN_SECONDS = 90 * 24 * 60 * 60;

/** The routes over the ports. */
export function tokenRoutes({ tokens, now }: TokenRoutePorts): Route[] {
  return needing('administer', [
    {
      method: 'POST',
      path: '/upload-tokens',
      answer: async (request) => {
        const { expiresInSeconds, label, maximumBytes } = request.body(CreateUploadToken);
        if (expiresInSeconds > LONGEST_TOKEN_SECONDS) throw new HttpRefusal(400, 'expires-too-late');
        const token = newOpaqueId();
        const secret = token + newToken();
        const created = now();
        const expiresAt = new Date(created.getTime() + expiresInSeconds * 1000).toISOString();
        await tokens.create(hashToken(secret), {
          token,
          label,
          createdAt: created.toISOString(),
          expiresAt,
          maximumBytes,
        });
        // In the fragment, which no browser sends and no log keeps.
        return { status: 201, body: { token, secret, path: `/upload#${secret}`, expiresAt } };
      },
    },
    {
      method: 'GET',
      path: '/upload-tokens',
      answer: async () => {
        const all: z.infer<typeof UploadTokenEntry>[] = [];
        for await (const token of tokens.all()) all.push(entryOf(token));
        return { status: 200, body: { tokens: all.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)) } };
      },
    },
    {
      method: 'DELETE',
      path: '/upload-tokens/{token}',
      answer: async ({ parameters }) => {
        if (!(await tokens.revoke(parameters.token ?? '', now().toISOString())))
          throw new HttpRefusal(404, 'unknown-token');
        return { status: 204 };
      },
    },
  ]);
}

function entryOf(row: UploadToken): z.infer<typeof UploadTokenEntry> {
  return {
    token: row.token,
    label: row.label ?? null,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt ?? null,
    maximumBytes: row.maximumBytes ?? null,
    signedBytes: row.signedBytes,
  };
}
