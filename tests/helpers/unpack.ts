/** `unpack` over buckets in memory, behind its queue step. */
import type { UnpackPorts } from '../../functions/unpack/ports.ts';
import { unpackArchive } from '../../functions/unpack/unpack-archive.ts';
import { vaultPorts } from '../../functions/unpack/vault-ports.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { ArchiveFound } from '../../shared/contract/messages.ts';
import { METADATA } from '../../shared/contract/names.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { lambdaContext, sqsEvent } from './lambda.ts';
import { memoryLedger } from './memory-ledger.ts';
import { memoryStore } from './memory-store.ts';
import { recorder } from './recorder.ts';

/** All the time that a call may have. */
const context = { ...lambdaContext, getRemainingTimeInMillis: () => 900_000 };

export function unpackOver(
  archive: Uint8Array,
  options: {
    depth?: number;
    key?: string;
    /** @default 'zip' */
    format?: ArchiveFound['format'];
    limits?: UnpackPorts['limits'];
    sliceLimits?: UnpackPorts['sliceLimits'];
  } = {},
) {
  const vault = memoryStore('vault');
  const ledger = memoryLedger();
  const record = recorder<ArchiveFound>();
  const item = { upload: newOpaqueId(), item: newOpaqueId() };
  const key = options.key ?? `uploads/${item.upload}/study.zip`;
  const ports = {
    ...vaultPorts(vault, ledger),
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.sliceLimits ? { sliceLimits: options.sliceLimits } : {}),
  };
  const handler = queueStep({
    schema: oneMessage(ArchiveFound),
    itemOf: (message) => message.item,
    run: (message, context) => unpackArchive(message, ports, context),
    ...record.ports,
    quarantine: ledgerQuarantine(ledger),
  });
  return {
    vault,
    ledger,
    record,
    item,
    async unpack(attempt = 1) {
      const written = await vault.put(key, archive, { onlyIf: 'absent' });
      const versionId = written.written ? written.versionId : (await vault.head({ key }))!.versionId;
      const message = {
        item,
        object: { bucket: 'vault', key, versionId },
        size: archive.length,
        format: options.format ?? 'zip',
        depth: options.depth ?? 0,
      };
      vault.requests.length = 0;
      return handler(sqsEvent([message], attempt), context);
    },
    /** Delivers the messages that unpack sent to itself until there are no more, the last one first; returns how many. */
    async unpackParts() {
      let delivered = 0;
      for (let message = record.sent.pop(); message !== undefined; message = record.sent.pop()) {
        const { batchItemFailures } = await handler(sqsEvent([message]), context);
        if (batchItemFailures.length > 0) throw new Error('a part failed');
        delivered++;
      }
      return delivered;
    },
    /** What was written, by the path beside it. */
    entries: () =>
      [...vault.objects]
        .filter(([name]) => name.startsWith('extracted/'))
        .map(
          ([
            name,
            {
              bytes,
              options: { metadata = {} },
            },
          ]) => ({
            key: name,
            path: Buffer.from(metadata[METADATA.path] ?? '', 'base64url').toString('utf8'),
            bytes,
            metadata,
          }),
        ),
  };
}
