/** Wires `index-instance`: previewed instances in, changed studies out, once they have had time to be quiet. */
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { objectSource, openObjectStore } from '../../shared/aws/object-store.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { InstancePreviewed } from '../../shared/contract/messages.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { queueBatchStep } from '../../shared/runtime/queue-step.ts';
import { readIndexInstanceConfig } from './config.ts';
import { type IndexPorts, indexInstances } from './index-instances.ts';

const config = readIndexInstanceConfig();
const ledger = openLedger(config.ledgerTable);
const library = openObjectStore(config.libraryBucket);
const ports: IndexPorts = {
  source: (object, size) => objectSource(library, object, size),
  index: openIndexTable(config.indexTable),
  end: ledger.end,
  newToken: newOpaqueId,
};

export const handler = queueBatchStep({
  schema: oneMessage(InstancePreviewed),
  itemOf: ({ item }) => item,
  runBatch: (messages, context) => indexInstances(messages, ports, context),
  publish: openQueue(config.studyQueueUrl, { delaySeconds: config.quietSeconds }),
  quarantine: ledgerQuarantine(ledger),
  log: createLogger('index-instance'),
  metrics: createMetrics('index-instance'),
});
