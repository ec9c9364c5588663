/** Wires `render`: who holds a link sees single frames large. */
import { openAudit } from '../../shared/aws/audit-log.ts';
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { readRenderConfig } from './config.ts';
import { renderRoutes } from './routes.ts';

const config = readRenderConfig();

export const handler = httpHandler(
  renderRoutes({
    sessions: { ...openLinksTable(config.linksTable), now: () => new Date() },
    audit: openAudit(config.auditBucket, 'render'),
    library: openObjectStore(config.libraryBucket),
  }),
  createLogger('render'),
);
