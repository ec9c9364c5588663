/** Wires `complete-study`: changed studies in; metadata, sprites, summary, contact sheet and an event out. */
import { openEventBus } from '../../shared/aws/event-bus.ts';
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { putPieces } from '../../shared/aws/put-pieces.ts';
import { StudyChanged } from '../../shared/contract/messages.ts';
import { composeContactSheet } from '../../shared/pixels/contact-sheet.ts';
import { composeSprite, spriteLayout } from '../../shared/pixels/sprite.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { type CompletePorts, completeStudy } from './complete-study.ts';
import { readCompleteStudyConfig } from './config.ts';

const config = readCompleteStudyConfig();
const library = openObjectStore(config.libraryBucket);
const ports: CompletePorts = {
  index: openIndexTable(config.indexTable),
  head: (key) => library.head({ key }),
  put: library.put,
  putPieces: (key, pieces, options) => putPieces(library, key, pieces, options),
  readPreview: async (key) => (await library.read({ key })).bytes,
  composeContactSheet: (previews) => composeContactSheet(previews.map((bytes) => ({ bytes }))),
  composeSprite,
  layout: spriteLayout,
  announce: openEventBus(config.eventBusName),
  now: () => new Date(),
};

export const handler = queueStep({
  schema: oneMessage(StudyChanged),
  // A study is no item: what goes wrong with it is a fault of ours.
  itemOf: () => undefined,
  run: (message, context) => completeStudy(message, ports, context),
  publish: async () => [],
  quarantine: async () => [],
  log: createLogger('complete-study'),
  metrics: createMetrics('complete-study'),
});
