/** The routes of uploads over fakes, as staff and as holders of tokens call them. */
import { uploadRoutes } from '../../functions/uploads/routes.ts';
import { tokenRoutes } from '../../functions/uploads/token-routes.ts';
import type { ClientParts } from '../../shared/aws/client-parts.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { caller } from './http.ts';
import { memoryIndex } from './memory-index.ts';
import { memoryLedger } from './memory-ledger.ts';
import { memoryTokens } from './memory-tokens.ts';

/** Bytes that an address is asked for. */
export const CHECKED = { size: 3, crc64nvme: 'AAAAAAAAAAA=' };

export function uploadsApi() {
  const ledger = memoryLedger();
  const index = memoryIndex();
  const tokens = memoryTokens();
  /** What was asked of S3, by name and key. */
  const asked: string[] = [];
  const clock = { now: new Date('2026-01-01T00:00:00.000Z') };
  const parts: ClientParts = {
    begin: async (key) => {
      asked.push(`begin ${key}`);
      return 'id';
    },
    standing: async (_key, id) => (id === 'id' ? [{ part: 1, ...CHECKED }] : undefined),
    finish: async (key, id) => {
      asked.push(`finish ${key}`);
      return id === 'id' ? 'finished' : id === 'damaged' ? 'damaged' : 'unknown';
    },
    abandon: async (key) => void asked.push(`abandon ${key}`),
    stands: async (key) => key.endsWith('there'),
  };
  const ports = {
    ledger,
    parts,
    tokens,
    studies: index.studies,
    signer: {
      put: async (key: string, { crc64nvme }: { crc64nvme: string }) => ({
        url: `https://vault/${key}?signed`,
        headers: { 'if-none-match': '*', 'x-amz-checksum-crc64nvme': crc64nvme },
      }),
      putPart: async (key: string, id: string, part: number) => ({
        url: `https://vault/${key}?${id}.${part}`,
        headers: {},
      }),
    },
    newUpload: newOpaqueId,
    vault: {
      list: async function* () {},
      stream: async () => {
        throw new Error('nothing is listed');
      },
    },
    now: () => clock.now,
  };
  return {
    ledger,
    index,
    tokens,
    asked,
    clock,
    ports,
    ...caller([...tokenRoutes(ports), ...uploadRoutes(ports)]),
  };
}
