/** Wires `pack-study`: parts of an archive in, nothing out; who waits for the archive asks for it. */
import { isMissingUpload } from '../../shared/aws/errors.ts';
import { resumeInParts } from '../../shared/aws/multipart.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { ArchiveParts } from '../../shared/contract/messages.ts';
import { metadataLines } from '../../shared/dicomweb/metadata-lines.ts';
import type { MediaReader } from '../../shared/media/media-bytes.ts';
import { openStudyMedia } from '../../shared/media/open-study-media.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { oneMessage } from '../../shared/runtime/message-body.ts';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { queueStep } from '../../shared/runtime/queue-step.ts';
import { readPackStudyConfig } from './config.ts';
import { type PackPorts, packParts } from './pack-parts.ts';

const config = readPackStudyConfig();
const library = openObjectStore(config.libraryBucket);
const reader: MediaReader = {
  read: async (key, range) => (await library.read({ key }, range)).bytes,
  stream: (key, range) => library.stream({ key }, range),
};
const ports: PackPorts = {
  library: reader,
  media: (study) => openStudyMedia(study, reader, metadataLines),
  resume: (key, id) =>
    resumeInParts(library.bucket, key, id).catch((error: unknown) => {
      if (isMissingUpload(error)) return undefined;
      throw error;
    }),
};

export const handler = queueStep({
  schema: oneMessage(ArchiveParts),
  // A study is no item: what goes wrong with it is a fault of ours.
  itemOf: () => undefined,
  run: (message) => packParts(message, ports),
  publish: async () => [],
  quarantine: async () => [],
  log: createLogger('pack-study'),
  metrics: createMetrics('pack-study'),
});
