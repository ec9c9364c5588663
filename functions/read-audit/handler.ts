/** Wires `read-audit`: staff who share read what was done with a link. */
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { readAudit } from '../../shared/aws/read-audit.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { readReadAuditConfig } from './config.ts';
import { readAuditRoutes } from './routes.ts';

const config = readReadAuditConfig();
const events = openObjectStore(config.auditBucket);

export const handler = httpHandler(
  readAuditRoutes({
    links: openLinksTable(config.linksTable),
    read: (scope, most) => readAudit(config.auditBucket, scope, events, most),
  }),
  createLogger('read-audit'),
  config,
);
