/** Wires `show-grant`: the one function that may ask who a patient is, and that takes nothing but a cookie. */
import { openAudit } from '../../shared/aws/audit-log.ts';
import { openIdentities } from '../../shared/aws/crosswalk.ts';
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { readShowGrantConfig } from './config.ts';
import { showGrantRoutes } from './routes.ts';

const config = readShowGrantConfig();

export const handler = httpHandler(
  showGrantRoutes({
    sessions: { ...openLinksTable(config.linksTable), now: () => new Date() },
    audit: openAudit(config.auditBucket, 'show-grant'),
    index: openIndexTable(config.indexTable),
    identityOf: openIdentities(config.crosswalkTable),
  }),
  createLogger('show-grant'),
);
