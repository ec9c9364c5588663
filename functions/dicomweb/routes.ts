/**
 * The services of PS3.18 that read: a list of routes below a root. Who may ask is judged before them, so that they can be
 * mounted below another root and another authorisation as they are.
 */
import type { Route } from '../../shared/runtime/http-handler.ts';
import type { DicomwebAnswer } from './answer.ts';
import { bufferedRoute, type HandingOver } from './buffered-answer.ts';
import type { Library } from './library.ts';
import { metadataRoutes } from './metadata-routes.ts';
import { renderedRoutes } from './rendered-routes.ts';
import { retrieveRoutes } from './retrieve-routes.ts';
import { type SearchPorts, searchRoutes } from './search-routes.ts';

/** Where staff find them. */
export const STAFF_ROOT = '/dicomweb';

/** Everything that is read, in answers that Lambda can buffer. */
export function dicomwebRoutes(root: string, ports: SearchPorts & HandingOver): Route[] {
  return readingRoutes(root, ports).map((route) => bufferedRoute(root, route, ports));
}

/** Everything that is read; paths begin behind the root, which stands in the URLs of answers. */
export function readingRoutes(root: string, ports: SearchPorts): Route<DicomwebAnswer>[] {
  return [...searchRoutes(root, ports), ...libraryRoutes(root, ports.library)];
}

/** What may be too long for a buffered answer: all that is read from the library alone. */
export function libraryRoutes(root: string, library: Library): Route<DicomwebAnswer>[] {
  return [...metadataRoutes(root, library), ...retrieveRoutes(root, library), ...renderedRoutes(library)];
}
