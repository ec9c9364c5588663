/** Wires `download-study`: a function URL whose answer is streamed. */
import { openAudit } from '../../shared/aws/audit-log.ts';
import { isMissingUpload } from '../../shared/aws/errors.ts';
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { resumeInParts, writeInParts } from '../../shared/aws/multipart.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { openUrlSigner } from '../../shared/aws/presign.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { metadataLines } from '../../shared/dicomweb/metadata-lines.ts';
import type { MediaReader } from '../../shared/media/media-bytes.ts';
import { openStudyMedia } from '../../shared/media/open-study-media.ts';
import { answerer } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { streamingHandler } from '../../shared/runtime/streaming-handler.ts';
import { readDownloadStudyConfig } from './config.ts';
import { DOWNLOAD_HEADERS, type DownloadPorts, downloadRoutes } from './routes.ts';

const config = readDownloadStudyConfig();
const links = openLinksTable(config.linksTable);
const library = openObjectStore(config.libraryBucket);
const signer = openUrlSigner(config.libraryBucket);
const send = openQueue(config.packQueueUrl);
const log = createLogger('download-study');
const reader: MediaReader = {
  read: async (key, range) => (await library.read({ key }, range)).bytes,
  stream: (key, range) => library.stream({ key }, range),
};
const ports: DownloadPorts = {
  sessions: { ...links, now: () => new Date() },
  library: reader,
  media: (study) => openStudyMedia(study, reader, metadataLines),
  preparation: {
    exists: async (key) => (await library.head({ key })) !== undefined,
    find: async (key) => ((await library.head({ key })) ? library.read({ key }) : undefined),
    put: library.put,
    begin: (key) => writeInParts(library.bucket, key, { contentType: DOWNLOAD_HEADERS['content-type'] }),
    resume: (key, id) =>
      resumeInParts(library.bucket, key, id).catch((error: unknown) => {
        if (isMissingUpload(error)) return undefined;
        throw error;
      }),
    send: async (messages) => {
      const refused = (await send(messages)).find(({ status }) => status === 'rejected');
      if (refused?.status === 'rejected') throw refused.reason;
    },
    now: () => new Date(),
  },
  sign: (key) =>
    signer.get(key, {
      contentType: DOWNLOAD_HEADERS['content-type'],
      contentDisposition: DOWNLOAD_HEADERS['content-disposition'],
    }),
  audit: openAudit(config.auditBucket, 'download-study'),
  streamedBytes: config.streamedBytes,
};

export const handler = streamingHandler(answerer(downloadRoutes(ports), log), log);
