/**
 * Wires `clean-pixels`: instances of the vault whose pictures may hold text in, instances of the library out. It is
 * `deidentify` with the pictures cleaned on the way, in a function of its own as that takes memory and minutes.
 */
import { openCrosswalk } from '../../shared/aws/crosswalk.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { writeInParts } from '../../shared/aws/multipart.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { openSecret } from '../../shared/aws/secret.ts';
import { InstanceParsed } from '../../shared/contract/messages.ts';
import { openTextFinder } from '../../shared/pixels/text/find-text.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { type DeidentifyPorts, deidentifyInstance } from '../deidentify/deidentify-instance.ts';
import { openProfile } from '../deidentify/open-profile.ts';
import { readCleanPixelsConfig } from './config.ts';
import { cleanAndTreat } from './treat-pixels.ts';

const config = readCleanPixelsConfig();
const ledger = openLedger(config.ledgerTable);
const library = openObjectStore(config.libraryBucket);
const ports: DeidentifyPorts = {
  vault: openObjectStore(config.vaultBucket),
  library: { ...library, writeInParts: (key, options) => writeInParts(library.bucket, key, options) },
  profile: openProfile(openSecret(config.pseudonymSecretArn), config.deidentificationPolicy),
  // Lambda gives two processors at this memory; the networks are loaded with the first picture.
  treatPixels: cleanAndTreat(openTextFinder({ threads: 2 })),
  crosswalk: openCrosswalk(config.crosswalkTable),
  endDuplicate: (item, { modality, ...instance }, run) =>
    ledger.end([{ item, run, end: { state: 'duplicate', reason: 'same-bytes', instance, modality } }]),
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
