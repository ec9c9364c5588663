/** Wires `deidentify`: instances of the vault in; instances of the library out, or on to `clean-pixels` as they are. */
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { type InstanceDeidentified, InstanceParsed } from '../../shared/contract/messages.ts';
import { type DeidentifyPorts, deidentifyInstance } from '../../shared/release/deidentify-instance.ts';
import { openPorts } from '../../shared/release/open-ports.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { routeMessages } from '../../shared/runtime/route-messages.ts';
import { readDeidentifyConfig } from './config.ts';
import { directoryKeeper } from './keep-directory.ts';
import { treatBytesOrPassOn } from './treat-pixels.ts';

const config = readDeidentifyConfig();
const ledger = openLedger(config.ledgerTable);
const ports: DeidentifyPorts = {
  ...openPorts(config, ledger),
  treatPixels: treatBytesOrPassOn,
  keepDirectory: directoryKeeper(openObjectStore(config.vaultBucket)),
};

export const handler = queueStep({
  schema: oneMessage(InstanceParsed),
  itemOf: ({ item }) => item,
  run: (message, context) => deidentifyInstance(message, ports, context),
  // Each holds at most some tens of megabytes, and waits for S3 longer than it computes.
  width: 4,
  publish: routeMessages(
    (message: InstanceDeidentified | InstanceParsed) => 'instance' in message,
    openQueue(config.thumbnailQueueUrl),
    openQueue(config.cleanPixelsQueueUrl),
  ),
  quarantine: ledgerQuarantine(ledger),
  log: createLogger('deidentify'),
  metrics: createMetrics('deidentify'),
});
