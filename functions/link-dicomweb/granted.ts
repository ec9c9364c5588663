/**
 * The library and the index as who holds a link may see them: the studies of the grant. What lies outside is told apart before
 * anything is read, so that a study that exists and one that does not cost the same and are answered by the same bytes.
 */
import type { IndexTable } from '../../shared/aws/index-table.ts';
import { STUDIES_PREFIX } from '../../shared/contract/names.ts';
import type { Library } from '../../shared/dicomweb/library.ts';
import { byPlace, type SearchPorts } from '../../shared/dicomweb/routes/search.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';

/** The objects below the studies; all others are not found. */
export function grantedLibrary(library: Library, studies: readonly string[]): Library {
  const folders = studies.map((study) => `${STUDIES_PREFIX}${study}/`);
  const check = ({ key }: { readonly key: string }) => {
    if (!folders.some((folder) => key.startsWith(folder))) throw new HttpRefusal(404, 'not-found');
  };
  return {
    read: async (at, range) => {
      check(at);
      return library.read(at, range);
    },
    stream: async (at, range) => {
      check(at);
      return library.stream(at, range);
    },
  };
}

/** The rows of the studies, read by their keys whatever is searched for; a search picks among them. */
export function grantedIndex(
  index: Pick<IndexTable, 'studies'>,
  studies: readonly string[],
): SearchPorts['index'] {
  const granted = () => index.studies([...studies]);
  return {
    studies: async (wanted) => {
      const known = studies.filter((study) => wanted.includes(study));
      return known.length === 0 ? [] : index.studies(known);
    },
    studiesOfPatient: granted,
    completeStudies: async function* () {
      yield* (await granted()).sort(byPlace);
    },
  };
}
