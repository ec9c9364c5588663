/**
 * The services of PS3.18 that read: a list of routes below a root. Who may ask is judged before them, so that staff, who holds a
 * link and who streams long answers mount the same ones, each below a root and an authorisation of its own.
 */
import type { Route } from '../../runtime/http-handler.ts';
import type { DicomwebAnswer } from '../answer.ts';
import type { Library } from '../library.ts';
import { metadataRoutes } from './metadata.ts';
import { renderedRoutes } from './rendered.ts';
import { retrieveRoutes } from './retrieve.ts';
import { type SearchPorts, searchRoutes } from './search.ts';
import { videoRoutes } from './video.ts';

/** Where staff find them. */
export const STAFF_ROOT = '/dicomweb';

/** Everything that is read; paths begin behind the root, which stands in the URLs of answers. */
export function readingRoutes(root: string, ports: SearchPorts): Route<DicomwebAnswer>[] {
  return [...searchRoutes(root, ports), ...libraryRoutes(root, ports.library)];
}

/** What may be too long for a buffered answer: all that is read from the library alone. */
export function libraryRoutes(root: string, library: Library): Route<DicomwebAnswer>[] {
  return [
    ...videoRoutes(library),
    ...metadataRoutes(root, library),
    ...retrieveRoutes(root, library),
    ...renderedRoutes(library),
  ];
}
