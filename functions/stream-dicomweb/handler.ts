/**
 * Wires `stream-dicomweb`: what `dicomweb` reads, streamed, for answers that are too long to be buffered. Its address takes
 * signatures alone; `dicomweb` signs one for each such request, for minutes, once it has judged who asks.
 */
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { answerer } from '../../shared/runtime/http-handler.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { streamingHandler } from '../../shared/runtime/streaming-handler.ts';
import { readStreamDicomwebConfig } from './config.ts';
import { streamRoutes } from './routes.ts';

const config = readStreamDicomwebConfig();
const log = createLogger('stream-dicomweb');
const routes = streamRoutes(openObjectStore(config.libraryBucket));

export const handler = streamingHandler(answerer(routes, log), log);
