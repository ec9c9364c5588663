/**
 * Wires `stream-dicomweb`: what `dicomweb` reads, streamed, for answers that are too long to be buffered. Its address takes
 * signatures alone; `dicomweb` signs one for each such request, for minutes, once it has judged who asks.
 */
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { answerer, needing } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { streamingHandler } from '../../shared/runtime/streaming-handler.ts';
import { begun } from '../dicomweb/answer.ts';
import { libraryRoutes, STAFF_ROOT } from '../dicomweb/routes.ts';
import { readStreamDicomwebConfig } from './config.ts';

const config = readStreamDicomwebConfig();
const log = createLogger('stream-dicomweb');
const routes = libraryRoutes(STAFF_ROOT, openObjectStore(config.libraryBucket)).map((route) => ({
  ...route,
  path: `${STAFF_ROOT}${route.path}`,
  answer: async (request: Parameters<typeof route.answer>[0]) => begun(request, await route.answer(request)),
}));
// Its one caller is `dicomweb`, by its signature.

export const handler = streamingHandler(answerer(needing('read', routes), log), log);
