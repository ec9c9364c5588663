/** What staff read, in answers that Lambda can buffer. */
import { readingRoutes } from '../../shared/dicomweb/routes/reading.ts';
import type { SearchPorts } from '../../shared/dicomweb/routes/search.ts';
import type { Route } from '../../shared/runtime/http-handler.ts';
import { bufferedRoute, type HandingOver } from './buffered-answer.ts';

/** The routes below the root. */
export function dicomwebRoutes(root: string, ports: SearchPorts & HandingOver): Route[] {
  return readingRoutes(root, ports).map((route) => bufferedRoute(root, route, ports));
}
