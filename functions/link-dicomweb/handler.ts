/** Wires `link-dicomweb`: who holds a link searches and reads its studies by the services of PS3.18, in answers that are streamed. */
import { openAudit } from '../../shared/aws/audit-log.ts';
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { answerer } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { streamingHandler } from '../../shared/runtime/streaming-handler.ts';
import { readLinkDicomwebConfig } from './config.ts';
import { crossOrigin } from './cross-origin.ts';
import { linkDicomwebRoutes } from './routes.ts';

const config = readLinkDicomwebConfig();
const log = createLogger('link-dicomweb');
const routes = linkDicomwebRoutes({
  index: openIndexTable(config.indexTable),
  library: openObjectStore(config.libraryBucket),
  audit: openAudit(config.auditBucket, 'link-dicomweb'),
  sessions: { ...openLinksTable(config.linksTable), now: () => new Date() },
});

export const handler = streamingHandler(crossOrigin(answerer(routes, log)), log);
