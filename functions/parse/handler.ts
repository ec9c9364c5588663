/** Wires `parse`: notifications of the vault in, archives and instances out. */
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createdObjects } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { queueBatchStep } from '../../shared/runtime/queue-step.ts';
import { routeMessages } from '../../shared/runtime/route-messages.ts';
import { readParseConfig } from './config.ts';
import { itemOfObject, type Parsed, parseObjects } from './parse-objects.ts';
import { objectReader } from './read-first.ts';

const config = readParseConfig();
const ledger = openLedger(config.ledgerTable);
const ports = {
  ...objectReader(openObjectStore(config.vaultBucket)),
  arrive: ledger.arrive,
};

export const handler = queueBatchStep({
  schema: createdObjects,
  itemOf: itemOfObject,
  runBatch: (objects) => parseObjects(objects, ports),
  publish: routeMessages(
    (message: Parsed) => 'format' in message,
    openQueue(config.unpackQueueUrl),
    openQueue(config.deidentifyQueueUrl),
  ),
  quarantine: ledgerQuarantine(ledger),
  log: createLogger('parse'),
  metrics: createMetrics('parse'),
});
