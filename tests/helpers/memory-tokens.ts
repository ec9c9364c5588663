/** Upload tokens in memory. */
import type { UploadToken, UploadTokens } from '../../shared/aws/upload-tokens.ts';

export function memoryTokens(): UploadTokens & { readonly rows: ReadonlyMap<string, UploadToken> } {
  const rows = new Map<string, UploadToken>();
  const hashOf = (token: string) => [...rows].find(([, row]) => row.token === token)?.[0];
  return {
    rows,
    create: async (hash, token) => void rows.set(hash, { ...token, revokedAt: undefined, signedBytes: 0 }),
    find: async (hash) => rows.get(hash),
    all: async function* () {
      yield* rows.values();
    },
    revoke: async (token, at) => {
      const hash = hashOf(token);
      const row = rows.get(hash ?? '');
      if (hash === undefined || row === undefined) return false;
      rows.set(hash, { ...row, revokedAt: row.revokedAt ?? at });
      return true;
    },
    spend: async (hash, bytes, maximum) => {
      const row = rows.get(hash);
      if (!row || (maximum !== undefined && row.signedBytes + bytes > maximum)) return false;
      rows.set(hash, { ...row, signedBytes: row.signedBytes + bytes });
      return true;
    },
  };
}
