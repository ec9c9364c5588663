/**
 * Wires `clean-pixels`: instances of the vault whose pictures may hold text in, instances of the library out. It is
 * `deidentify` with the pictures cleaned on the way, in a function of its own as that takes memory and minutes.
 */
import { openLedger } from '../../shared/aws/ledger.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { InstanceParsed } from '../../shared/contract/messages.ts';
import { openTextFinder } from '../../shared/pixels/text/find-text.ts';
import { type DeidentifyPorts, deidentifyInstance } from '../../shared/release/deidentify-instance.ts';
import { openPorts } from '../../shared/release/open-ports.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { readCleanPixelsConfig } from './config.ts';
import { cleanAndTreat } from './treat-pixels.ts';

const config = readCleanPixelsConfig();
const ledger = openLedger(config.ledgerTable);
const ports: DeidentifyPorts = {
  ...openPorts(config, ledger),
  // Lambda gives two processors at this memory; the networks are loaded with the first picture.
  treatPixels: cleanAndTreat(openTextFinder({ threads: 2 })),
};

export const handler = queueStep({
  schema: oneMessage(InstanceParsed),
  itemOf: ({ item }) => item,
  run: (message, context) => deidentifyInstance(message, ports, context),
  publish: openQueue(config.thumbnailQueueUrl),
  quarantine: ledgerQuarantine(ledger),
  log: createLogger('clean-pixels'),
  metrics: createMetrics('clean-pixels'),
});
