/** Wires `dicomweb`: staff search and read studies by the services of PS3.18. */
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { openUrlSigner } from '../../shared/aws/presign.ts';
import { openFunctionUrlSigner } from '../../shared/aws/presign-function-url.ts';
import { putPieces } from '../../shared/aws/put-pieces.ts';
import { STAFF_ROOT } from '../../shared/dicomweb/routes/reading.ts';
import { httpHandler, needing } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { readDicomwebConfig } from './config.ts';
import { dicomwebRoutes } from './routes.ts';

const config = readDicomwebConfig();
const signStream = openFunctionUrlSigner(config.dicomwebStreamUrl);
const library = openObjectStore(config.libraryBucket);
const routes = dicomwebRoutes(STAFF_ROOT, {
  index: openIndexTable(config.indexTable),
  library,
  signGet: openUrlSigner(config.libraryBucket).get,
  keep: async (key, pieces, contentType) => {
    // Its name says what it is made of: what stands there is the same.
    if (await library.head({ key })) return;
    await putPieces(library, key, pieces, { contentType });
  },
  signStream: (method, path, query) => signStream(method, `${STAFF_ROOT}${path}`, query),
});

export const handler = httpHandler(needing('read', routes), createLogger('dicomweb'), config);
