/** Wires `unpack`: archives in, objects of the vault out; the vault itself announces them. */
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { ArchiveFound } from '../../shared/contract/messages.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { readUnpackConfig } from './config.ts';
import { unpackArchive } from './unpack-archive.ts';
import { vaultPorts } from './vault-ports.ts';

const config = readUnpackConfig();
const ledger = openLedger(config.ledgerTable);
const ports = vaultPorts(openObjectStore(config.vaultBucket), ledger);

export const handler = queueStep({
  schema: oneMessage(ArchiveFound),
  itemOf: ({ item }) => item,
  run: (message, context) => unpackArchive(message, ports, context),
  // The parts of a large archive come back to this very queue.
  publish: openQueue(config.unpackQueueUrl),
  quarantine: ledgerQuarantine(ledger),
  log: createLogger('unpack'),
  metrics: createMetrics('unpack'),
});
