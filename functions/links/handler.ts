/** Wires `links`: staff make links, visitors open them and see a study. */
import { openAudit } from '../../shared/aws/audit-log.ts';
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { readLinksConfig } from './config.ts';
import { patientOf, priorsOf } from './find-priors.ts';
import { staffRoutes } from './staff-routes.ts';
import { visitorRoutes } from './visitor-routes.ts';

const config = readLinksConfig();
const audit = openAudit(config.auditBucket, 'links');
const links = openLinksTable(config.linksTable);
const index = openIndexTable(config.indexTable);
const library = openObjectStore(config.libraryBucket);
const now = () => new Date();
const DAY = 24 * 60 * 60;

const routes = [
  ...staffRoutes({
    links,
    audit,
    patientOf: (study) => patientOf(study, index),
    now,
    defaultSeconds: config.linkDefaultDays * DAY,
    maximumSeconds: config.linkMaximumDays * DAY,
  }),
  ...visitorRoutes({
    links,
    audit,
    now,
    priorsOf: (study) => priorsOf(study, index),
    read: (key) => library.read({ key }),
    readBeginning: (key, length) => library.read({ key }, { start: 0, length }),
  }),
];

export const handler = httpHandler(routes, createLogger('links'), config);
