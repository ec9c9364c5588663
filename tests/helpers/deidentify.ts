/** `deidentify` over buckets in memory, behind its queue step. */

import type { CrosswalkEntry } from '../../shared/aws/crosswalk.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { type InstanceDeidentified, InstanceParsed } from '../../shared/contract/messages.ts';
import {
  keyedPseudonyms,
  POLICIES,
  type Policy,
  profileOf,
  treatPixelBytes,
} from '../../shared/deid/index.ts';
import { type DeidentifyPorts, deidentifyInstance } from '../../shared/release/deidentify-instance.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { lambdaContext, sqsEvent } from './lambda.ts';
import { memoryLedger } from './memory-ledger.ts';
import { memoryStore } from './memory-store.ts';
import { recorder } from './recorder.ts';

export const pseudonyms = keyedPseudonyms(Buffer.alloc(32, 7));

export function deidentifyOver(options: { ports?: Partial<DeidentifyPorts> } = {}) {
  const vault = memoryStore('vault');
  const library = memoryStore('library', [vault]);
  const ledger = memoryLedger();
  const record = recorder<InstanceDeidentified | InstanceParsed>();
  const crosswalk: CrosswalkEntry[] = [];
  /** What was written, in order. */
  const order: string[] = [];
  const profile = profileOf(POLICIES.get('share') as Policy, { pseudonyms });
  const ports: DeidentifyPorts = {
    vault,
    library: {
      ...library,
      put: (key, ...rest) => {
        order.push('library');
        return library.put(key, ...rest);
      },
    },
    profile: async () => profile,
    treatPixels: ({ part10, ranges }, chosen) => treatPixelBytes(part10, ranges, chosen),
    crosswalk: async (entry) => {
      order.push('crosswalk');
      crosswalk.push(entry);
    },
    endDuplicate: (item, { modality, ...instance }, run) =>
      ledger.end([{ item, run, end: { state: 'duplicate', reason: 'same-bytes', instance, modality } }]),
    ...options.ports,
  };
  const handler = queueStep({
    schema: oneMessage(InstanceParsed),
    itemOf: ({ item }) => item,
    run: (message, context) => deidentifyInstance(message, ports, context),
    ...record.ports,
    quarantine: ledgerQuarantine(ledger),
  });
  const upload = newOpaqueId();
  let last = 0;
  return {
    vault,
    library,
    ledger,
    record,
    crosswalk,
    order,
    /** A message for these bytes, as `parse` would send it. */
    async arrive(bytes: Uint8Array): Promise<InstanceParsed> {
      const key = `uploads/${upload}/Doe^Jane-${last++}.dcm`;
      const written = await vault.put(key, bytes);
      const versionId = written.written ? written.versionId : '';
      return {
        item: { upload, item: newOpaqueId() },
        object: { bucket: 'vault', key, versionId },
        size: bytes.length,
      };
    },
    handle: (...messages: readonly InstanceParsed[]) => handler(sqsEvent(messages), lambdaContext),
  };
}
