/** What `dicomweb` reads of the library, at the same paths, in answers that come in pieces. */
import { begun, type DicomwebAnswer } from '../../shared/dicomweb/answer.ts';
import type { Library } from '../../shared/dicomweb/library.ts';
import { libraryRoutes, STAFF_ROOT } from '../../shared/dicomweb/routes/reading.ts';
import { needing, type Route } from '../../shared/runtime/http-handler.ts';

/** The routes, for who may read. */
export function streamRoutes(library: Library): Route<DicomwebAnswer>[] {
  const routes = libraryRoutes(STAFF_ROOT, library).map((route) => ({
    ...route,
    path: `${STAFF_ROOT}${route.path}`,
    answer: async (request: Parameters<typeof route.answer>[0]) =>
      begun(request, await route.answer(request)),
  }));
  return needing('read', routes);
}
