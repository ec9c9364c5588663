/** Wires `thumbnail`: instances of the library in, instances with previews out. */
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { ledgerQuarantine } from '../../shared/aws/quarantine.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { InstanceDeidentified } from '../../shared/contract/messages.ts';
import { createLogger, describeError } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createCounter, createMetrics } from '../../shared/runtime/metrics.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { readThumbnailConfig } from './config.ts';
import { openInstance } from './open-instance.ts';
import { renderThumbnail, type ThumbnailPorts } from './render-thumbnail.ts';

const config = readThumbnailConfig();
const library = openObjectStore(config.libraryBucket);
const log = createLogger('thumbnail');
const countUnrendered = createCounter('thumbnail', 'unrendered');
const ports: ThumbnailPorts = {
  open: (message) => openInstance(message, library),
  put: library.put,
  unrendered: ({ item }, error) => {
    log.error('a preview could not be rendered', { ...item, ...describeError(error) });
    countUnrendered(1);
  },
};

export const handler = queueStep({
  schema: oneMessage(InstanceDeidentified),
  itemOf: ({ item }) => item,
  run: (message, context) => renderThumbnail(message, ports, context),
  // One renders while the others wait for S3; each holds a whole frame.
  width: 3,
  publish: openQueue(config.indexQueueUrl),
  quarantine: ledgerQuarantine(openLedger(config.ledgerTable)),
  log,
  metrics: createMetrics('thumbnail'),
});
