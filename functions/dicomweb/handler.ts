/** Wires `dicomweb`: staff search and read studies by the services of PS3.18. */
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { openUrlSigner } from '../../shared/aws/presign.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { readDicomwebConfig } from './config.ts';
import { dicomwebRoutes } from './routes.ts';

const config = readDicomwebConfig();
const library = openObjectStore(config.libraryBucket);
const routes = dicomwebRoutes({
  completeStudies: openIndexTable(config.indexTable).completeStudies,
  read: (key) => library.read({ key }),
  signGet: openUrlSigner(config.libraryBucket).get,
});

export const handler = httpHandler(routes, createLogger('dicomweb'));
